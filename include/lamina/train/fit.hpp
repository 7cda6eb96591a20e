// fit: trains a model on a data set, epoch after epoch.
#pragma once

#include <lamina/error.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/progress.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/trainer.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

namespace lamina {

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

/// How to train. `{.epochs = 5, .batch = 64, .validation = &data.test}`
template <class Data>
struct FitOptions {
    int epochs = 1;
    int batch = 64;          ///< samples a step; the last step of an epoch takes what is left
    lamina::seed seed = {0}; ///< of the order of the samples, which is new every epoch
    int threads = 1;         ///< of OpenMP; the result is the same, bit for bit, for any number of them
    /// The rate of a step, from the optimiser's and the number of steps before it.
    std::function<double(double learning_rate, std::int64_t iteration)> schedule = {};
    double l2 = 0; ///< l2 times the sum of squares of all weights is added to the loss
    const Data* validation = nullptr;
    std::function<void(const EpochReport&)> on_epoch = {};
    bool progress = true; ///< a bar on a terminal, one line an epoch elsewhere, on standard error
};

namespace detail {

/// Samples 0 to n - 1 in the order of an epoch, which depends on nothing but seed and epoch. (Fisher and
/// Yates.)
inline void shuffle(std::vector<std::uint32_t>& order, seed start, int epoch) {
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    Random of_epochs{start};
    std::uint64_t own = of_epochs.next();
    for (int e = 0; e < epoch; ++e)
        own = of_epochs.next();
    Random random{seed{own}};
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(i))]);
}

[[nodiscard]] inline std::string epoch_line(const EpochReport& r) {
    char line[200];
    int length = std::snprintf(line, sizeof line, "epoch %d/%d  loss %.4f", r.epoch, r.epochs, r.loss);
    const auto append = [&](const char* format, auto... values) {
        length +=
            std::snprintf(line + length, sizeof line - static_cast<std::size_t>(length), format, values...);
    };
    if (r.validation.samples > 0)
        append("  validation loss %.4f", r.validation.loss);
    if (std::isfinite(r.validation.accuracy))
        append("  accuracy %.4f", r.validation.accuracy);
    append("  %.0f samples/s  %s\n", r.samples_per_second, clock_text(r.seconds).c_str());
    return line;
}

} // namespace detail

/// Trains the trainer's model on all of `data`, `epochs` times.
///
/// Throws `data_error` if the data do not fit the model or there are none, `std::invalid_argument` for
/// options that make no sense, and `training_error` when the loss is no longer finite: the model then has the
/// parameters of the last step whose loss was. In all these cases but the last the model is untouched.
template <class Trainer, class Data>
void fit(Trainer& trainer, const Data& data, const std::type_identity_t<FitOptions<Data>>& options = {}) {
    using Model = typename Trainer::model_type;
    using T = typename Model::scalar;
    if (options.epochs < 0 || options.batch < 1)
        raise(std::invalid_argument{"fit: epochs must be at least 0 and batch at least 1, found epochs " +
                                    std::to_string(options.epochs) + " and batch " +
                                    std::to_string(options.batch)});
    const auto check = [](const Data& d) {
        if constexpr (requires {
                          d.template check<typename Model::input_shape, typename Model::output_shape>();
                      })
            d.template check<typename Model::input_shape, typename Model::output_shape>();
    };
    check(data);
    if (options.validation != nullptr)
        check(*options.validation);
    if (data.size() == 0 && options.epochs > 0)
        raise(data_error{"fit: at least one sample is needed, found none"});

    check_threads(options.threads);
    Team<Model> team{options.threads};
    const auto parameters = trainer.model().parameters();
    std::vector<T> last_good(parameters.begin(), parameters.end());
    const auto stop = [&](int epoch, std::size_t step, double rate) {
        std::copy(last_good.begin(), last_good.end(), parameters.begin());
        raise(training_error{
            "the loss is no longer finite in epoch " + std::to_string(epoch) + ", step " +
            std::to_string(step) + " (learning rate " + std::to_string(rate) +
            "); the model keeps its last good parameters. Try a smaller learning rate, and check the "
            "inputs for values that are not finite"});
    };

    const std::size_t batch = static_cast<std::size_t>(options.batch), size = data.size();
    ProgressBar bar{stderr, options.progress && is_terminal(stderr),
                    static_cast<double>(size) * static_cast<double>(options.epochs)};
    std::vector<std::uint32_t> order(size);
    const auto loss_of_batch = [&](std::size_t first) {
        return static_cast<double>(trainer.gradient(
            data, std::span<const std::uint32_t>{order}.subspan(first, std::min(size - first, batch)),
            options.l2, team));
    };
    std::int64_t iteration = 0;
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        detail::shuffle(order, options.seed, epoch - 1);
        EpochReport report;
        report.epoch = epoch;
        report.epochs = options.epochs;
        const std::string label = "epoch " + std::to_string(epoch) + "/" + std::to_string(options.epochs);
        const Stopwatch watch;
        double loss_sum = 0;
        std::size_t step = 1;
        for (std::size_t first = 0; first < size; first += batch, ++step, ++iteration) {
            const std::size_t count = std::min(size - first, batch);
            const double rate = options.schedule
                                    ? options.schedule(trainer.optimizer.learning_rate, iteration)
                                    : trainer.optimizer.learning_rate;
            const double loss = loss_of_batch(first);
            if (!std::isfinite(loss))
                stop(epoch, step, rate);
            std::copy(parameters.begin(), parameters.end(), last_good.begin());
            trainer.update(rate);
            loss_sum += loss * static_cast<double>(count);
            report.learning_rate = rate;
            bar.show(label.c_str(),
                     static_cast<double>(size) * (epoch - 1) + static_cast<double>(first + count), loss);
        }
        report.seconds = watch.seconds();
        report.loss = loss_sum / static_cast<double>(size);
        report.samples_per_second = static_cast<double>(size) / report.seconds;
        // No next step looks at what the very last one led to.
        const bool last = epoch == options.epochs;
        if (!all_finite(parameters.data(), Model::parameter_extent) ||
            (last && !std::isfinite(loss_of_batch((step - 2) * batch))))
            stop(epoch, step - 1, report.learning_rate);
        if (options.validation != nullptr)
            report.validation = evaluate(trainer.model(), *options.validation, trainer.loss, options.threads);
        bar.clear();
        if (options.progress)
            std::fputs(detail::epoch_line(report).c_str(), stderr);
        if (options.on_epoch)
            options.on_epoch(report);
    }
}

/// Of data that are not the model's: one error. Of a trainer or model that has a problem: nothing more.
template <class Trainer, class Data>
    requires(Broken<Trainer> || !TrainingData<Data, typename Trainer::model_type>)
void fit(Trainer&, const Data&, const std::type_identity_t<FitOptions<Data>>& = {}) {
    static_assert(Broken<Trainer> || TrainingData<Data, typename Trainer::model_type>,
                  "fit: inputs and targets of the data must be of the model's input and output shape");
}

} // namespace lamina
