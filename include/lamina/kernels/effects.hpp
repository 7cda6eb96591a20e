// A guard against a mistake of g++ 12.
#pragma once

#include <lamina/abi.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI::kernels {

/// Says that the function it stands in has effects. g++ 12 may rewrite a loop's stores so that it takes their
/// address for null, conclude that what comes after is never reached, and drop every call of the function as
/// one that does nothing. Costs no instruction.
[[gnu::always_inline]] constexpr void has_effects() noexcept {
    if (!std::is_constant_evaluated())
        asm volatile("" ::: "memory");
}

} // namespace lamina::inline LAMINA_ABI::kernels
