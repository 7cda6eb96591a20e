// FitOptions: the options of `fit`.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/math/random.hpp>
#include <lamina/problem/option_names.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/epoch_report.hpp>
#include <lamina/train/function.hpp>
#include <lamina/train/option.hpp>
#include <lamina/train/run_position.hpp>
#include <lamina/train/training_data.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Any `Schedule`, or none.
class AnySchedule {
  public:
    AnySchedule() = default;
    template <Schedule S>
    AnySchedule(S schedule) {
        if (!detail::is_empty(schedule))
            schedule_ = [of = std::move(schedule)](double rate, std::int64_t iteration, std::int64_t steps) {
                return rate_of_step(of, rate, iteration, steps);
            };
    }
    [[nodiscard]] double operator()(double rate, std::int64_t iteration, std::int64_t steps) const {
        if (schedule_)
            return schedule_(rate, iteration, steps);
        return rate;
    }

  private:
    Function<double(double, std::int64_t, std::int64_t)> schedule_;
};

/// A callable that takes an `EpochReport` and returns nothing or `stop_if`.
template <class F>
concept EpochFunction = std::is_void_v<std::invoke_result_t<F&, const EpochReport&>> ||
    std::is_same_v<std::invoke_result_t<F&, const EpochReport&>, stop_if>;

/// Any `EpochFunction`, or none.
class AnyEpochFunction {
  public:
    AnyEpochFunction() = default;
    AnyEpochFunction(std::nullptr_t) noexcept {}
    template <EpochFunction F>
    AnyEpochFunction(F f) {
        if (!detail::is_empty(f))
            function_ = [of = std::move(f)](const EpochReport& report) mutable {
                if constexpr (std::is_void_v<std::invoke_result_t<F&, const EpochReport&>>)
                    return of(report), stop_if{};
                else
                    return of(report);
            };
    }
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(function_); }
    [[nodiscard]] stop_if operator()(const EpochReport& report) const { return function_(report); }

  private:
    Function<stop_if(const EpochReport&)> function_;
};

namespace detail {

/// The types of options that only recordings have.
template <bool AreRecordings>
struct RecordingOptions {
    using steps = problem::misnamed<problem::burn_in>;
    using choice = problem::misnamed<problem::burn_in>;
};
template <>
struct RecordingOptions<true> {
    using steps = int;
    using choice = bool;
};

} // namespace detail

/// How to train. `{.epochs = 5, .batch = 64, .validation = &data.test}`
///
/// C++ requires the options in this order. The `misnamed` fields are not options: using one is an error that
/// names the right option.
template <class Data>
struct FitOptions {
    int epochs = 1;
    problem::misnamed<problem::epoch> epoch = {};
    int batch = 64; ///< samples a step; the last step of an epoch takes what is left
    problem::misnamed<problem::batch_size> batch_size = {};
    /// Of recordings: how many steps run without gradient before each window, or before each stretch; rounded
    /// up to whole windows.
    typename detail::RecordingOptions<is_recordings<Data>>::steps burn_in = {};
    /// Of recordings: `batch` stretches run side by side, and the state goes on from window to window. A
    /// window is then a sample in the order of its stretch, and checkpoints are written between epochs.
    typename detail::RecordingOptions<is_recordings<Data>>::choice carry_state = {};
    problem::misnamed<problem::lr> lr = {};
    problem::misnamed<problem::lr> learning_rate = {};
    lamina::seed seed = {0}; ///< of the order of the samples, which is new every epoch
    problem::misnamed<problem::shuffle> shuffle = {};
    int threads = 1; ///< of OpenMP, at most 1024; the result is the same, bit for bit, for any number of them
    /// Computes the rate of a step from the optimiser's rate, the number of steps before it and, optionally,
    /// of all steps.
    Option<AnySchedule, problem::schedule> schedule = {};
    double l2 = 0; ///< l2 times the sum of squares of all weights is added to the loss
    problem::misnamed<problem::weight_decay> weight_decay = {};
    /// The largest norm of a step's gradient, over all weights and biases: a larger gradient is scaled down
    /// to it, as by `torch.nn.utils.clip_grad_norm_`. The gradient of the penalty `l2` is included. Above 0;
    /// infinity (the default) clips nothing.
    double clip_norm = detail::infinity<double>();
    /// Evaluated after each epoch. A pointer: `&data.test`
    Option<const Data*, problem::training_on<Data>::template validation> validation = {};
    problem::misnamed<problem::validation_data> validation_data = {};
    problem::misnamed<problem::validation_split> validation_split = {};
    /// Ends the run after this many epochs without a better validation figure. However such a run ends, the
    /// model gets the parameters of its best epoch; the optimiser stays as the last step left it.
    Patience patience = {};
    problem::misnamed<problem::early_stopping> early_stopping = {};
    /// Called after each epoch; it may return `stop_if(condition)`.
    Option<AnyEpochFunction, problem::on_epoch> on_epoch = {};
    problem::misnamed<problem::callbacks> callbacks = {};
    /// Saves the run, and resumes one that was saved: see `Checkpoints`. `on_epoch` is then called for the
    /// epochs that end after that, and a second time for an epoch if the run was interrupted just after it.
    Option<RunSaver*, problem::checkpoints> checkpoints = {}; ///< a pointer, to those of this trainer
    bool progress = true; ///< a bar on a terminal, one line an epoch elsewhere, on standard error
    problem::misnamed<problem::verbose> verbose = {};
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
