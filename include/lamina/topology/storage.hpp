// Lists of a table and of a plan: arrays while compiling, and lists that grow at run time (dynamic/plan.hpp).
// So the functions that plan are written once.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>

namespace lamina::inline LAMINA_ABI::topology {

/// The number of elements of a list that grows at run time.
inline constexpr int run_time = -1;

template <int Count>
struct storage_of {
    template <class T>
    using type = T[static_cast<std::size_t>(Count > 0 ? Count : 1)];
};
template <>
struct storage_of<run_time>;

/// A list of at most so many elements, or one with the members `resize` and `operator[]`.
template <class T, int Count>
using Storage = typename storage_of<Count>::template type<T>;

/// How many values there are of so many elements: with the input of the network.
[[nodiscard]] constexpr int values_of(int elements) noexcept {
    return elements == run_time ? run_time : elements + 1;
}
/// How many gradients and scratch buffers there are of so many values.
[[nodiscard]] constexpr int buffers_of(int values) noexcept {
    return values == run_time ? run_time : 2 * values;
}

} // namespace lamina::inline LAMINA_ABI::topology
