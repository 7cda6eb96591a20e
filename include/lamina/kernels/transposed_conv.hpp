// What a transposed convolution needs beside the kernels of the convolution that it mirrors.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/channels.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/pack.hpp>

#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Adds the bias of a channel to its rows before `f` has them, for extents known at run time.
template <class T, class F>
struct AfterBias {
    const T* biases; ///< or null
    F f;

    template <class V>
    void finish_row(const V& y, int c, int i) noexcept {
        using E = typename V::element;
        if (biases != nullptr) {
            const E b = bias_at<E>(biases, c);
            E* const row = y.at(c, i, 0);
            for (int j = 0; j < y.geometry().width; ++j)
                row[j] += b;
        }
        kernels::finish_row(f, y, c, i);
    }
};
template <class T, class F> // Clang 14 does not make it
AfterBias(const T*, F)->AfterBias<T, F>;

/// The gradient of biases that are added to each channel, which is added to or overwritten. dy: F,H,W; db: F,
/// or `NoBias`.
template <class DY, class DB>
constexpr void bias_gradient(DY dy, DB db, bool overwrite) noexcept {
    has_effects();
    if constexpr (!std::is_same_v<DB, NoBias>)
        for (int c = 0; c < first_extent(dy); ++c)
            accumulate_bias(db, c, lane_sum(sum_of_channel(c, AsItIs{}, dy)), overwrite);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
