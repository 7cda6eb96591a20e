// The largest workspace that functions put on the stack.
#pragma once

#include <lamina/problem/network.hpp>

// The largest workspace that is put on the stack, in bytes. A program with a smaller or larger stack defines
// it, with the same value in all files.
#ifndef LAMINA_STACK_BUDGET
    #define LAMINA_STACK_BUDGET (2 * 1024 * 1024)
    // A function that needs more, as one with a large model among its variables does, is a warning: make the
    // model static, or std::make_unique<Model>(seed). (clang++ has this on its command line only:
    // CMakeLists.txt.) Not on microcontrollers, whose programs set a stricter limit, which this would raise.
    #if defined(__GNUC__) && !defined(__clang__) && defined(__unix__)
        #pragma GCC diagnostic warning "-Wframe-larger-than=2097152"
    #endif
#endif

namespace lamina::inline LAMINA_ABI {

inline constexpr long long stack_budget = LAMINA_STACK_BUDGET;

/// Does not compile if a workspace of `Bytes` exceeds the stack budget.
template <long long Bytes>
constexpr void require_stack() noexcept {
    if constexpr (Bytes > stack_budget)
        static_assert(
            sizeof(typename problem::workspace<Bytes>::template exceeds_the_stack_budget<stack_budget>) > 0);
}

} // namespace lamina::inline LAMINA_ABI
