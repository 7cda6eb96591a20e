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

/// The index of the first layer that differs from the model's, or -1. Only one of the two may have a Softmax
/// or Sigmoid at the end.
template <class Model, class T, int Extent, int Layers>
[[nodiscard]] consteval int first_other_layer(const Embedded<T, Extent, Layers>& data) noexcept {
    constexpr int own = static_cast<int>(Model::layers.size()), last = (Layers > own ? Layers : own) - 1;
    for (int i = 0; i <= last; ++i) {
        const auto in_model = i < own ? Model::layers[static_cast<std::size_t>(i)].name : std::string_view{},
                   in_data = i < Layers ? data.layers[i] : std::string_view{};
        const bool is_added =
            i == last && (i >= own ? topology::makes_probabilities(in_data)
                                   : i >= Layers && topology::makes_probabilities(in_model));
        if (in_model != in_data && !is_added)
            return i;
    }
    return -1;
}

/// The extents of an input, but for the number of steps of a sequence, which no parameter depends on.
[[nodiscard]] consteval dims without_steps(const dims& input) noexcept {
    return input.is_sequence ? dims::sequence(1, step_in(input)) : input;
}

/// What keeps a model from taking these parameters, or `none`.
template <class Model, const auto& Data>
[[nodiscard]] consteval auto find_problem() noexcept {
    using Number = std::remove_cvref_t<decltype(Data.parameters[0])>;
    if constexpr (Broken<Model>)
        return fault<none>{};
    else if constexpr (!std::is_same_v<Number, typename Model::scalar> ||
                       without_steps(Data.input) != without_steps(Model::input_shape::extents))
        return fault<typename problem::embedded<Model>::were_trained_on_another_input>{};
    else if constexpr (constexpr int other = first_other_layer<Model>(Data); other >= 0)
        return fault<typename problem::embedded<Model>::template were_trained_with_another_layer<other>>{};
    else if constexpr (sizeof(Data.parameters) != Model::extent * sizeof(Number))
        return fault<typename problem::embedded<Model>::were_trained_on_another_input>{};
    else
        return fault<none>{};
}

template <class Model, const auto& Data>
using embedded_problem = typename decltype(find_problem<Model, Data>())::type;

template <class Model, const auto& Data>
struct EmbeddedReport : problem::report<embedded_problem<Model, Data>> {};

template <class Model, const auto& Data>
[[nodiscard]] constexpr Model embedded_model() noexcept {
    Model model;
    if constexpr (std::is_same_v<embedded_problem<Model, Data>, none> && !Broken<Model>) {
        const auto parameters = model.numbers();
        for (std::size_t i = 0; i < parameters.size(); ++i)
            parameters[i] = Data.parameters[i];
    }
    return model;
}

} // namespace detail

/// A model with the parameters of `Data`, an `Embedded` from a header. It does not compile if they belong to
/// another network; but one of the two may have a Softmax or Sigmoid more, at its end, and sequences may have
/// another number of steps.
///
///     #include "digits.hpp"
///     constexpr Model model = ln::with_embedded<Model, digits>();   // in flash, or wherever constants are
// The size of the report shows the problem. In the function, clang++ would also say that it is not constant.
template <class Model, const auto& Data, std::size_t = sizeof(detail::EmbeddedReport<Model, Data>)>
[[nodiscard]] constexpr Model with_embedded() noexcept {
    return detail::embedded_model<Model, Data>();
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
