// A guard against a bug of g++ 12.
#pragma once

#include <lamina/abi.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI::kernels {

/// Tells the compiler that the calling function has effects. g++ 12 may rewrite the stores of a loop so that
/// it takes their address for null, conclude that the code after them is never reached, and remove every call
/// of the function. This costs no instruction.
[[gnu::always_inline]] constexpr void has_effects() noexcept {
    if (!std::is_constant_evaluated())
        asm volatile("" ::: "memory");
}

} // namespace lamina::inline LAMINA_ABI::kernels
