// LastGood: the way back from a step that led astray.
#pragma once

#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <type_traits>
#include <vector>

namespace lamina::inline LAMINA_ABI {

/// Restores a trainer's model and optimiser to the last step that began with finite parameters and a finite
/// loss. A copy at each step would cost a tenth of the step and more, so there is one at every 32nd, and the
/// steps since then are taken once more from it: with the same bits, if the data give the same samples again.
/// Data that give others may lead astray earlier; then it goes back to the copy itself.
template <class Trainer>
class LastGood {
    using Model = typename Trainer::model_type;

  public:
    /// A step, by what it is taken on.
    struct Step {
        int epoch;
        std::size_t first; ///< of its samples, in the order of the epoch
        double rate;
    };

    explicit LastGood(Trainer& trainer) : trainer_{&trainer} { copy(); }

    /// The step that is about to be taken begins with good parameters.
    void note(const Step& step) {
        if (is_out_of_date_ || steps_.size() == interval)
            copy();
        steps_.push_back(step);
    }

    /// The trainer may have been changed by other means than steps.
    void let_others_change_it() noexcept { is_out_of_date_ = true; }

    /// Goes back to where the step noted last began. `is_good(step)` computes the step's gradient and returns
    /// whether loss and parameters are finite; `update(step)` takes the step along that gradient.
    void restore(auto is_good, auto update) {
        go_back_to_copy();
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (!is_good(steps_[i])) {
                go_back_to_copy();
                return;
            }
            if (i + 1 < steps_.size())
                update(steps_[i]);
        }
    }

  private:
    void go_back_to_copy() {
        const auto parameters = trainer_->model().parameters();
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            parameters[i] = parameters_[i];
        trainer_->state() = state_[0];
    }
    void copy() {
        const auto parameters = trainer_->model().parameters();
        parameters_.assign(parameters.begin(), parameters.end());
        state_[0] = trainer_->state();
        steps_.clear();
        is_out_of_date_ = false;
    }

    static constexpr std::size_t interval = 32;

    Trainer* trainer_;
    std::vector<typename Model::scalar> parameters_;
    std::vector<std::remove_cvref_t<decltype(trainer_->state())>> state_{1};
    std::vector<Step> steps_; // since the copy
    bool is_out_of_date_ = false;
};

} // namespace lamina::inline LAMINA_ABI
