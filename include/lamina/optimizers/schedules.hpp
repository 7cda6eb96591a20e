// Learning-rate schedules: functions of the iteration (steps taken so far, from 0), usable alone:
//     double rate = ln::StepDecay{}(0.05, 20'000);   // 0.005
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/optimizers/settings.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The learning rate as it is.
struct Constant {
    [[nodiscard]] constexpr double operator()(double learning_rate,
                                              std::int64_t /*iteration*/) const noexcept {
        return learning_rate;
    }
};

/// The rate is multiplied by `factor` after each milestone, of which there are at most two; 0 is none. Unless
/// told otherwise, the full rate up to and with iteration 10,000, a tenth up to 30,000, a hundredth from then
/// on. Throws `std::invalid_argument` unless `factor` is finite and at least 0.
struct StepDecay {
    std::array<std::int64_t, 2> milestones = {10'000, 30'000};
    double factor = 0.1;

    [[nodiscard]] constexpr double operator()(double learning_rate, std::int64_t iteration) const {
        require_setting(is_not_negative<double>(factor), "StepDecay: factor", "at least 0 and finite",
                        factor);
        for (const std::int64_t milestone : milestones)
            if (milestone > 0 && iteration > milestone) // {5'600} leaves the other at 0
                learning_rate *= factor;
        return learning_rate;
    }
};

/// Half a cosine from the full rate at iteration 0 to `lowest` at `iterations`, and `lowest` from then on:
///     lowest + (rate - lowest) (1 + cos(pi t / iterations)) / 2
/// Source: Loshchilov & Hutter, arXiv:1608.03983, without restarts. Throws `std::invalid_argument` unless
/// `iterations` is at least 1 (left out, it would be a rate of `lowest`, 0, from the first step on), and
/// `lowest` finite and at least 0.
struct Cosine {
    std::int64_t iterations = 0;
    double lowest = 0;

    [[nodiscard]] double operator()(double learning_rate, std::int64_t iteration) const {
        if (iterations < 1)
            raise<std::invalid_argument>("Cosine: iterations must be at least 1, found ", iterations);
        require_setting(is_not_negative<double>(lowest), "Cosine: lowest", "at least 0 and finite", lowest);
        if (iteration >= iterations)
            return lowest;
        constexpr double pi = 3.14159265358979323846;
        const double t = static_cast<double>(iteration) / static_cast<double>(iterations);
        return lowest + (learning_rate - lowest) * (1 + __builtin_cos(pi * t)) / 2;
    }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
