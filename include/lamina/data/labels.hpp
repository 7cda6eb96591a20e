// Labels: the class of a sample as a number, and the target that it stands for.
#pragma once

#include <lamina/dims.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/pack.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// The labels of a sequence, one for each step.
template <class X>
inline constexpr bool is_array_of_labels = false;
template <std::integral Label, std::size_t Steps>
inline constexpr bool is_array_of_labels<std::array<Label, Steps>> = true;
template <class X>
concept IsArrayOfLabels = is_array_of_labels<X>;
/// What data may have in place of a target.
template <class X>
concept IsLabel = std::integral<X> || IsArrayOfLabels<X>;

/// The number of classes of a network with that many outputs: one per output, or two for a single output,
/// which tells class 1 from class 0.
[[nodiscard]] constexpr int classes_of_labels(int outputs) noexcept {
    return outputs == 1 ? 2 : outputs;
}

/// Writes the label `label(r)` as the target of lane r: 1 at the label among zeros. The target of one output
/// is the label itself, 0 or 1. If `label(r)` is a std::array, its elements are the labels of the steps of a
/// sequence.
template <class T, class Targets>
void write_labels(Targets t, auto label) noexcept {
    for (int i = 0; i < t.size; ++i)
        t[i] = pack<T>(T(0));
    for (int r = 0; r < native_lanes<T>; ++r) {
        if constexpr (IsArrayOfLabels<std::remove_cvref_t<decltype(label(r))>>) {
            const auto& own = label(r);
            const int steps = static_cast<int>(own.size());
            for (int k = 0; k < steps; ++k) {
                const auto at = static_cast<int>(own[static_cast<std::size_t>(k)]);
                if (t.size == steps)
                    t[k].set(r, static_cast<T>(at));
                else
                    t[answer_index(kernels::extents_of(t), k, at)].set(r, T(1));
            }
        } else {
            const auto own = static_cast<int>(label(r));
            if (t.size == 1)
                t[0].set(r, static_cast<T>(own));
            else
                t[own].set(r, T(1));
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
