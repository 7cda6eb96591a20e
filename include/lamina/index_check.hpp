// Whether indices are checked, and the check.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/error.hpp>

#include <stdexcept>
#include <type_traits>

namespace lamina::inline LAMINA_ABI {

/// Whether indices are checked at run time: true unless compiled with NDEBUG. In constant expressions they
/// are always checked. Functions that depend on this are always inlined, so files compiled with and without
/// NDEBUG do not share them, and each keeps its own behaviour.
#if defined(NDEBUG)
inline constexpr bool checks_indices = false;
#else
inline constexpr bool checks_indices = true;
#endif

[[noreturn, gnu::cold, gnu::noinline]] inline void index_error(long long lowest, long long highest,
                                                               long long found) {
    raise<std::out_of_range>("expected an index from ", lowest, " to ", highest, ", found ", found);
}
/// Throws `std::out_of_range` if indices are checked and this one is not in [lowest, end).
[[gnu::always_inline]] constexpr void require_index(long long index, long long lowest,
                                                    long long end) noexcept(!checks_indices) {
    if (checks_indices || std::is_constant_evaluated())
        if (index < lowest || index >= end)
            index_error(lowest, end - 1, index);
}

} // namespace lamina::inline LAMINA_ABI
