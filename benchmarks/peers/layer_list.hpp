// layer_list: the layers of a model as a list, with its weights.
#pragma once

#include "network.hpp"

#include <lamina/core.hpp>
#include <lamina/io/model_tensors.hpp>

#include <cstddef>
#include <vector>

namespace bench {

namespace ln = lamina;

template <class Conv>
    requires requires {
        Conv::rule.filters;
    }
[[nodiscard]] inline Layer layer_of(Conv, const ln::dims& in) {
    return {.kind = Kind::conv,
            .kernel = Conv::rule.kernel,
            .stride = Conv::rule.stride,
            .padding = Conv::rule.sides(in),
            .groups = Conv::rule.groups_of(in)};
}
template <int Size, int Stride>
[[nodiscard]] Layer layer_of(ln::MaxPool<Size, Stride>, const ln::dims&) {
    return {.kind = Kind::max_pool, .kernel = Size, .stride = Stride};
}
template <int Size, int Stride>
[[nodiscard]] Layer layer_of(ln::AvgPool<Size, Stride>, const ln::dims&) {
    return {.kind = Kind::avg_pool, .kernel = Size, .stride = Stride};
}
[[nodiscard]] inline Layer layer_of(ln::GlobalAvgPool, const ln::dims& in) {
    return {.kind = Kind::avg_pool, .kernel = {in[1], in[2]}};
}
template <int Outputs>
[[nodiscard]] Layer layer_of(ln::Dense<Outputs>, const ln::dims&) {
    return {.kind = Kind::dense};
}
template <int Numerator, int Denominator>
[[nodiscard]] Layer layer_of(ln::LeakyReLU<Numerator, Denominator>, const ln::dims&) {
    return {.kind = Kind::leaky_relu, .slope = static_cast<float>(Numerator) / Denominator};
}
[[nodiscard]] inline Layer layer_of(ln::ReLU, const ln::dims&) {
    return {.kind = Kind::relu};
}
[[nodiscard]] inline Layer layer_of(ln::Tanh, const ln::dims&) {
    return {.kind = Kind::tanh};
}

template <int Epsilon, int Momentum>
[[nodiscard]] Layer layer_of(ln::BatchNorm<Epsilon, Momentum>, const ln::dims&) {
    static_assert(Epsilon == 10 && Momentum == 10, "peers take the defaults");
    return {.kind = Kind::batch_norm};
}
template <class... Branches>
[[nodiscard]] Layer layer_of(ln::Sum<Branches...>, const ln::dims&) {
    return {.kind = Kind::sum};
}

template <class Model>
[[nodiscard]] std::vector<Layer> layer_list(const Model& model) {
    std::vector<Layer> layers;
    using Inferred = typename Model::inferred;
    ln::for_each_index<Inferred::count>([&layers](auto i) {
        Layer layer =
            layer_of(typename Inferred::template layer_at<i>{}, Model::layers[std::size_t{i}].input);
        layer.input = Model::layers[std::size_t{i}].input;
        layer.output = Model::layers[std::size_t{i}].output;
        for (int k = 0; k < Inferred::table.elements[i].inputs; ++k)
            layer.inputs.push_back(static_cast<std::size_t>(Inferred::table.input(i, k)));
        layers.push_back(layer);
    });
    const auto parameters = model.parameters();
    for (const auto& tensor : ln::io::model_tensors<Model>) {
        if (tensor.offset >= parameters.size()) // running statistics, which begin alike everywhere
            continue;
        Layer& layer = layers[static_cast<std::size_t>(tensor.layer)];
        auto& numbers = layer.weight.empty() ? layer.weight : layer.bias;
        for (std::size_t i = 0; i < tensor.size; ++i)
            numbers.push_back(parameters[tensor.place(i)]);
    }
    return layers;
}

} // namespace bench
