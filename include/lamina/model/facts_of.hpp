// What training and files ask a model: a `Model` answers with constants, a `dynamic::Network` with numbers.
#pragma once

#include <lamina/model.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI {

/// A model whose topology is known only when the program runs.
template <class M>
concept RunTimeModel = std::is_same_v<const M, const dynamic::Network>;

template <class M>
[[nodiscard]] constexpr decltype(auto) layers_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return model.layers();
    else
        return (M::layers);
}
/// The trained tensors, and behind them those that are kept.
template <class M>
[[nodiscard]] constexpr decltype(auto) tensors_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return model.tensors();
    else
        return (M::tensors);
}
template <class M>
[[nodiscard]] constexpr int parameter_extent_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return model.parameter_extent();
    else
        return M::parameter_extent;
}
/// Number of elements of `numbers()`.
template <class M>
[[nodiscard]] constexpr int extent_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return model.extent();
    else
        return M::extent;
}
/// The shapes of its input and of its output.
template <class M>
[[nodiscard]] constexpr dims input_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return model.input();
    else
        return M::input_shape::extents;
}
template <class M>
[[nodiscard]] constexpr dims output_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return model.output();
    else
        return M::output_shape::extents;
}
/// The outputs of an answer: of a step of a sequence, otherwise all.
template <class M>
[[nodiscard]] constexpr int outputs_of([[maybe_unused]] const M& model) noexcept {
    if constexpr (RunTimeModel<M>)
        return answer_size(model.output());
    else
        return answer_size(M::output_shape::extents);
}

} // namespace lamina::inline LAMINA_ABI
