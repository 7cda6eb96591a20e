// Trains a network that tells ten spoken words from each other, from silence and from other words, and writes
// its weights.
//
// Usage: keywords_train <folder that make_set.sh made> <file to write> [epochs]
#include "recordings.hpp"

#include <lamina/io/safetensors.hpp>
#include <lamina/train/confusion.hpp>
#include <lamina/train/fit.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

void run(const std::string& set, const std::string& weights, int epochs) {
    const Noise noise{set};
    const Recordings training{set, Part::training, noise}, validation{set, Part::validation, noise},
        testing{set, Part::testing, noise};
    std::printf("%zu recordings to train with, %zu to validate and %zu to test with\n", training.size(),
                validation.size(), testing.size());

    const auto model = std::make_unique<Model>(ln::seed{42});
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::AdamW>>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, ln::AdamW{.learning_rate = 2e-3}, *memory};
    ln::fit(trainer, training, {.epochs = epochs, .batch = 32, .schedule = ln::Cosine{}, .validation = &validation});

    const ln::Metrics metrics = ln::evaluate(*model, testing);
    std::printf("voices that were not trained on: accuracy %.4f\n\n%s", metrics.accuracy,
                ln::to_string(metrics.confusion, classes).c_str());
    ln::save(*model, weights);
}

} // namespace

int main(int count, char** arguments) {
    try {
        if (count < 3)
            throw std::invalid_argument{"usage: keywords_train <folder of the set> <file to write> [epochs]"};
        run(arguments[1], arguments[2], count > 3 ? std::stoi(arguments[3]) : 36);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "keywords_train: %s\n", error.what());
        return 1;
    }
}
