// twin: makes a run-time network from a compile-time model.
#pragma once

#include <lamina/dynamic/network.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model.hpp>

#include <algorithm>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// The description of a compile-time layer.
template <class L>
struct description_of {
    static_assert(!std::is_same_v<L, L>, "a twin has lamina's own layers only");
};
template <int Filters, int Kernel, int Stride, int Padding>
struct description_of<lamina::Conv<Filters, Kernel, Stride, Padding>> {
    [[nodiscard]] static Description get() { return conv(Filters, Kernel, Stride, Padding); }
};
template <int Size, int Stride>
struct description_of<lamina::MaxPool<Size, Stride>> {
    [[nodiscard]] static Description get() { return max_pool(Size, Stride); }
};
template <int Size, int Stride>
struct description_of<lamina::AvgPool<Size, Stride>> {
    [[nodiscard]] static Description get() { return avg_pool(Size, Stride); }
};
template <int Outputs>
struct description_of<lamina::Dense<Outputs>> {
    [[nodiscard]] static Description get() { return dense(Outputs); }
};
template <int Numerator, int Denominator>
struct description_of<LeakyReLU<Numerator, Denominator>> {
    [[nodiscard]] static Description get() { return leaky_relu(Numerator, Denominator); }
};
template <>
struct description_of<lamina::Flatten> {
    [[nodiscard]] static Description get() { return flatten(); }
};
template <>
struct description_of<ReLU> {
    [[nodiscard]] static Description get() { return relu(); }
};
template <>
struct description_of<Tanh> {
    [[nodiscard]] static Description get() { return tanh(); }
};
template <>
struct description_of<Sigmoid> {
    [[nodiscard]] static Description get() { return sigmoid(); }
};
template <>
struct description_of<lamina::Softmax> {
    [[nodiscard]] static Description get() { return softmax(); }
};

template <class Topology>
struct descriptions_of;
template <class... Layers>
struct descriptions_of<Net<Layers...>> {
    [[nodiscard]] static std::vector<Description> get() { return {description_of<Layers>::get()...}; }
};

/// A run-time network with the topology and the weights of `model`.
template <class Topology, class In>
[[nodiscard]] Network twin(const Model<Topology, In, float>& model) {
    Network network{In::extents, descriptions_of<typename topology::plain<Topology>::type>::get()};
    const auto parameters = model.parameters();
    std::copy(parameters.begin(), parameters.end(), network.parameters().begin());
    return network;
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
