// fit: trains a model on a data set, epoch after epoch.
#pragma once

#include <lamina/data/over.hpp>
#include <lamina/error.hpp>
#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>
#include <lamina/train/cause.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/epoch_report.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit_options.hpp>
#include <lamina/train/frozen.hpp>
#include <lamina/train/last_good.hpp>
#include <lamina/train/progress.hpp>
#include <lamina/train/resume.hpp>
#include <lamina/train/run_position.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// Samples 0 to n - 1 in the order of an epoch, which depends only on seed and epoch.
inline void shuffle(std::vector<std::uint32_t>& order, seed start, int epoch) {
    Random of_epochs{start};
    std::uint64_t own = of_epochs.next();
    for (int e = 0; e < epoch; ++e)
        own = of_epochs.next();
    fill_shuffled(order, Random{seed{own}});
}

/// One call of `fit`, after its types were checked.
template <class Trainer, class Data>
class Run {
    using Model = typename Trainer::model_type;
    using T = typename Model::scalar;
    using Indices = std::span<const std::uint32_t>;

  public:
    Run(Trainer& trainer, const Data& data, const FitOptions<Data>& options)
        : trainer_{trainer}, data_{data}, options_{options}, size_{checked_size()}, team_{options.threads},
          bar_{stderr, options.progress && is_terminal(stderr),
               static_cast<double>(size_) * static_cast<double>(options.epochs)},
          order_(size_), position_{start()}, last_good_{trainer} {}

    FitReport train() {
        const bool had_ended =
            position_.ended != 0 || (position_.epoch > 0 && position_.epoch == options_.epochs);
        while (position_.ended == 0 && position_.epoch < options_.epochs)
            train_epoch();
        const FitReport report = end_of_run(position_, trainer_.model());
        print(end_line(report, options_.patience, had_ended));
        return report;
    }

  private:
    /// Checks options and data; returns the number of samples.
    [[nodiscard]] std::size_t checked_size() const {
        const std::size_t size = as_size(data_.size());
        if (options_.epochs < 0 || options_.batch < 1)
            raise<std::invalid_argument>("fit: epochs must be at least 0 and batch at least 1, found epochs ",
                                         options_.epochs, " and batch ", options_.batch);
        require_l2<T>(options_.l2);
        require_clip_norm(options_.clip_norm);
        if (checkpoints_ != nullptr && checkpoints_->trainer() != &trainer_)
            raise<std::invalid_argument>("fit: its checkpoints keep another trainer than the one it trains");
        check_data<Model>(data_);
        if (validation_ != nullptr)
            check_data<Model>(*validation_);
        require_patience(options_.patience, validation_ != nullptr ? as_size(validation_->size()) : 0,
                         classes_told<Model, Data, decltype(trainer_.loss)>);
        if (size == 0 && options_.epochs > 0)
            raise<data_error>("fit: at least one sample is needed, found none");
        return size;
    }

    /// The position where the run begins: that of its checkpoint, or the first sample.
    [[nodiscard]] RunPosition start() {
        RunPosition position;
        position.samples = static_cast<std::int64_t>(size_);
        position.batch = options_.batch;
        position.seed = options_.seed.value;
        position.l2 = options_.l2;
        position.clip_norm = options_.clip_norm;
        position.epochs = options_.epochs;
        if (checkpoints_ == nullptr)
            return position;
        position.frozen_at_start = frozen_text(trainer_.tensors());
        RunPosition kept = checkpoints_->restore([&](const RunPosition& found) {
            check_same_run(found, position);
            if (found.iteration > 0)
                check_same_rate(found, position, rate_of(found.iteration - 1));
            check_same_patience(found, options_.patience, std::size_t{Model::parameter_extent});
        });
        if (kept.samples == 0)
            return position;
        if (!stays_ended(kept, options_.patience, options_.epochs))
            kept.ended = 0;
        kept.epochs = options_.epochs; // more may be asked for
        if (options_.patience.epochs == 0)
            kept.best_parameters.clear();
        return kept;
    }

