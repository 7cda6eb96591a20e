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
        if (steps_.size() == interval)
            copy();
        steps_.push_back(step);
    }

    /// Goes back to where the step noted last began. `take(step)` takes a step, and returns false if it
    /// cannot.
    void restore(auto take) {
        const auto parameters = trainer_->model().parameters();
        for (std::size_t i = 0; i < parameters_.size(); ++i)
            parameters[i] = parameters_[i];
        trainer_->state() = state_[0];
        for (std::size_t i = 0; i + 1 < steps_.size(); ++i)
            if (!take(steps_[i]))
                return;
    }

  private:
    void copy() {
        const auto parameters = trainer_->model().parameters();
        parameters_.assign(parameters.begin(), parameters.end());
        state_[0] = trainer_->state();
        steps_.clear();
    }

    static constexpr std::size_t interval = 32;

    Trainer* trainer_;
    std::vector<typename Model::scalar> parameters_;
    std::vector<std::remove_cvref_t<decltype(trainer_->state())>> state_{1};
    std::vector<Step> steps_; // since the copy
};

} // namespace lamina::inline LAMINA_ABI
