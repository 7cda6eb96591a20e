// What the network hears of a second of sound.
#pragma once

#include "network.hpp"

#include "../sound/mel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

inline constexpr int sample_rate = 16000; // samples a second
inline constexpr std::size_t second = sample_rate;

/// Ten MFCCs of each of 49 frames, as in MLPerf Tiny, but for two things. The loudest sample counts as 1, so
/// that the distance from the microphone does not matter. 0.01 is added before the logarithm, not 1e-6, so
/// that digital silence is like a quiet room, not far from all else that the network hears.
[[nodiscard]] inline Model::Input features(std::span<const float, second> samples) {
    thread_local sound::LogMel log_mel{{.least = 0.01F}};
    static const sound::Cepstrum cepstrum{40, 10};
    float peak = 0;
    for (const float sample : samples)
        peak = std::max(peak, std::abs(sample));
    thread_local std::vector<float> scaled(second);
    std::transform(samples.begin(), samples.end(), scaled.begin(),
                   [factor = peak > 0 ? 1 / peak : 0](float sample) { return sample * factor; });
    Model::Input x;
    std::array<float, 40> bands;
    for (int t = 0; t < 49; ++t) {
        log_mel.frame(scaled, t, bands);
        cepstrum(bands, std::span{x.begin() + t * 10, 10});
    }
    return x;
}