    void train_epoch() {
        const int epoch = static_cast<int>(position_.epoch) + 1;
        const bool last = epoch == options_.epochs;
        EpochReport report = take_steps(epoch);
        // The last step has no next one that would notice a loss that is not finite.
        if (!all_finite(trainer_.model().parameters().data(), Model::parameter_extent) ||
            (last && !is_finite(loss_of_batch(first_of_last_batch()))))
            stop(epoch, first_of_last_batch(), report.learning_rate);
        if (validation_ != nullptr)
            report.validation = evaluate(trainer_.model(), *validation_, trainer_.loss, options_.threads);
        position_.epoch = epoch;
        position_.sample = 0;
        position_.loss_sum = position_.seconds = 0;
        if (note_best(position_, report.validation, options_.patience, trainer_.model()) &&
            checkpoints_ != nullptr)
            checkpoints_->save_best(position_);
        bar_.clear();
        print(epoch_line(report));
        print(watch_.after(
            report, classes_of<std::remove_cvref_t<decltype(trainer_.loss)>>(Model::output_shape::size)));
        if (report.validation.samples > 0 && !is_finite(report.validation.loss) &&
            !std::exchange(told_of_validation_, true)) {
            Cause text;
            describe_validation<Model>(text, *validation_);
            print(text);
        }
        if (is_told_to_stop(report)) {
            if (!last && !is_finite(loss_of_batch(first_of_last_batch())))
                stop(epoch, first_of_last_batch(), report.learning_rate);
            position_.ended = static_cast<std::int64_t>(Ended::on_epoch);
        } else if (is_over(options_.patience, position_)) {
            position_.ended = static_cast<std::int64_t>(Ended::patience);
        }
        if (last || position_.ended != 0)
            save_if_due(0);
    }

    /// Executes the remaining steps of an epoch.
    [[nodiscard]] EpochReport take_steps(int epoch) {
        put_in_order(epoch - 1);
        const std::string label = "epoch " + std::to_string(epoch) + "/" + std::to_string(options_.epochs);
        const Stopwatch watch;
        for (auto first = static_cast<std::size_t>(position_.sample); first < size_; first += batch_) {
            const std::size_t count = count_from(first);
            const double rate = rate_of(position_.iteration);
            const double loss = loss_of_batch(first);
            if (!is_finite(loss))
                stop(epoch, first, rate);
            save_if_due(watch.seconds()); // now, because parameters and loss are known to be finite
            last_good_.note({epoch - 1, first, rate});
            trainer_.update(rate);
            position_.loss_sum += loss * static_cast<double>(count);
            position_.rate = rate;
            ++position_.iteration;
            position_.sample += options_.batch;
            bar_.show(label.c_str(),
                      static_cast<double>(size_) * (epoch - 1) + static_cast<double>(first + count), loss);
        }
        EpochReport report;
        report.epoch = epoch;
        report.epochs = options_.epochs;
        report.learning_rate = position_.rate;
        report.seconds = position_.seconds + watch.seconds();
        report.loss = position_.loss_sum / static_cast<double>(size_);
        report.samples_per_second = static_cast<double>(size_) / report.seconds;
        return report;
    }

    [[nodiscard]] bool is_told_to_stop(const EpochReport& report) {
        const AnyEpochFunction& on_epoch = options_.on_epoch;
        if (!on_epoch)
            return false;
        last_good_.let_others_change_it();
        return on_epoch(report).condition;
    }

    /// Restores the last good step, and throws.
    [[noreturn]] void stop(int epoch, std::size_t first, double rate) {
        put_in_order(epoch - 1);
        const Indices batch = indices_of_batch(first);
        const auto found = as_in_epoch(epoch, [&](const auto& data) { return examine<Model>(data, batch); });
        last_good_.restore(
            [&](const auto& again) {
                put_in_order(again.epoch);
                return is_finite(loss_of_batch(again.first));
            },
            [&](const auto& again) { trainer_.update(again.rate); });
        Cause text;
        describe_step(text, epoch, first / batch_ + 1, rate, found, data_);
        raise(training_error{text});
    }

