// Recordings to learn from, made up: a tune on plucked strings, and what an amplifier makes of it.
#pragma once

#include <lamina/core.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace amp {

namespace ln = lamina;

inline constexpr int sample_rate = 48000; // a second

/// A string: noise that runs round a delay line and is averaged a little each time.
/// Source: Karplus & Strong, "Digital Synthesis of Plucked-String and Drum Timbres", Computer Music Journal
/// 7(2), 1983.
class String {
  public:
    String(double hertz, double loudness, ln::Random& random)
        : line_(static_cast<std::size_t>(sample_rate / hertz - 0.5)) {
        for (double& sample : line_)
            sample = loudness * random.symmetric();
    }
    [[nodiscard]] double next() {
        double& sample = line_[at_];
        at_ = (at_ + 1) % line_.size();
        const double out = sample;
        sample = 0.998 * 0.5 * (sample + line_[at_]);
        return out;
    }

  private:
    std::vector<double> line_;
    std::size_t at_ = 0;
};

/// A tune: single notes and chords, loud and soft, with rests. The loudest sample is 0.8.
[[nodiscard]] inline std::vector<float> tune(ln::seed seed, double seconds) {
    ln::Random random{seed};
    constexpr double scale[] = {82.4, 98, 110, 123.5, 146.8, 164.8, 196, 220, 246.9, 293.7, 329.6, 392};
    std::vector<double> sound(static_cast<std::size_t>(seconds * sample_rate));
    for (std::size_t from = 0; from < sound.size();) {
        const std::size_t notes = random.below(4) == 0 ? 3 : 1,
                          rings = (4 + random.below(12)) * sample_rate / 8;
        const double loudness = 0.1 + 0.9 * static_cast<double>(random.below(100)) / 100;
        const std::size_t root = random.below(8);
        for (std::size_t note = 0; note < notes; ++note) {
            String string{scale[root + 2 * note], loudness, random};
            for (std::size_t t = from; t < std::min(from + rings, sound.size()); ++t)
                sound[t] += string.next();
        }
        from += (1 + random.below(4)) * sample_rate / 8;
    }
    double loudest = 0;
    for (const double sample : sound)
        loudest = std::max(loudest, std::abs(sample));
    std::vector<float> result(sound.size());
    std::transform(sound.begin(), sound.end(), result.begin(),
                   [&](double sample) { return static_cast<float>(0.8 / loudest * sample); });
    return result;
}

/// An amplifier, sample by sample: a high-pass at 120 Hz, a stage that saturates, whose gain sags for some 30
/// milliseconds after loud sound, and a low-pass at 4 kHz, the loudspeaker.
class Amplifier {
  public:
    [[nodiscard]] float operator()(float sample) {
        low_ += share(120) * (sample - low_);
        const double x = sample - low_;
        loudness_ += share(5) * (std::abs(x) - loudness_);
        const double gain = 12 / (1 + 4 * loudness_), bias = 0.2;
        const double saturated = std::tanh(gain * x + bias) - std::tanh(bias);
        for (double& stage : speaker_)
            stage += share(4000) * ((&stage == speaker_ ? saturated : speaker_[0]) - stage);
        return static_cast<float>(0.6 * speaker_[1]);
    }

  private:
    /// Of a filter of the first order with that corner.
    static double share(double hertz) { return 1 - std::exp(-2 * 3.141592653589793 * hertz / sample_rate); }

    double low_ = 0, loudness_ = 0, speaker_[2] = {};
};

} // namespace amp
