// Pooling over Size x Size windows, Stride apart, and its gradients.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// y(c, i, j) = max over the window of x.
template <int Size, int Stride, class X, class Y>
constexpr void max_pool(X x, Y y) noexcept {
    has_effects();
    using E = typename Y::element;
    for (int c = 0; c < channels<typename Y::shape>; ++c)
        for (int i = 0; i < height<typename Y::shape>; ++i)
            for (int j = 0; j < width<typename Y::shape>; ++j) {
                E best = x(c, i * Stride, j * Stride);
                for (int k = 1; k < Size * Size; ++k)
                    best = (max)(best, E(x(c, i * Stride + k / Size, j * Stride + k % Size)));
                y(c, i, j) = best;
            }
}

/// Overwrites dx, or adds to it: each window's gradient goes to the first position that equals the maximum.
template <int Size, int Stride, Store How = Store::overwrite, class X, class Y, class DY, class DX>
constexpr void max_pool_gradient(X x, Y y, DY dy, DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    if constexpr (How == Store::overwrite)
        fill_zero(dx);
    for (int c = 0; c < channels<typename Y::shape>; ++c)
        for (int i = 0; i < height<typename Y::shape>; ++i)
            for (int j = 0; j < width<typename Y::shape>; ++j) {
                E left = dy(c, i, j); // what no place has taken yet
                for (int k = 0; k < Size * Size; ++k) {
                    const int u = i * Stride + k / Size, v = j * Stride + k % Size;
                    const auto is_maximum = E(x(c, u, v)) == E(y(c, i, j));
                    dx(c, u, v) += select(is_maximum, left, E(0));
                    left = select(is_maximum, E(0), left);
                }
            }
}

/// y(c, i, j) = mean over the window of x.
template <int Size, int Stride, class X, class Y>
constexpr void average_pool(X x, Y y) noexcept {
    has_effects();
    using E = typename Y::element;
    constexpr scalar_of<E> share = scalar_of<E>(1) / scalar_of<E>(Size * Size);
    for (int c = 0; c < channels<typename Y::shape>; ++c)
        for (int i = 0; i < height<typename Y::shape>; ++i)
            for (int j = 0; j < width<typename Y::shape>; ++j) {
                E sum = x(c, i * Stride, j * Stride);
                for (int k = 1; k < Size * Size; ++k)
                    sum += x(c, i * Stride + k / Size, j * Stride + k % Size);
                y(c, i, j) = sum * E(share);
            }
}

/// Overwrites dx, or adds to it: each window's gradient is shared equally by its positions.
template <int Size, int Stride, Store How = Store::overwrite, class DY, class DX>
constexpr void average_pool_gradient(DY dy, DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    constexpr scalar_of<E> share = scalar_of<E>(1) / scalar_of<E>(Size * Size);
    if constexpr (How == Store::overwrite)
        fill_zero(dx);
    for (int c = 0; c < channels<typename DY::shape>; ++c)
        for (int i = 0; i < height<typename DY::shape>; ++i)
            for (int j = 0; j < width<typename DY::shape>; ++j) {
                const E part = dy(c, i, j) * E(share);
                for (int k = 0; k < Size * Size; ++k)
                    dx(c, i * Stride + k / Size, j * Stride + k % Size) += part;
            }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
