// fit: trains a model on a data set, epoch after epoch.
#pragma once

#include <lamina/data/over.hpp>
#include <lamina/error.hpp>
#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit_options.hpp>
#include <lamina/train/keeper.hpp>
#include <lamina/train/last_good.hpp>
#include <lamina/train/progress.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// Samples 0 to n - 1 in the order of an epoch, which depends on nothing but seed and epoch.
inline void shuffle(std::vector<std::uint32_t>& order, seed start, int epoch) {
    Random of_epochs{start};
    std::uint64_t own = of_epochs.next();
    for (int e = 0; e < epoch; ++e)
        own = of_epochs.next();
    fill_shuffled(order, Random{seed{own}});
}

/// Throws `std::invalid_argument` unless the run that has come to `place` is this one.
inline void check_same_run(const Place& place, const Place& own, double own_rate) {
    const auto text = [](auto number) {
        if constexpr (std::is_integral_v<decltype(number)>)
            return std::to_string(number);
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.17g", static_cast<double>(number));
        return std::string{digits};
    };
    const auto compare = [&](const char* what, auto expected, auto found) {
        if (!is_equal(expected, found))
            raise(std::invalid_argument{std::string{"fit: the run to go on with had "} + what + ' ' +
                                        text(expected) + ", found " + text(found)});
    };
    compare("samples", place.samples, own.samples);
    compare("batch", place.batch, own.batch);
    compare("seed", place.seed, own.seed);
    compare("l2", place.l2, own.l2);
    compare("clip_norm", place.clip_norm, own.clip_norm);
    const std::int64_t steps = (own.samples + own.batch - 1) / own.batch;
    if (place.epoch < 0 || place.sample < 0 || place.sample >= own.samples || place.sample % own.batch != 0 ||
        place.epoch > (std::numeric_limits<int>::max)() ||
        place.iteration != place.epoch * steps + place.sample / own.batch)
        raise<std::invalid_argument>("fit: the run to go on with stopped at a place that is none: epoch ",
                                     place.epoch, ", sample ", place.sample, ", iteration ", place.iteration);
    if (place.iteration == 0)
        return;
    if (place.epochs > 0 && place.epochs != own.epochs && !is_equal(place.rate, own_rate))
        raise<std::invalid_argument>(
            "fit: the run to go on with was to have ", place.epochs, " epochs, found ", own.epochs,
            ", with which the schedule gives other rates: of its last step ", own_rate, " instead of ",
            place.rate,
            ". Ask for as many epochs as before, or give the schedule the number of steps it had: ",
            place.epochs * steps);
    compare("learning rate of its last step", place.rate, own_rate);
}

[[nodiscard]] inline std::string epoch_line(const EpochReport& r) {
    const auto fixed = [](double number, int digits) {
        char text[330]; // the longest number has 309 digits before the point
        std::snprintf(text, sizeof text, "%.*f", digits, number);
        return std::string{text};
    };
    std::string line =
        "epoch " + std::to_string(r.epoch) + '/' + std::to_string(r.epochs) + "  loss " + fixed(r.loss, 4);
    if (r.validation.samples > 0)
        line += "  validation loss " + fixed(r.validation.loss, 4);
    if (is_finite(r.validation.accuracy))
        line += "  accuracy " + fixed(r.validation.accuracy, 4);
    return line + "  " + fixed(r.samples_per_second, 0) + " samples/s  " + clock_text(r.seconds) + '\n';
}

