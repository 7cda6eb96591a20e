// Run: one call of `fit`, after its types were checked.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/train/batches.hpp>
#include <lamina/train/cause.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/epoch_report.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit_options.hpp>
#include <lamina/train/last_good.hpp>
#include <lamina/train/progress.hpp>
#include <lamina/train/run_output.hpp>
#include <lamina/train/run_position.hpp>
#include <lamina/train/start_of_run.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

template <class Trainer, class Data>
class Run {
    using Model = typename Trainer::model_type;
    using T = typename Model::scalar;

  public:
    Run(Trainer& trainer, const Data& data, const FitOptions<Data>& options)
        : trainer_{trainer}, data_{data}, options_{options}, batches_{data,
                                                                      checked_samples(trainer, data, options),
                                                                      options.batch, options.seed},
          team_{options.threads}, output_{options.progress, samples_of(options.epochs)},
          position_{first_position(trainer, options, batches_.samples(),
                                   [this](std::int64_t iteration) { return rate_of(iteration); })},
          last_good_{trainer} {
        if constexpr (is_recordings<Data>)
            batches_.carry(options.burn_in, options.carry_state);
    }

    FitReport train() {
        const bool had_ended =
            position_.ended != 0 || (position_.epoch > 0 && position_.epoch == options_.epochs);
        while (position_.ended == 0 && position_.epoch < options_.epochs)
            train_epoch();
        const FitReport report = end_of_run(position_, trainer_.model());
        output_.end(report, options_.patience, had_ended);
        return report;
    }

  private:
    void train_epoch() {
        const int epoch = static_cast<int>(position_.epoch) + 1;
        EpochReport report = take_steps(epoch);
        if (!all_finite(trainer_.model().numbers().data(), extent_of(trainer_.model())))
            stop(batches_.last_of_epoch(), report.learning_rate);
        if (epoch == options_.epochs)
            require_finite_loss(report.learning_rate);
        if (validation_ != nullptr)
            report.validation = evaluate(trainer_.model(), *validation_, trainer_.loss, options_.threads);
        position_.epoch = epoch;
        position_.sample = 0;
        position_.loss_sum = position_.seconds = 0;
        if (note_best(position_, report.validation, options_.patience, trainer_.model()) &&
            checkpoints_ != nullptr)
            checkpoints_->save_best(position_);
        output_.epoch(report, trainer_.model(), validation_,
                      classes_of<std::remove_cvref_t<decltype(trainer_.loss)>>(outputs_of(trainer_.model())));
        end_if_due(report);
        if (epoch == options_.epochs || position_.ended != 0)
            save_if_due(0);
    }

    /// Executes the remaining steps of an epoch.
    [[nodiscard]] EpochReport take_steps(int epoch) {
        batches_.begin_epoch(epoch);
        const std::string label = "epoch " + std::to_string(epoch) + "/" + std::to_string(options_.epochs);
        const Stopwatch watch;
        for (auto first = static_cast<std::size_t>(position_.sample); first < batches_.samples();
             first += batches_.batch_size()) {
            const auto count = static_cast<double>(batches_.samples_from(first));
            const double rate = rate_of(position_.iteration);
            const double loss = loss_of_batch(first);
            if (!is_finite(loss))
                stop(first, rate);
            save_if_due(watch.seconds()); // now, because parameters and loss are known to be finite
            if (last_good_.note({epoch, first, rate}))
                if constexpr (is_recordings<Data>)
                    batches_.keep_states();
            trainer_.update(rate);
            position_.loss_sum += loss * count;
            position_.rate = rate;
            ++position_.iteration;
            position_.sample += options_.batch;
            output_.step(label, samples_of(epoch - 1) + static_cast<double>(first) + count, loss);
        }
        return report_of(epoch, position_.seconds + watch.seconds());
    }
    [[nodiscard]] EpochReport report_of(int epoch, double seconds) const {
        EpochReport report;
        report.epoch = epoch;
        report.epochs = options_.epochs;
        report.learning_rate = position_.rate;
        report.seconds = seconds;
        report.loss = position_.loss_sum / samples_of(1);
        report.samples_per_second = samples_of(1) / seconds;
        return report;
    }

