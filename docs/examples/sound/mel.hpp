// Log-mel spectrograms and MFCCs: what sounds look like to a network. The Fourier transform is KISS FFT's
// (Debian: libkissfft-dev, a header).
#pragma once

#include <kissfft/kissfft.hh>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <functional>
#include <numbers>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sound {

/// Pitch as people hear it. `htk`: 1127 ln(1 + f/700), as in TensorFlow and Kaldi. `slaney`: linear below 1
/// kHz, logarithmic above, as in librosa.
enum class Scale { htk, slaney };

/// What a spectrogram is made with. The defaults are those of MLPerf Tiny's keyword spotting: TensorFlow's.
struct MelSettings {
    int rate = 16000;                   // samples a second
    int window = 480;                   // samples of a frame, weighted by a Hann window
    int step = 320;                     // samples from one frame to the next
    int transform = 512;                // length of the Fourier transform, even: the window, then zeros
    int bands = 40;                     // triangles, equally wide on the mel scale
    double lowest = 20, highest = 4000; // Hz
    Scale scale = Scale::htk;
    bool power = false;  // sums squares of magnitudes instead of magnitudes
    float least = 1e-6F; // is added before the logarithm
};

/// The settings of MLPerf Tiny's anomaly detection: librosa's. A band has unit area.
inline constexpr MelSettings machine_settings{.window = 1024,
                                              .step = 512,
                                              .transform = 1024,
                                              .bands = 128,
                                              .lowest = 0,
                                              .highest = 8000,
                                              .scale = Scale::slaney,
                                              .power = true,
                                              .least = 2.2e-16F};

[[nodiscard]] inline double mel_of(double hertz, Scale scale) {
    if (scale == Scale::htk)
        return 1127 * std::log(1 + hertz / 700);
    return hertz < 1000 ? hertz * 3 / 200 : 15 + 27 * std::log(hertz / 1000) / std::log(6.4);
}
[[nodiscard]] inline double hertz_of(double mel, Scale scale) {
    if (scale == Scale::htk)
        return 700 * (std::exp(mel / 1127) - 1);
    return mel < 15 ? mel * 200 / 3 : 1000 * std::exp((mel - 15) * std::log(6.4) / 27);
}

/// The logarithms of the energies of a sound's bands, frame by frame.
class LogMel {
  public:
    explicit LogMel(const MelSettings& settings = {})
        : settings_{settings}, fourier_{size(settings.transform / 2), false}, window_(size(settings.window)),
          windowed_(size(settings.transform)), spectrum_(size(settings.transform / 2)) {
        if (settings.window > settings.transform || settings.transform % 2 != 0)
            throw std::invalid_argument{"mel: expected an even transform that holds the window, found " +
                                        std::to_string(settings.transform) + " and " +
                                        std::to_string(settings.window)};
        for (int i = 0; i < settings.window; ++i)
            window_[size(i)] =
                static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / settings.window));
        make_bands();
    }

    /// The number of whole frames that a sound has.
    [[nodiscard]] int frames(std::size_t samples) const {
        return samples < window_.size() ? 0 : 1 + static_cast<int>(samples - window_.size()) / settings_.step;
    }

    /// Writes frame `index` of a sound to `to`, a number a band.
    void frame(std::span<const float> sound, int index, std::span<float> to) {
        const auto samples = sound.subspan(size(index) * size(settings_.step), window_.size());
        std::transform(samples.begin(), samples.end(), window_.begin(), windowed_.begin(),
                       std::multiplies<>{});
        fourier_.transform_real(windowed_.data(), spectrum_.data());
        spectrum_[0].imag(0); // has the Nyquist frequency, where no band is
        for (std::size_t b = 0; b < bands_.size(); ++b) {
            float energy = settings_.least;
            for (std::size_t i = 0; i < bands_[b].weights.size(); ++i) {
                const auto bin = spectrum_[bands_[b].first + i];
                energy += bands_[b].weights[i] * (settings_.power ? std::norm(bin) : std::sqrt(std::norm(bin)));
            }
            to[b] = std::log(energy);
        }
    }

  private:
    struct Band {
        std::size_t first; // bin of the transform
        std::vector<float> weights;
    };
    [[nodiscard]] static std::size_t size(int n) { return static_cast<std::size_t>(n); }

    /// Triangles that reach from the centre of the band before to that of the next: along mel for `htk`,
    /// along Hz for `slaney`, as the libraries have them.
    void make_bands() {
        const Scale scale = settings_.scale;
        const double low = mel_of(settings_.lowest, scale), high = mel_of(settings_.highest, scale);
        const auto edge = [&](int i) {
            const double mel = low + (high - low) * i / (settings_.bands + 1);
            return scale == Scale::htk ? mel : hertz_of(mel, scale);
        };
        for (int b = 0; b < settings_.bands; ++b) {
            const double left = edge(b), centre = edge(b + 1), right = edge(b + 2);
            Band band{0, {}};
            for (int bin = 0; bin < settings_.transform / 2; ++bin) {
                const double hertz = static_cast<double>(settings_.rate) * bin / settings_.transform;
                const double x = scale == Scale::htk ? mel_of(hertz, scale) : hertz;
                const double weight = std::min((x - left) / (centre - left), (right - x) / (right - centre));
                if (weight <= 0)
                    continue;
                if (band.weights.empty())
                    band.first = size(bin);
                band.weights.push_back(
                    static_cast<float>(scale == Scale::htk ? weight : weight * 2 / (right - left)));
            }
            bands_.push_back(std::move(band));
        }
    }

    MelSettings settings_;
    kissfft<float> fourier_;
    std::vector<float> window_, windowed_;
    std::vector<std::complex<float>> spectrum_;
    std::vector<Band> bands_;
};

/// Mel-frequency cepstral coefficients, the first few of a frame's cosine transform:
///
///     c(k) = sqrt(2/N) sum over n of log_mel(n) cos(pi k (n + 1/2) / N)
///
/// as `tf.signal.mfccs_from_log_mel_spectrograms` has them.
class Cepstrum {
  public:
    Cepstrum(int bands, int coefficients) : bands_{static_cast<std::size_t>(bands)} {
        for (int k = 0; k < coefficients; ++k)
            for (int n = 0; n < bands; ++n)
                cosines_.push_back(static_cast<float>(std::sqrt(2.0 / bands) *
                                                      std::cos(std::numbers::pi * k * (n + 0.5) / bands)));
    }

    void operator()(std::span<const float> log_mel, std::span<float> to) const {
        for (std::size_t k = 0; k < to.size(); ++k)
            to[k] = std::inner_product(log_mel.begin(), log_mel.end(),
                                       cosines_.begin() + static_cast<std::ptrdiff_t>(k * bands_), 0.0F);
    }

  private:
    std::size_t bands_;
    std::vector<float> cosines_;
};

} // namespace sound
