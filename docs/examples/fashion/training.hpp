// The same training for every network.
#pragma once

#include "network.hpp"

#include <lamina/lamina.hpp>

#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace fashion {

/// The full rate for two thirds of all steps, then a tenth of it, and a hundredth of it in the last sixth.
[[nodiscard]] inline double schedule(double rate, std::int64_t iteration, std::int64_t steps) {
    return ln::StepDecay{.milestones = {steps * 2 / 3, steps * 5 / 6}}(rate, iteration);
}

template <class Model>
Outcome train(const Dataset& data, const Options& options) {
    if (!(data.train.shape() == Model::input_shape::extents))
        throw std::invalid_argument{options.network + " is for images of " +
                                    ln::to_string(Model::input_shape::extents) + ", those of " + data.name +
                                    " are " + ln::to_string(data.train.shape())};
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
    ln::fit(trainer, data.train,
            {.epochs = options.epochs,
             .batch = options.batch,
             .seed = {options.seed},
             .schedule = schedule,
             .validation = &data.test,
             .on_epoch = [&](const ln::EpochReport& report) { outcome.epochs.push_back(report); },
             .checkpoints = &checkpoints});

    outcome.test = ln::evaluate(*model, data.test);
    ln::save(*model, output_path(options, ".safetensors"));
    return outcome;
}

} // namespace fashion
