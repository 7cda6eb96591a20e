// All a user does with `Recordings` of single numbers, whose samples have so many `windows`: of those that have
// a problem, none of it may add an error to it.
#pragma once

inline double learn(Model& model, const std::vector<float>& dry, const std::vector<float>& wet) {
    const ln::data::Recordings<Model, windows> recordings{dry, wet};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
    ln::fit(trainer, recordings, {.burn_in = 100, .carry_state = true, .validation = &recordings});
    return ln::evaluate(model, recordings, ln::MeanSquaredError{}).loss +
           static_cast<double>(recordings.size());
}
