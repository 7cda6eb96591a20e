// The arguments of a model's `forward`, and their checks.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/problem/forward.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

template <class...>
struct types {};

/// Whether each type of the first list converts to its counterpart in the second. (g++ 12 answers
/// `std::is_invocable` wrongly for arrays.)
template <class From, class To>
inline constexpr bool convert = false;
template <class... From, class... To>
    requires(sizeof...(From) == sizeof...(To))
inline constexpr bool convert<types<From...>, types<To...>> = (std::is_convertible_v<From, To> && ...);

/// The number of elements, if the type has it: `std::span<const float, 784>`, `std::array<float, 784>`.
template <class X>
inline constexpr std::size_t known_count = decltype(std::span{*static_cast<const X*>(nullptr)})::extent;

} // namespace detail

/// A tensor or a view.
template <class X>
concept HasShape = requires {
    typename X::shape;
};
/// Neighbouring numbers `T` in the caller's memory: a span, a vector or an array, but not a tensor, which has
/// a shape. (The test for a tensor comes first, because it compiles fastest.)
template <class X, class T>
concept NumbersOf =
    !HasShape<X> && std::is_convertible_v<const X&, std::span<const T>> && requires(const X& x) {
    std::span{x};
};

template <class X>
inline constexpr bool has_known_count = detail::known_count<X> != std::dynamic_extent;

/// The numbers as a tensor of shape `S`, without a copy. A wrong number of elements does not compile if the
/// type shows it; otherwise it throws `data_error`.
template <class S, class T, NumbersOf<T> X>
[[nodiscard]] constexpr View<const T, S> input_view(const X& numbers) noexcept(has_known_count<X>) {
    constexpr std::size_t known = detail::known_count<X>;
    const std::span<const T> all{numbers};
    if constexpr (known == std::dynamic_extent) {
        constexpr Text shape = to_text(S::extents);
        if (all.size() != as_size(S::size))
            raise<data_error>("forward: expected ", S::size, " numbers for an input of ", shape.characters,
                              ", found ", all.size());
    } else if constexpr (known != as_size(S::size)) {
        static_assert(sizeof(typename problem::numbers<known>::template do_not_fill_an_input_of<S>) > 0);
    }
    return View<const T, S>{all.data()};
}

/// Throws `data_error` if the outputs y overlap the inputs x, unless each output exactly replaces its own
/// input. Both have `samples` elements, of `x_bytes` and `y_bytes` bytes each.
inline void require_apart(const void* x, std::size_t x_bytes, const void* y, std::size_t y_bytes,
                          std::size_t samples) {
    const auto input = reinterpret_cast<std::uintptr_t>(x), output = reinterpret_cast<std::uintptr_t>(y);
    if (input < output + samples * y_bytes && output < input + samples * x_bytes &&
        (input != output || x_bytes != y_bytes))
        raise<data_error>(
            "forward: expected outputs that lie apart from the inputs, found some that overlap");
}
/// Throws `data_error` unless y has at least as many elements as x and does not overlap it (see
/// `require_apart`).
template <class In, class Out>
void require_outputs(std::span<const In> x, std::span<Out> y) {
    if (y.size() < x.size())
        raise<data_error>("forward: expected room for the outputs of ", x.size(), " inputs, found ",
                          y.size());
    require_apart(x.data(), sizeof(In), y.data(), sizeof(Out), x.size());
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
