#!/usr/bin/env python3
"""Writes tests/data/sound.ref: what torchaudio says of a sound, for tests/demo/sound_test.cpp.

Needs Debian's python3-torchaudio. Usage: tests/oracle/sound.py > tests/data/sound.ref

`mfcc` follows MLPerf Tiny's keyword spotting (TensorFlow's functions): a periodic Hann window of 480 samples, magnitudes of a
transform of 512, 40 triangles along the mel scale from 20 to 4000 Hz, which are Kaldi's, ln(x + 1e-6), a cosine transform.
`log_mel` follows its anomaly detection (librosa's function): windows of 1024, powers, 128 triangles along Hz of unit area.
"""
import math

import torch
import torchaudio


def sound():
    """A sawtooth and noise, 16,000 samples: whole numbers, so that they are the same everywhere."""
    state, samples = 1, []
    for i in range(16000):
        state = (state * 1103515245 + 12345) % 2**31
        samples.append((4 * (i * 220 % 16000 - 8000) + (state >> 8) % 16001 - 8000) / 65536)
    return torch.tensor(samples, dtype=torch.float64)


def spectrum(x, window, step, transform):
    frames = x.unfold(0, window, step) * torch.hann_window(window, periodic=True, dtype=torch.float64)
    return torch.fft.rfft(frames, transform).abs()


def write(name, table):
    print(name, *table.shape)
    for row in table:
        print(" ".join(f"{v:.6f}" for v in row.tolist()))


x = sound()

mel, _ = torchaudio.compliance.kaldi.get_mel_banks(40, 512, 16000.0, 20.0, 4000.0, 100.0, -500.0, 1.0)
log_mel = torch.log(spectrum(x, 480, 320, 512)[:, :256] @ mel.double().T + 1e-6)
cosines = torchaudio.functional.create_dct(10, 40, norm="ortho").double()
cosines[:, 0] *= math.sqrt(2)  # TensorFlow has the same factor for all coefficients
write("mfcc", log_mel @ cosines)

mel = torchaudio.functional.melscale_fbanks(513, 0.0, 8000.0, 128, 16000, norm="slaney", mel_scale="slaney").double()
write("log_mel", torch.log(spectrum(x, 1024, 512, 1024)[:8] ** 2 @ mel + 2.2e-16))
