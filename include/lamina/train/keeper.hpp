// Place and Keeper: where a run of `fit` is, and who writes it down, so that it can go on from there.
#pragma once

#include <lamina/finite.hpp>
#include <lamina/train/function.hpp>

#include <cstdint>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// A moment of a run, between two steps, and what the run was made of. With the trainer's state it determines
/// all that follows: the order of an epoch's samples depends on nothing but seed and epoch.
struct Place {
    std::int64_t epoch = 0;     ///< epochs that are over
    std::int64_t sample = 0;    ///< samples of the next one that have been learnt
    std::int64_t iteration = 0; ///< steps taken
    double loss_sum = 0;        ///< over those samples
    double seconds = 0;         ///< they took
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
    /// The same for those that older files lack, which then stay as they are.
    static void newer_fields(auto& place, auto f) {
        f("epochs", place.epochs);
        f("clip_norm", place.clip_norm);
        f("best_epoch", place.best_epoch);
        f("metric", place.metric);
        f("ended", place.ended);
    }
};

/// Throws what is wrong with a place to go on from.
using PlaceCheck = Function<void(const Place&)>;

/// Keeps a run while `fit` is at it. `Checkpoints` (io/checkpoints.hpp) is one that writes files.
class Keeper {
  public:
    /// The trainer it keeps: `fit` refuses to train another one.
    [[nodiscard]] virtual const void* trainer() const noexcept = 0;
    /// Puts the trainer where an earlier run stopped, and says where that is; a place without samples if
    /// there is none. Calls `inspect` with that place before it changes anything, and passes on what that
    /// throws.
    [[nodiscard]] virtual Place start(const PlaceCheck& inspect) = 0;
    /// Whether to keep the run at this place.
    [[nodiscard]] virtual bool is_due(const Place& place) const noexcept = 0;
    /// The trainer is at this place, and its parameters are finite.
    virtual void keep(const Place& place) = 0;
    /// The trainer is at this place, and its model is the best so far.
    virtual void keep_best(const Place& place) = 0;

  protected:
    ~Keeper() = default;
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
