// Learning-rate schedules: functions of the optimiser's rate, of the iteration (steps taken so far, from 0)
// and, if they need it, of the number of all steps. Each is usable alone:
//     double rate = ln::StepDecay{}(0.05, 20'000);   // 0.005
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/error.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/optimizers/settings.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Schedule that keeps the learning rate as it is.
///
///     rate(t) = rate
///
/// It is what `fit` does without a schedule.
///
/// Errors: none.
///
/// PyTorch: an optimiser without a scheduler. (`ConstantLR` is something else.)
///
/// Example:
///
///     static_assert(ln::Constant{}(0.05, 20'000) == 0.05); // rate, iteration
struct Constant {
    [[nodiscard]] constexpr double operator()(double learning_rate,
                                              std::int64_t /*iteration*/) const noexcept {
        return learning_rate;
    }
};

/// Schedule that multiplies the learning rate by a factor after each milestone.
///
///     rate(t) = rate * factor^(number of milestones below t)
///
/// t counts the steps taken before, from 0. By default the rate is full up to and including t = 10,000, a
/// tenth up to 30,000, and a hundredth from then on.
///
/// Arguments:
/// - `milestones`, at most two numbers of steps; 0 stands for none.
/// - `factor`, at least 0 and finite.
///
/// Errors: a factor that is not allowed throws `std::invalid_argument`.
///
/// PyTorch: `torch.optim.lr_scheduler.MultiStepLR(milestones, gamma=factor)`, stepped after each batch, which
/// multiplies one step earlier, at t = milestone.
///
/// Example:
///
///     const double rate = ln::StepDecay{}(0.05, 20'000); // 0.005
///     const ln::StepDecay schedule{.milestones = {5'600, 7'000}};
///     const ln::FitOptions<ln::data::Images> options{.epochs = 9, .schedule = schedule};
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

/// Schedule that lowers the learning rate along half a cosine.
///
///     rate(t) = lowest + (rate - lowest) (1 + cos(pi t / iterations)) / 2        up to t = iterations
///     rate(t) = lowest                                                           from then on
///
/// t counts the steps taken before, from 0.
///
/// Arguments:
/// - `iterations`, the number of steps to the lowest rate, at least 1. If it is left out, `fit` fills in the
///   number of all steps of the run; a call without `fit` takes that number as its third argument.
/// - `lowest`, the last rate, at least 0 and finite.
///
/// Errors: an argument that is not allowed throws `std::invalid_argument`, and so does `Cosine{}` that is
/// called without a number of steps.
///
/// PyTorch: `torch.optim.lr_scheduler.CosineAnnealingLR(T_max=iterations, eta_min=lowest)`, stepped after
/// each batch, which rises again after `T_max`.
///
/// Source: Loshchilov & Hutter, arXiv:1608.03983, equation 5, without restarts.
///
/// Example:
///
///     const double half = ln::Cosine{.iterations = 1000}(0.05, 500); // 0.025
///     const ln::FitOptions<ln::data::Images> options{.epochs = 9, .schedule = ln::Cosine{}};
struct Cosine {
    std::int64_t iterations = 0;
    double lowest = 0;

    [[nodiscard]] double operator()(double learning_rate, std::int64_t iteration,
                                    std::int64_t steps = 0) const {
        const std::int64_t end = iterations != 0 ? iterations : steps;
        if (end < 1)
            raise<std::invalid_argument>("Cosine: iterations must be at least 1, found ", end);
        require_setting(is_not_negative<double>(lowest), "Cosine: lowest", "at least 0 and finite", lowest);
        if (iteration >= end)
            return lowest;
        constexpr double pi = 3.14159265358979323846;
        const double t = static_cast<double>(iteration) / static_cast<double>(end);
        return lowest + (learning_rate - lowest) * (1 + __builtin_cos(pi * t)) / 2;
    }
};

/// Schedule that raises the learning rate linearly at the beginning, and then follows another schedule.
///
///     rate(t) = rate (start_factor + (1 - start_factor) t / iterations)          for t < iterations
///     rate(t) = then(rate, t - iterations)                                       from then on
///
/// t counts the steps taken before, from 0. The other schedule counts them from the end of the warm-up, so
/// `Cosine{}` takes all steps that are left.
///
/// Arguments:
/// - `iterations`, the number of steps of the warm-up, at least 1. It must be given.
/// - `start_factor`, the share of the rate in the first step, from 0 to 1.
/// - `then`, the other schedule, of any type `Then`; `Constant` if it is left out.
///
/// Errors: an argument that is not allowed throws `std::invalid_argument`.
///
/// PyTorch: `torch.optim.lr_scheduler.SequentialLR` of `LinearLR(start_factor=start_factor,
/// total_iters=iterations)` and the other schedule with `milestones=[iterations]`, stepped after each batch.
///
/// Source: Goyal et al., arXiv:1706.02677, section 2.2.
///
/// Example:
///
///     const ln::Warmup schedule{.iterations = 500, .then = ln::Cosine{}};
///     const double rate = schedule(0.05, 250, 9 * 938); // a third, and half of the way from there to 0.05
///     const ln::FitOptions<ln::data::Images> options{.epochs = 9, .schedule = schedule};
template <class Then>
struct Warmup {
    std::int64_t iterations = 0;
    double start_factor = 1.0 / 3;
    Then then = {};

    [[nodiscard]] constexpr double operator()(double learning_rate, std::int64_t iteration,
                                              std::int64_t steps = 0) const requires Schedule<Then> {
        if (iterations < 1)
            raise<std::invalid_argument>("Warmup: iterations must be at least 1, found ", iterations);
        require_setting(start_factor >= 0 && start_factor <= 1, "Warmup: start_factor", "from 0 to 1",
                        start_factor);
        // Computed during the warm-up too, so that wrong arguments are found in the first step.
        const std::int64_t left = steps > iterations ? steps - iterations : (steps > 0 ? 1 : 0);
        const double after =
            rate_of_step(then, learning_rate, iteration > iterations ? iteration - iterations : 0, left);
        if (iteration >= iterations)
            return after;
        const double t = static_cast<double>(iteration) / static_cast<double>(iterations);
        return learning_rate * (start_factor + (1 - start_factor) * t);
    }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
