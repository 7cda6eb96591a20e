// Dropout: y(i) = x(i) / (1 - p) with probability 1 - p, else 0.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/random_numbers.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstdint>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Elements are numbered in row-major order, whatever the halos. Forward and backward are the same function:
/// of x, and of dy with the same random numbers. At 100 percent all is 0.
template <Store How = Store::overwrite, class X, class Y>
constexpr void dropout(X x, RandomNumbers<typename Y::element> random, int percent, Y y) noexcept {
    has_effects();
    using E = typename Y::element;
    using T = scalar_of<E>;
    const auto all = long_rows(x, y);
    const std::uint32_t threshold = drop_threshold(percent);
    const E scale = E(percent < 100 ? static_cast<T>(100.0 / (100 - percent)) : T(0));
    for (int c = 0; c < all.count; ++c)
        for (int i = 0; i < all.rows; ++i) {
            const auto* from = all.row(x, c, i);
            auto* to = all.row(y, c, i);
            const auto first = static_cast<std::uint32_t>((c * all.rows + i) * all.columns);
            for (int j = 0; j < all.columns; ++j)
                store<How>(to[j],
                           random.keep(from[j] * scale, first + static_cast<std::uint32_t>(j), threshold));
        }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
