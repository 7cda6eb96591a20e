// The sound of a machine, made up: harmonics of a shaft that turns, a gear, the mains' hum, noise. And of one
// with a fault.
#pragma once

#include <lamina/core.hpp>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace machine {

enum class State { normal, bearing, slip, rattle };
inline constexpr State faults[] = {State::bearing, State::slip, State::rattle};
inline constexpr const char* names[] = {"normal", "bearing", "slip", "rattle"};

inline constexpr int rate = 16000; // samples a second

/// Two seconds of a machine. Each recording, which `seed` and `number` name, has its own speed, load and
/// background; the faults are of all severities.
[[nodiscard]] inline std::vector<float> recording(State state, lamina::seed seed, int number) {
    using std::numbers::pi;
    lamina::Random random{seed, static_cast<int>(state), number};
    const auto between = [&](double low, double high) {
        return low + (high - low) * (random.symmetric() + 1) / 2;
    };
    std::vector<float> sound(2 * rate);
    const auto tone = [&](double hertz, double loudness) {
        const double phase = between(0, 2 * pi);
        for (std::size_t i = 0; i < sound.size(); ++i)
            sound[i] += static_cast<float>(loudness *
                                           std::sin(2 * pi * hertz / rate * static_cast<double>(i) + phase));
    };
    // A knock is a damped resonance that begins at a time.
    const auto knock = [&](double at, double hertz, double seconds, double loudness) {
        for (std::size_t i = static_cast<std::size_t>(at * rate); i < sound.size(); ++i) {
            const double t = static_cast<double>(i) / rate - at;
            if (t > 8 * seconds)
                break;
            sound[i] += static_cast<float>(loudness * std::exp(-t / seconds) * std::sin(2 * pi * hertz * t));
        }
    };

    const double turns = between(24, 26), load = between(0.7, 1.3); // of the shaft, a second
    const double driven = state == State::slip ? turns * between(0.9, 0.97) : turns;
    for (int k = 1; k <= 12; ++k)
        tone(k * turns, load * between(0.8, 1.2) * 0.1 / k);
    for (int k = 1; k <= 3; ++k) // a gear of 37 teeth, a little off centre
        for (int side = -1; side <= 1; ++side)
            tone((37 * k + side) * driven, load * between(0.8, 1.2) * (side == 0 ? 0.06 : 0.012) / k);
    for (int k = 1; k <= 3; ++k)
        tone(100 * k, 0.02 / k); // mains

    const double hiss = between(0.01, 0.02), rumble = between(0.02, 0.04);
    double low = 0;
    for (float& sample : sound) {
        low = 0.97 * low + random.symmetric();
        sample += static_cast<float>(hiss * random.symmetric() + rumble * 0.25 * low);
    }

    if (state == State::bearing) // a ball passes a flaw in the ring
        for (double at = between(0, 0.01), loudness = between(0.005, 0.05); at < 2;
             at += (1 + 0.02 * random.symmetric()) / (3.57 * turns))
            knock(at, 3200, 0.0015, loudness);
    if (state == State::rattle) // a cover hits its frame, now and then, several times
        for (double at = between(0, 0.2), loudness = between(0.005, 0.05); at < 2; at += between(0.1, 0.4))
            for (int hit = 0; hit < 4; ++hit)
                knock(at + hit * between(0.01, 0.02), between(900, 1500), 0.006, loudness);
    return sound;
}

} // namespace machine
