// The one file that compiles the network: forward, backward, everything.
#include "digits.hpp"

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <cstdint>
#include <numeric>
#include <vector>

namespace digits {

void Delete::operator()(Model* model) const noexcept {
    delete model;
}

Owned make(ln::seed start) {
    return Owned{new Model{start}};
}

float learn(Model& model, std::span<const Image> images, std::span<const Scores> wanted, double rate) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = rate}};
    std::vector<std::uint32_t> all(images.size());
    std::iota(all.begin(), all.end(), 0U);
    return trainer.step(ln::data::Samples{images, wanted}, all);
}

Scores answer(const Model& model, const Image& image) {
    return model.forward(image);
}

} // namespace digits
