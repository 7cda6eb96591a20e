// Early stopping: how a run of `fit` may end before its last epoch, and what `fit` returns.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/option_names.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/run_position.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// `on_epoch` may return this, to end the run after this epoch if the condition is true:
///
///     .on_epoch = [](const ln::EpochReport& r) { return ln::stop_if(r.validation.accuracy > 0.9); }
struct stop_if {
    bool condition = false;

    constexpr stop_if() = default;
    constexpr explicit stop_if(bool condition_) noexcept : condition{condition_} {}
};

/// The validation figure by which epochs are compared.
enum class Metric { loss, accuracy };

/// The number of epochs that `fit` waits for a better validation figure: `.patience = 5` for the loss,
/// `.patience = {5, ln::Metric::accuracy}` for the accuracy. 0 means no early stopping.
struct Patience {
    int epochs;
    Metric metric;

    constexpr Patience(int epochs_ = 0, Metric metric_ = Metric::loss) noexcept
        : epochs{epochs_}, metric{metric_} {}
    template <class Fraction>
        requires std::is_floating_point_v<Fraction>
    constexpr Patience(Fraction, Metric = Metric::loss) noexcept : Patience{} {
        static_assert(sizeof(typename problem::patience<Fraction>::is_not_a_number_of_epochs) > 0);
    }
};

/// The reason why a run of `fit` ended.
enum class Ended {
    all_epochs, ///< its epochs are over
    patience,   ///< there were `.patience` epochs without a better validation figure
    on_epoch    ///< `on_epoch` returned `stop_if(true)`
};

/// The result of `fit`.
struct FitReport {
    int epochs = 0; ///< completed epochs, including those before a run was resumed
    Ended ended = Ended::all_epochs;
    int best_epoch = 0; ///< epoch with the best validation figure, from 1; 0 without validation data
    double best = detail::not_a_number<double>(); ///< that figure: the smallest loss, or the largest accuracy
};

namespace detail {

/// Throws `std::invalid_argument` unless this patience is allowed. `samples` is the number of validation
/// samples, `classes` that of their classes, or 0 if they have no labels.
inline void require_patience(Patience patience, std::size_t samples, int classes) {
    if (patience.epochs < 0)
        raise<std::invalid_argument>("fit: patience must be at least 0 epochs, found ", patience.epochs);
    if (patience.epochs > 0 && samples == 0)
        raise<std::invalid_argument>(
            "fit: patience compares epochs on validation data: expected .validation, found no samples");
    if (patience.metric == Metric::accuracy && samples > 0 && classes == 0)
        raise<std::invalid_argument>("fit: patience on the accuracy expects validation data with labels, "
                                     "found none: leave Metric::accuracy out to go by the loss");
}

/// Throws `std::invalid_argument` unless a run can be resumed at `position` with this patience.
inline void check_same_patience(const RunPosition& position, Patience patience, std::size_t extent) {
    const auto metric = static_cast<std::int64_t>(patience.metric);
    if (position.best_epoch < 0 || position.best_epoch > position.epoch ||
        (!position.best_parameters.empty() && position.best_parameters.size() != extent))
        raise<std::invalid_argument>(
            "fit: the run to resume has an impossible best epoch: ", position.best_epoch, " of ",
            position.epoch, ", with ", position.best_parameters.size(), " parameters");
    if (!is_finite(position.best))
        return; // no figure yet
    if (position.metric != metric && patience.metric == Metric::accuracy)
        raise<std::invalid_argument>(
            "fit: the run to resume went by the loss of the validation data, "
            "found patience on their accuracy: leave the metric out, or start anew with "
            ".resume = false");
    if (position.metric != metric)
        raise<std::invalid_argument>(
            "fit: the run to resume had patience on the accuracy of the "
            "validation data, found none, or patience on their loss: give it the metric, "
            "or start anew with .resume = false");
    if (patience.epochs > 0 && position.best_parameters.empty())
        raise<std::invalid_argument>(
            "fit: the run to resume had no patience, so the parameters of its best "
            "epoch are lost: leave patience out, or start anew with .resume = false");
}

/// Whether the best epoch is so long ago that the run ends.
[[nodiscard]] inline bool is_over(Patience patience, const RunPosition& position) noexcept {
    return patience.epochs > 0 && position.epoch - position.best_epoch >= patience.epochs;
}

/// Whether a run that ended early remains ended. With more patience or more epochs it is resumed.
[[nodiscard]] inline bool stays_ended(const RunPosition& position, Patience patience,
                                      std::int64_t epochs) noexcept {
    return (position.ended == static_cast<std::int64_t>(Ended::patience) && is_over(patience, position)) ||
           (position.ended == static_cast<std::int64_t>(Ended::on_epoch) && epochs <= position.epochs);
}

/// Called at the end of an epoch. If its validation figure is the best so far, notes it in `position`, with
/// the parameters if there is patience, and returns true.
template <class Model>
[[nodiscard]] bool note_best(RunPosition& position, const Metrics& validation, Patience patience,
                             const Model& model) {
    double figure = validation.loss;
    if (patience.metric == Metric::accuracy)
        figure = negated(validation.accuracy);
    if (!(figure < position.best))
        return false;
    position.best = figure;
    position.best_epoch = position.epoch;
    position.metric = static_cast<std::int64_t>(patience.metric);
    if (patience.epochs > 0) {
        position.best_parameters.resize(model.numbers().size());
        for (std::size_t i = 0; i < position.best_parameters.size(); ++i)
            position.best_parameters[i] = static_cast<double>(model.numbers()[i]);
    }
    return true;
}

/// Restores the parameters of the best epoch, if there are any, and returns how the run ended.
template <class Model>
[[nodiscard]] FitReport end_of_run(const RunPosition& position, Model& model) noexcept {
    for (std::size_t i = 0; i < position.best_parameters.size(); ++i)
        model.numbers()[i] = static_cast<typename Model::scalar>(position.best_parameters[i]);
    FitReport report;
    report.epochs = static_cast<int>(position.epoch);
    report.ended = static_cast<Ended>(position.ended);
    report.best_epoch = static_cast<int>(position.best_epoch);
    if (is_finite(position.best)) {
        report.best = position.best;
        if (position.metric != static_cast<std::int64_t>(Metric::loss))
            report.best = negated(position.best);
    }
    return report;
}

} // namespace detail

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
