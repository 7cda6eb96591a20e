// Embedded: trained parameters as constants, for programs without a file system. Needs only the core.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/model.hpp>
#include <lamina/problem/embedded.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The content of a header written by `embed` (io/embed.hpp): the flat array of a model's parameters, the
/// shape of its input and the names of its layers. It is constant data: it takes no space in a program that
/// does not use it, and can stay in flash in one that does.
template <class T, int Extent, int Layers>
struct Embedded {
    dims input;
    std::string_view layers[static_cast<std::size_t>(Layers)];
    T parameters[static_cast<std::size_t>(Extent)];
};

namespace detail {

/// The index of the first layer that differs from the model's, or -1. A layer that only one of them has does
/// not count.
template <class Model, class T, int Extent, int Layers>
[[nodiscard]] consteval int first_other_layer(const Embedded<T, Extent, Layers>& data) noexcept {
    constexpr int own = static_cast<int>(Model::layers.size());
    for (int i = 0; i < Layers && i < own; ++i)
        if (data.layers[i] != Model::layers[static_cast<std::size_t>(i)].name)
            return i;
    return -1;
}

/// Whether they have as many layers, or one of them has a Softmax or Sigmoid more, at its end.
template <class Model, class T, int Extent, int Layers>
[[nodiscard]] consteval bool ends_as(const Embedded<T, Extent, Layers>& data) noexcept {
    constexpr int own = static_cast<int>(Model::layers.size());
    if constexpr (Layers + 1 == own)
        return topology::makes_probabilities(Model::layers[own - 1].name);
    else if constexpr (Layers == own + 1)
        return topology::makes_probabilities(data.layers[own]);
    else
        return Layers == own;
}

template <class Model, class T, int Extent, int Layers>
[[nodiscard]] consteval bool is_of(const Embedded<T, Extent, Layers>& data) noexcept {
    return std::is_same_v<T, typename Model::scalar> && ends_as<Model>(data) &&
           Extent == Model::parameter_extent && data.input == Model::input_shape::extents;
}

} // namespace detail

/// A model with the parameters of `Data`, an `Embedded` from a header. It does not compile if they belong to
/// another network; but one of the two may have a Softmax or Sigmoid more, at its end.
///
///     #include "digits.hpp"
///     constexpr Model model = ln::with_embedded<Model, digits>();   // in flash, or wherever constants are
template <class Model, const auto& Data>
[[nodiscard]] constexpr Model with_embedded() noexcept {
    Model model;
    if constexpr (Broken<Model>) {
        return model;
    } else if constexpr (!detail::is_of<Model>(Data)) {
        static_assert(sizeof(typename problem::embedded<Model>::were_trained_on_another_input) > 0);
    } else if constexpr (constexpr int other = detail::first_other_layer<Model>(Data); other >= 0) {
        static_assert(
            sizeof(typename problem::embedded<Model>::template were_trained_with_another_layer<other>) > 0);
    } else {
        const auto parameters = model.parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i)
            parameters[i] = Data.parameters[i];
    }
    return model;
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