    /// Asks `on_epoch` and patience whether the run ends here.
    void end_if_due(const EpochReport& report) {
        if (is_told_to_stop(report)) {
            if (report.epoch < options_.epochs)
                require_finite_loss(report.learning_rate);
            position_.ended = static_cast<std::int64_t>(Ended::on_epoch);
        } else if (is_over(options_.patience, position_)) {
            position_.ended = static_cast<std::int64_t>(Ended::patience);
        }
    }
    [[nodiscard]] bool is_told_to_stop(const EpochReport& report) {
        const AnyEpochFunction& on_epoch = options_.on_epoch;
        if (!on_epoch)
            return false;
        last_good_.let_others_change_it();
        return on_epoch(report).condition;
    }

    /// Called after the last step, which has no next one that would notice a loss that is not finite.
    void require_finite_loss(double rate) {
        if (!is_finite(loss_of_batch(batches_.last_of_epoch())))
            stop(batches_.last_of_epoch(), rate);
    }
    /// Restores the last good step, and throws. `first` is the batch of this epoch whose loss is not finite.
    [[noreturn]] void stop(std::size_t first, double rate) {
        const int epoch = batches_.epoch();
        const auto found = batches_.with_batch(
            first, [&](const auto& data, auto indices) { return examine(trainer_.model(), data, indices); });
        if constexpr (is_recordings<Data>)
            batches_.bring_back_states();
        last_good_.restore(
            [&](const auto& again) {
                batches_.begin_epoch(again.epoch);
                return is_finite(loss_of_batch(again.first));
            },
            [&](const auto& again) { trainer_.update(again.rate); });
        Cause text;
        describe_step(text, epoch, first / batches_.batch_size() + 1, rate, found, data_);
        raise(training_error{text});
    }

    void save_if_due(double seconds) {
        if (checkpoints_ == nullptr || !checkpoints_->is_due(position_))
            return;
        if constexpr (is_recordings<Data>)
            if (options_.carry_state && position_.sample > 0) // what goes on within an epoch is in no file
                return;
        const double before = position_.seconds;
        position_.seconds += seconds;
        checkpoints_->save_run(position_);
        position_.seconds = before;
    }
    /// Computes the gradient of a batch of this epoch, and returns its loss.
    [[nodiscard]] double loss_of_batch(std::size_t first) {
        trainer_.random.start = options_.seed;
        trainer_.random.step = static_cast<std::uint64_t>(batches_.epoch() - 1) * batches_.count() +
                               first / batches_.batch_size();
        const T loss = batches_.with_batch(first, [&](const auto& data, auto indices) {
            return trainer_.loss_and_gradient(data, indices, options_.l2, team_);
        });
        if (is_finite(loss) && is_finite(options_.clip_norm))
            trainer_.clip_gradients(options_.clip_norm);
        return static_cast<double>(loss);
    }
    [[nodiscard]] double rate_of(std::int64_t iteration) const {
        const AnySchedule& schedule = options_.schedule;
        const auto steps = static_cast<std::int64_t>(batches_.count()) * options_.epochs;
        const double rate = schedule(trainer_.optimizer.learning_rate, iteration, steps);
        require_step<T>(trainer_.optimizer, rate);
        return rate;
    }
    /// Number of samples of so many epochs.
    [[nodiscard]] double samples_of(int epochs) const noexcept {
        return static_cast<double>(batches_.samples()) * static_cast<double>(epochs);
    }

    Trainer& trainer_;
    const Data& data_;
    const FitOptions<Data>& options_;
    const Data* validation_ = options_.validation;
    RunSaver* checkpoints_ = options_.checkpoints;
    Batches<Model, Data> batches_;
    Team<Model> team_;
    RunOutput output_;
    RunPosition position_;
    LastGood<Trainer> last_good_;
};

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
