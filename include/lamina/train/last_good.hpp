// LastGood: restores the last good parameters after a step that made the loss infinite or NaN.
#pragma once

#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI {

/// A copy of all numbers of a model. (One of a `dynamic::Network` is on the heap.)
template <class Model>
struct SavedNumbers {
    typename Model::scalar numbers[static_cast<std::size_t>(Model::extent)];

    void save(const Model& model) noexcept {
        for (std::size_t i = 0; i < std::size_t{Model::extent}; ++i)
            numbers[i] = model.numbers()[i];
    }
    void restore(Model& model) const noexcept {
        for (std::size_t i = 0; i < std::size_t{Model::extent}; ++i)
            model.numbers()[i] = numbers[i];
    }
};

/// Restores a trainer's model and optimiser to the last step that began with finite parameters and a finite
/// loss. A copy before each step would cost a tenth of the step and more, so a copy is made every 32 steps,
/// and the steps after it are repeated: with the same bits, if the data return the same samples again. If
/// they return others and a repeated step fails too, the copy itself is restored.
template <class Trainer>
class LastGood {
    using Model = typename Trainer::model_type;

  public:
    /// The arguments of a step.
    struct Step {
        int epoch;         ///< from 1
        std::size_t first; ///< of its samples, in the order of the epoch
        double rate;
    };

    explicit LastGood(Trainer& trainer) : trainer_{&trainer}, copy_{new Copy} { copy(); }
    ~LastGood() { delete copy_; }
    LastGood(const LastGood&) = delete;
    LastGood& operator=(const LastGood&) = delete;

    /// Notes that the next step begins with good parameters. Returns whether it is the first since the copy.
    bool note(const Step& step) {
        if (is_out_of_date_ || copy_->size == interval)
            copy();
        copy_->steps[copy_->size++] = step;
        return copy_->size == 1;
    }

    /// Notes that the trainer may have been changed other than by steps.
    void let_others_change_it() noexcept { is_out_of_date_ = true; }

    /// Restores the state before the step that was noted last. `is_good(step)` computes the gradient of a
    /// step and returns whether loss and parameters are finite; `update(step)` takes the step along that
    /// gradient.
    void restore(auto is_good, auto update) {
        go_back_to_copy();
        for (int i = 0; i < copy_->size; ++i) {
            if (!is_good(copy_->steps[i])) {
                go_back_to_copy();
                return;
            }
            if (i + 1 < copy_->size)
                update(copy_->steps[i]);
        }
    }

  private:
    static constexpr int interval = 32;

    // One object on the heap, because vectors of three types would cost programs that train a tenth of their
    // debug information.
    struct Copy {
        SavedNumbers<Model> numbers;
        std::remove_cvref_t<decltype(std::declval<Trainer&>().state())> state;
        Step steps[std::size_t{interval}]; ///< since then
        int size = 0;                      ///< of them
    };

    void go_back_to_copy() {
        copy_->numbers.restore(trainer_->model());
        trainer_->state() = copy_->state;
    }
    void copy() {
        copy_->numbers.save(trainer_->model());
        copy_->state = trainer_->state();
        copy_->size = 0;
        is_out_of_date_ = false;
    }

    Trainer* trainer_;
    Copy* copy_;
    bool is_out_of_date_ = false;
};

} // namespace lamina::inline LAMINA_ABI
