// Loops whose index is a constant.
#pragma once

#include <lamina/abi.hpp>

#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI {

/// f(0, 1, ..., N - 1), each argument an `std::integral_constant`: to expand a list of types or values in one
/// expression.
template <int N, class F>
[[gnu::always_inline]] constexpr decltype(auto) with_indices(F f) {
    const auto call = [&]<int... I>(std::integer_sequence<int, I...>)->decltype(auto) {
        return f(std::integral_constant<int, I>{}...);
    };
    return call(std::make_integer_sequence<int, N>{});
}

/// f(0); f(1); ... f(N - 1), each argument an `std::integral_constant`.
template <int N, class F>
[[gnu::always_inline]] constexpr void for_each_index(F f) {
    const auto call = [&]<int... I>(std::integer_sequence<int, I...>) { // a name of few characters for each I
        (f(std::integral_constant<int, I>{}), ...);
    };
    call(std::make_integer_sequence<int, N>{});
}

} // namespace lamina::inline LAMINA_ABI
