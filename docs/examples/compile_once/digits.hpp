// A network that is compiled once, in digits.cpp. Other files include this header, which names the network's
// type and compiles none of its code.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/math/random.hpp>

#include <memory>
#include <span>

namespace digits {

namespace ln = lamina;

using Topology = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
using Model = ln::Model<Topology, ln::Shape<1, 28, 28>>;
using Image = ln::Tensor<float, ln::Shape<1, 28, 28>>;
using Scores = ln::Tensor<float, ln::Shape<10>>;

struct Delete {
    void operator()(Model* model) const noexcept;
};
using Owned = std::unique_ptr<Model, Delete>;

[[nodiscard]] Owned make(ln::seed start);

/// One step on all images; returns the loss before it.
float learn(Model& model, std::span<const Image> images, std::span<const Scores> wanted, double rate);

[[nodiscard]] Scores answer(const Model& model, const Image& image);

} // namespace digits
