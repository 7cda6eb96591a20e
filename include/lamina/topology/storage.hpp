// Lists of a table and of a plan: arrays while compiling, and lists that grow at run time (dynamic/plan.hpp).
// So the functions that plan are written once.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>

namespace lamina::inline LAMINA_ABI::topology {

/// The number of elements of a list that grows at run time.
inline constexpr int run_time = -1;

/// One of two types. (Unlike `std::conditional` it is instantiated twice in all.)
template <bool First>
struct choose {
    template <class A, class>
    using of = A;
};
template <>
struct choose<false> {
    template <class, class B>
    using of = B;
};

/// A list that grows, with the members `resize` and `operator[]`: see dynamic/plan.hpp.
template <class T>
class Grown;

/// A list of at most so many elements, or one that grows.
template <class T, int Count>
using Storage =
    typename choose<Count == run_time>::template of<Grown<T>,
                                                    T[static_cast<std::size_t>(Count > 0 ? Count : 1)]>;

/// How many values there are of so many elements: with the input of the network.
[[nodiscard]] constexpr int values_of(int elements) noexcept {
    return elements == run_time ? run_time : elements + 1;
}
/// How many gradients and scratch buffers there are of so many values.
[[nodiscard]] constexpr int buffers_of(int values) noexcept {
    return values == run_time ? run_time : 2 * values;
}

} // namespace lamina::inline LAMINA_ABI::topology