    void save_if_due(double seconds) {
        if (checkpoints_ == nullptr || !checkpoints_->is_due(position_))
            return;
        const double before = position_.seconds;
        position_.seconds += seconds;
        checkpoints_->save_run(position_);
        position_.seconds = before;
    }
    void put_in_order(int epoch) {
        if (order_of_ != epoch)
            shuffle(order_, options_.seed, epoch);
        order_of_ = epoch;
    }
    [[nodiscard]] std::size_t first_of_last_batch() const noexcept { return (size_ - 1) / batch_ * batch_; }
    [[nodiscard]] std::size_t count_from(std::size_t first) const noexcept {
        return size_ - first < batch_ ? size_ - first : batch_;
    }
    [[nodiscard]] Indices indices_of_batch(std::size_t first) const noexcept {
        return {order_.data() + first, count_from(first)};
    }
    /// Calls f with the data as they are in an epoch, from 1.
    auto as_in_epoch(int epoch, auto f) const {
        if constexpr (ChangesByEpoch<Data, Model>)
            return f(data::InEpoch<Data>{data_, epoch});
        else
            return f(data_);
    }
    [[nodiscard]] double loss_of_batch(std::size_t first) {
        const T loss = as_in_epoch(order_of_ + 1, [&](const auto& data) {
            return trainer_.loss_and_gradient(data, indices_of_batch(first), options_.l2, team_);
        });
        if (is_finite(loss) && is_finite(options_.clip_norm))
            trainer_.clip_gradients(options_.clip_norm);
        return static_cast<double>(loss);
    }
    [[nodiscard]] double rate_of(std::int64_t iteration) const {
        const AnySchedule& schedule = options_.schedule;
        const auto steps = static_cast<std::int64_t>((size_ + batch_ - 1) / batch_) * options_.epochs;
        const double rate = schedule(trainer_.optimizer.learning_rate, iteration, steps);
        require_step<T>(trainer_.optimizer, rate);
        return rate;
    }
    void print(const std::string& line) const {
        if (options_.progress)
            std::fputs(line.c_str(), stderr);
    }

    Trainer& trainer_;
    const Data& data_;
    const FitOptions<Data>& options_;
    const Data* validation_ = options_.validation;
    RunSaver* checkpoints_ = options_.checkpoints;
    std::size_t batch_ = static_cast<std::size_t>(options_.batch), size_;
    Team<Model> team_;
    ProgressBar bar_;
    std::vector<std::uint32_t> order_;
    int order_of_ = -1; // the epoch whose order it has, from 0
    RunPosition position_;
    LastGood<Trainer> last_good_;
    LossWatch watch_;
    bool told_of_validation_ = false;
};

} // namespace detail

/// Trains the trainer's model on all of `data` for `epochs` epochs, or until it is stopped early, and returns
/// how the run ended.
///
/// Throws `data_error` if the data do not fit the model or have no samples; `std::invalid_argument` for
/// options, settings of the optimiser or rates of the schedule that are not allowed; `training_error` if the
/// loss or a parameter is no longer finite, or if all weights of two or more layers are zero, as without a
/// seed, because nothing would be learnt; and what `checkpoints` throw.
///
/// If the loss or a parameter is no longer finite, model and optimiser return to the last step whose loss and
/// parameters were finite, so that training can continue with a smaller rate. After any other error, trainer
/// and model are as the last step left them, or unchanged before the first step.
template <class Trainer, class Data>
FitReport fit(Trainer& trainer, const Data& data,
              const std::type_identity_t<FitOptions<Data>>& options = {}) {
    if constexpr (!requires { typename Trainer::model_type; })
        static_assert(sizeof(typename problem::trainer<Trainer>::is_not_one) > 0);
    else if constexpr (!Broken<Trainer>) {
        using Model = typename Trainer::model_type;
        using Loss = decltype(trainer.loss);
        require_data_of<Model, Loss, Data>();
        if constexpr (data_fit<Model, Loss, Data>)
            return detail::Run<Trainer, Data>{trainer, data, options}.train();
    }
    return {};
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