template <class Trainer, class Data>
void fit_checked(Trainer& trainer, const Data& data, const FitOptions<Data>& options) {
    using Model = typename Trainer::model_type;
    using T = typename Model::scalar;
    if (options.epochs < 0 || options.batch < 1)
        raise<std::invalid_argument>("fit: epochs must be at least 0 and batch at least 1, found epochs ",
                                     options.epochs, " and batch ", options.batch);
    require_l2<T>(options.l2);
    require_clip_norm(options.clip_norm);
    const Data* const validation = options.validation;
    Keeper* const checkpoints = options.checkpoints;
    const Function<void(const EpochReport&)>& on_epoch = options.on_epoch;
    const AnySchedule& schedule = options.schedule;
    if (checkpoints != nullptr && checkpoints->trainer() != &trainer)
        raise<std::invalid_argument>("fit: its checkpoints keep another trainer than the one it trains");
    check_data<Model>(data);
    if (validation != nullptr)
        check_data<Model>(*validation);
    const std::size_t batch = as_size(options.batch), size = as_size(data.size());
    if (size == 0 && options.epochs > 0)
        raise<data_error>("fit: at least one sample is needed, found none");

    Team<Model> team{options.threads};
    ProgressBar bar{stderr, options.progress && is_terminal(stderr),
                    static_cast<double>(size) * static_cast<double>(options.epochs)};
    std::vector<std::uint32_t> order(size);
    const auto count_from = [&](std::size_t first) { return size - first < batch ? size - first : batch; };
    int order_of = -1; // the epoch whose order `order` has, from 0
    const auto loss_of_batch = [&](std::size_t first) {
        const std::span<const std::uint32_t> indices{order.data() + first, count_from(first)};
        T loss;
        if constexpr (ChangesByEpoch<Data, Model>)
            loss = trainer.gradient(data::InEpoch<Data>{data, order_of + 1}, indices, options.l2, team);
        else
            loss = trainer.gradient(data, indices, options.l2, team);
        if (is_finite(loss) && is_finite(options.clip_norm))
            trainer.clip_gradients(options.clip_norm);
        return static_cast<double>(loss);
    };
    const std::int64_t steps = static_cast<std::int64_t>((size + batch - 1) / batch) * options.epochs;
    const auto rate_of = [&](std::int64_t iteration) {
        const double rate = schedule(trainer.optimizer.learning_rate, iteration, steps);
        require_step<T>(trainer.optimizer, rate);
        return rate;
    };
    Place place;
    place.samples = static_cast<std::int64_t>(size);
    place.batch = options.batch;
    place.seed = options.seed.value;
    place.l2 = options.l2;
    place.clip_norm = options.clip_norm;
    place.epochs = options.epochs;
    if (checkpoints != nullptr) {
        const Place kept = checkpoints->start([&](const Place& found) {
            double rate = 0;
            if (found.iteration > 0)
                rate = rate_of(found.iteration - 1);
            check_same_run(found, place, rate);
        });
        if (kept.samples > 0)
            place = kept;
        place.epochs = options.epochs; // more may be asked for
    }
    LastGood<Trainer> last_good{trainer};
    const auto put_in_order = [&](int epoch) {
        if (order_of != epoch)
            detail::shuffle(order, options.seed, epoch);
        order_of = epoch;
    };
    const auto stop = [&](int epoch, std::size_t step, double rate) {
        last_good.restore(
            [&](const auto& again) {
                put_in_order(again.epoch);
                return is_finite(loss_of_batch(again.first));
            },
            [&](const auto& again) { trainer.update(again.rate); });
        raise<training_error>("the loss or a parameter is no longer finite in epoch ", epoch, ", step ", step,
                              " (learning rate ", rate,
                              "); the model keeps its last good parameters. Try a smaller learning rate, and "
                              "check the inputs for values that are not finite");
    };
    const auto keep = [&](double seconds) {
        if (checkpoints == nullptr || !checkpoints->is_due(place))
            return;
        Place now = place;
        now.seconds += seconds;
        checkpoints->keep(now);
    };
    while (place.epoch < options.epochs) {
        const int epoch = static_cast<int>(place.epoch) + 1;
        put_in_order(epoch - 1);
        EpochReport report;
        report.epoch = epoch;
        report.epochs = options.epochs;
        const std::string label = "epoch " + std::to_string(epoch) + "/" + std::to_string(options.epochs);
        const Stopwatch watch;
        std::size_t first = static_cast<std::size_t>(place.sample), step = first / batch + 1;
        for (; first < size; first += batch, ++step) {
            const std::size_t count = count_from(first);
            const double rate = rate_of(place.iteration);
            const double loss = loss_of_batch(first);
            if (!is_finite(loss))
                stop(epoch, step, rate);
            keep(watch.seconds()); // now, because these parameters and their loss are known to be finite
            last_good.note({epoch - 1, first, rate});
            trainer.update(rate);
            place.loss_sum += loss * static_cast<double>(count);
            place.rate = rate;
            ++place.iteration;
            place.sample += options.batch;
            bar.show(label.c_str(),
                     static_cast<double>(size) * (epoch - 1) + static_cast<double>(first + count), loss);
        }
        report.learning_rate = place.rate;
        report.seconds = place.seconds + watch.seconds();
        report.loss = place.loss_sum / static_cast<double>(size);
        report.samples_per_second = static_cast<double>(size) / report.seconds;
        // No next step looks at what the very last one led to.
        const bool last = epoch == options.epochs;
        if (!all_finite(trainer.model().parameters().data(), Model::parameter_extent) ||
            (last && !is_finite(loss_of_batch((step - 2) * batch))))
            stop(epoch, step - 1, report.learning_rate);
        if (validation != nullptr)
            report.validation = evaluate(trainer.model(), *validation, trainer.loss, options.threads);
        place.epoch = epoch;
        place.sample = 0;
        place.loss_sum = place.seconds = 0;
        if (checkpoints != nullptr && report.validation.loss < place.best) {
            checkpoints->keep_best(place);
            place.best = report.validation.loss;
        }
        bar.clear();
        if (options.progress)
            std::fputs(detail::epoch_line(report).c_str(), stderr);
        if (on_epoch) {
            on_epoch(report);
            last_good.let_others_change_it();
        }
        if (last)
            keep(0);
    }
}

} // namespace detail

/// Trains the trainer's model on all of `data`, `epochs` times.
///
/// Throws `data_error` if the data do not fit the model or there are none; `std::invalid_argument` for
/// options, settings of the optimiser or a schedule's rate that make no sense; `training_error` when the loss
/// or a parameter is no longer finite, and when all weights of two or more layers are zero, as without a
/// seed, because nothing would be learnt. With `checkpoints`, also what they throw.
///
/// When the loss or a parameter is no longer finite, model and optimiser go back to the last step whose loss
/// and parameters were finite, so that training can go on with a smaller rate. Any other error leaves trainer
/// and model where the last step left them, or untouched if it is thrown before the first step.
template <class Trainer, class Data>
void fit(Trainer& trainer, const Data& data, const std::type_identity_t<FitOptions<Data>>& options = {}) {
    if constexpr (!requires { typename Trainer::model_type; })
        static_assert(sizeof(typename problem::trainer<Trainer>::is_not_one) > 0);
    else if constexpr (!Broken<Trainer>) {
        using Model = typename Trainer::model_type;
        using Loss = decltype(trainer.loss);
        require_data_of<Model, Loss, Data>();
        if constexpr (data_fit<Model, Loss, Data>)
            detail::fit_checked(trainer, data, options);
    }
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
