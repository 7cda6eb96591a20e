// Biases, for layers that have one and layers that have none.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// In place of the biases of a layer that has none.
struct NoBias {
    [[nodiscard, gnu::always_inline]] constexpr NoBias operator+(std::ptrdiff_t /*outputs*/) const noexcept {
        return {};
    }
};
/// In place of a pointer to biases, for extents known at run time: it may be null.
template <class T>
struct MaybeBias {
    const T* biases;

    [[nodiscard, gnu::always_inline]] constexpr MaybeBias operator+(std::ptrdiff_t outputs) const noexcept {
        return {biases == nullptr ? nullptr : biases + outputs};
    }
};
/// The bias of output o, in all lanes: 0 if there is none.
template <class E, class T>
[[nodiscard, gnu::always_inline]] constexpr E bias_at(const T* b, int o) noexcept {
    return E(b[o]);
}
template <class E>
[[nodiscard, gnu::always_inline]] constexpr E bias_at(NoBias, int) noexcept {
    return E(scalar_of<E>(0));
}
template <class E, class T>
[[nodiscard, gnu::always_inline]] constexpr E bias_at(MaybeBias<T> b, int o) noexcept {
    if (b.biases == nullptr)
        return E(T(0));
    return E(b.biases[o]);
}

/// Adds to the gradient of a bias, or overwrites it, where there is one.
template <class T>
[[gnu::always_inline]] constexpr void accumulate_bias(NoBias, int, T, bool) noexcept {}
template <class T>
[[gnu::always_inline]] constexpr void accumulate_bias(T* db, int o, T part, bool overwrite) noexcept {
    if (db != nullptr)
        accumulate(db[o], part, overwrite);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
