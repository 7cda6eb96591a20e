// How often this program has allocated: allocations.cpp replaces the global operator new to count.
#pragma once

#include <cstddef>

namespace laws {

/// Calls of any operator new so far.
[[nodiscard]] std::size_t allocations() noexcept;

/// Bytes of the largest allocation since the last call.
[[nodiscard]] std::size_t take_largest() noexcept;

} // namespace laws
