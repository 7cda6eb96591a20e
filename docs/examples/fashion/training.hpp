// The same training for every network.
#pragma once

#include "augmented.hpp"
#include "network.hpp"

#include <lamina/lamina.hpp>

#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace fashion {

/// The full rate for two thirds of all steps, then a tenth of it, and a hundredth of it in the last sixth.
[[nodiscard]] inline double steps_down(double rate, std::int64_t iteration, std::int64_t steps) {
    return ln::StepDecay{.milestones = {steps * 2 / 3, steps * 5 / 6}}(rate, iteration);
}

/// `training` and `test` are data of one type.
template <class Model, class Data>
Outcome train_with(const Data& training, const Data& test, auto schedule, const Options& options) {
    std::cout << ln::summary<Model>() << '\n' << std::flush;

    // On the heap, because some of the networks are too big for the stack.
    const auto model = std::make_unique<Model>(ln::seed{options.seed});
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{},
                        ln::SGD{.learning_rate = options.learning_rate, .momentum = 0.9}, *memory};

    ln::Checkpoints checkpoints{trainer,
                                {.last = output_path(options, ".checkpoint"),
                                 .best = output_path(options, ".best.safetensors"),
                                 .every = 500,
                                 .resume = options.resume}};

    Outcome outcome;
    ln::fit(trainer, training,
            {.epochs = options.epochs,
             .batch = options.batch,
             .seed = {options.seed},
             .schedule = schedule,
             .validation = &test,
             .on_epoch = [&](const ln::EpochReport& report) { outcome.epochs.push_back(report); },
             .checkpoints = &checkpoints});

    outcome.test = ln::evaluate(*model, test);
    ln::save(*model, output_path(options, ".safetensors"));
    return outcome;
}

/// With the images as they are.
template <class Model>
Outcome train(const Dataset& data, const Options& options) {
    if (!(data.train.shape() == Model::input_shape::extents))
        throw std::invalid_argument{options.network + " is for images of " +
                                    ln::to_string(Model::input_shape::extents) + ", those of " + data.name +
                                    " are " + ln::to_string(data.train.shape())};
    return train_with<Model>(data.train, data.test, steps_down, options);
}

/// With images that are padded if they are smaller than the network's, and shifted and mirrored at random to
/// train with. The rate falls along half a cosine: batch norm lets it begin high, and it takes many steps to
/// come down.
template <class Model>
Outcome train_augmented(const Dataset& data, const Options& options) {
    constexpr ln::dims shape = Model::input_shape::extents;
    if (!fits_into(data.train.shape(), shape))
        throw std::invalid_argument{options.network + " is for images of " + ln::to_string(shape) +
                                    " or smaller, those of " + data.name + " are " +
                                    ln::to_string(data.train.shape())};
    const ln::data::Images training = padded(data.train, shape), test = padded(data.test, shape);
    return train_with<Model>(Augmented{training, {options.seed}}, Augmented{test, {options.seed}},
                             ln::Cosine{}, options);
}

} // namespace fashion
