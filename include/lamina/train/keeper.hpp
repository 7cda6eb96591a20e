// Place and Keeper: the position of a run of `fit`, and the interface that saves it, so that the run can be
// resumed.
#pragma once

#include <lamina/finite.hpp>
#include <lamina/train/function.hpp>

#include <cstdint>
#include <string>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The position of a run between two steps, and the settings of the run. Together with the trainer's state it
/// determines the rest of the run: the order of an epoch's samples depends only on seed and epoch.
struct Place {
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
    std::int64_t best_epoch = 0; ///< that `best` is of; 0 if that is not known
    std::int64_t metric = 0;     ///< `Metric` of `best`
    std::int64_t ended = 0;      ///< `Ended`, if that was before the epochs were over

    /// What was frozen when the run began, "0 3.bias" or "none"; empty if that is not known. `on_epoch` may
    /// change it later.
    std::string frozen_at_start = {};

    /// Of the best epoch, in the order of the model's: of a run with patience.
    std::vector<double> best_parameters = {};

    /// Calls f(name, number) for each of them that every file has.
    static void fields(auto& place, auto f) {
        f("epoch", place.epoch);
        f("sample", place.sample);
        f("iteration", place.iteration);
        f("loss_sum", place.loss_sum);
        f("seconds", place.seconds);
        f("rate", place.rate);
        f("best", place.best);
        f("samples", place.samples);
        f("batch", place.batch);
        f("seed", place.seed);
        f("l2", place.l2);
    }
    /// The same for those that older files lack; they then keep their values.
    static void newer_fields(auto& place, auto f) {
        f("epochs", place.epochs);
        f("clip_norm", place.clip_norm);
        f("best_epoch", place.best_epoch);
        f("metric", place.metric);
        f("ended", place.ended);
    }
};

/// Checks a place before the run is resumed there, and throws if something is wrong.
using PlaceCheck = Function<void(const Place&)>;

/// Saves a run while `fit` executes it. `Checkpoints` (io/checkpoints.hpp) saves it in files.
class Keeper {
  public:
    /// The trainer that it saves: `fit` refuses to train another one.
    [[nodiscard]] virtual const void* trainer() const noexcept = 0;
    /// Restores the trainer of an earlier run, if there is one, and returns its place; otherwise returns a
    /// place without samples. Before it changes anything it calls `inspect` with that place, which may throw.
    [[nodiscard]] virtual Place start(const PlaceCheck& inspect) = 0;
    /// Whether the run should be saved at this place.
    [[nodiscard]] virtual bool is_due(const Place& place) const noexcept = 0;
    /// Saves the run: the trainer is at this place, and its parameters are finite.
    virtual void keep(const Place& place) = 0;
    /// Saves the model: the trainer is at this place, and its model is the best so far.
    virtual void keep_best(const Place& place) = 0;

  protected:
    ~Keeper() = default;
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
