// RunPosition and RunSaver: where a run of `fit` is, and the interface that saves the run, so that it can be
// resumed.
#pragma once

#include <lamina/math/finite.hpp>
#include <lamina/train/function.hpp>

#include <cstdint>
#include <string>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The position of a run between two steps, and the settings of the run. Together with the trainer's state it
/// determines the rest of the run: the order of an epoch's samples depends only on seed and epoch.
struct RunPosition {
    std::int64_t epoch = 0;     ///< completed epochs
    std::int64_t sample = 0;    ///< samples of the next epoch that are done
    std::int64_t iteration = 0; ///< steps taken
    double loss_sum = 0;        ///< over those samples
    double seconds = 0;         ///< spent on them
    double rate = 0;            ///< of the last step
    /// The smallest validation loss so far; with accuracy as the metric, the largest accuracy, negated.
    double best = detail::infinity<double>();

    std::int64_t samples = 0; ///< of the data
    std::int64_t batch = 0;
    std::uint64_t seed = 0;
    double l2 = 0;
    std::int64_t epochs = 0; ///< it was to have; 0 if that is not known
    double clip_norm = detail::infinity<double>();
    std::int64_t best_epoch = 0;               ///< that `best` is of; 0 if that is not known
    std::int64_t metric = 0;                   ///< `Metric` of `best`
    std::int64_t ended = 0;                    ///< `Ended`, if that was before the epochs were over
    std::int64_t burn_in = 0, carry_state = 0; ///< of recordings

    /// What was frozen when the run began, "0 3.bias" or "none"; empty if that is not known. `on_epoch` may
    /// change it later.
    std::string frozen_at_start = {};

    /// Of the best epoch, in the order of the model's: of a run with patience.
    std::vector<double> best_parameters = {};

    /// Calls f(name, number) for each of them that every file has.
    static void fields(auto& position, auto f) {
        f("epoch", position.epoch);
        f("sample", position.sample);
        f("iteration", position.iteration);
        f("loss_sum", position.loss_sum);
        f("seconds", position.seconds);
        f("rate", position.rate);
        f("best", position.best);
        f("samples", position.samples);
        f("batch", position.batch);
        f("seed", position.seed);
        f("l2", position.l2);
    }
    /// The same for those that older files lack; they then keep their values.
    static void newer_fields(auto& position, auto f) {
        f("epochs", position.epochs);
        f("clip_norm", position.clip_norm);
        f("best_epoch", position.best_epoch);
        f("metric", position.metric);
        f("ended", position.ended);
        f("burn_in", position.burn_in);
        f("carry_state", position.carry_state);
    }
};

/// Checks a position before the run is resumed there, and throws if something is wrong.
using PositionCheck = Function<void(const RunPosition&)>;

/// Saves a run while `fit` executes it. `Checkpoints` (io/checkpoints.hpp) saves it in files.
class RunSaver {
  public:
    /// The trainer that it saves: `fit` refuses to train another one.
    [[nodiscard]] virtual const void* trainer() const noexcept = 0;
    /// Restores the trainer of an earlier run, if there is one, and returns its position; otherwise returns a
    /// position without samples. Before it changes anything it calls `inspect` with that position, which may
    /// throw.
    [[nodiscard]] virtual RunPosition restore(const PositionCheck& inspect) = 0;
    /// Whether the run should be saved at this position.
    [[nodiscard]] virtual bool is_due(const RunPosition& position) const noexcept = 0;
    /// Saves the run: the trainer is at this position, and its parameters are finite.
    virtual void save_run(const RunPosition& position) = 0;
    /// Saves the model: the trainer is at this position, and its model is the best so far.
    virtual void save_best(const RunPosition& position) = 0;

  protected:
    ~RunSaver() = default;
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
