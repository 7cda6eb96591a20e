// FitOptions: how `fit` trains, and what it tells of each epoch.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/random.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/function.hpp>
#include <lamina/train/keeper.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI {

/// What `on_epoch` is told after each epoch.
struct EpochReport {
    int epoch = 0;            ///< from 1, as people count
    int epochs = 0;           ///< of how many
    double loss = 0;          ///< mean over the epoch's samples, each before the step it took part in
    double learning_rate = 0; ///< of the last step
    double seconds = 0;       ///< of training, validation not counted
    double samples_per_second = 0;
    Metrics validation; ///< empty (no samples) without validation data
};

/// A field of options: whatever a `Held` can be made of. Of all else, `Problem` says what the field takes,
/// where compilers would only say that there is no such `fit`.
template <class Held, template <class> class Problem>
class Option {
  public:
    Option() = default;
    template <class X>
    Option(const X& x) {
        if constexpr (std::is_convertible_v<const X&, Held>)
            held_ = x;
        else
            static_assert(sizeof(typename Problem<X>::is_not_one) > 0);
    }
    [[nodiscard]] operator const Held&() const noexcept { return held_; }

  private:
    Held held_{};
};

/// Any `Schedule`, or none.
class AnySchedule {
  public:
    AnySchedule() = default;
    template <Schedule S>
    AnySchedule(S schedule) {
        if constexpr (requires { schedule == nullptr; }) // a pointer, or a function object that may be empty
            if (schedule == nullptr)
                return;
        schedule_ = [of = std::move(schedule)](double learning_rate, std::int64_t iteration,
                                               std::int64_t steps) {
            return rate_of_step(of, learning_rate, iteration, steps);
        };
    }
    [[nodiscard]] double operator()(double learning_rate, std::int64_t iteration, std::int64_t steps) const {
        if (schedule_)
            return schedule_(learning_rate, iteration, steps);
        return learning_rate;
    }

  private:
    Function<double(double, std::int64_t, std::int64_t)> schedule_;
};

/// How to train. `{.epochs = 5, .batch = 64, .validation = &data.test}`
template <class Data>
struct FitOptions {
    int epochs = 1;
    int batch = 64;          ///< samples a step; the last step of an epoch takes what is left
    lamina::seed seed = {0}; ///< of the order of the samples, which is new every epoch
    int threads = 1; ///< of OpenMP, at most 1024; the result is the same, bit for bit, for any number of them
    /// The rate of a step, from the optimiser's, the number of steps before it and, if it likes, of all
    /// steps.
    Option<AnySchedule, problem::schedule> schedule = {};
    double l2 = 0; ///< l2 times the sum of squares of all weights is added to the loss
    /// The largest norm of a step's gradient: a longer one is scaled to it (`torch.nn.utils.clip_grad_norm_`,
    /// over all weights and biases). That of the penalty `l2` is part of it. Above 0; infinity clips nothing.
    double clip_norm = detail::infinity<double>();
    Option<const Data*, problem::validation> validation = {}; ///< a pointer: `&data.test`
    Option<Function<void(const EpochReport&)>, problem::on_epoch> on_epoch = {};
    /// Goes on with the run it has kept, and keeps this one: see `Checkpoints`. `on_epoch` then is told of
    /// the epochs that end from there on, of one a second time if the run was interrupted just after it.
    Option<Keeper*, problem::checkpoints> checkpoints = {}; ///< a pointer, to those of this trainer
    bool progress = true; ///< a bar on a terminal, one line an epoch elsewhere, on standard error
};

} // namespace lamina::inline LAMINA_ABI
