// A layer on its input shape: its tensors, and its views of the flat arrays that hold them.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI::topology {

/// The alignment of every tensor in bytes: a cache line, which is also the widest vector.
inline constexpr int parameter_alignment = 64;

/// So many elements of T and the padding behind them.
template <class T>
[[nodiscard]] constexpr long long aligned(long long elements) noexcept {
    constexpr long long step = parameter_alignment / static_cast<int>(sizeof(T));
    return (elements + step - 1) / step * step;
}

/// The views of a list, one tensor after another from `base` on. Tensors of the flat array are aligned,
/// others are not.
template <class List, bool Aligned = true, class T>
[[nodiscard]] constexpr List list_at(T* base) noexcept {
    List list;
    List::fields(list, [&](const char*, auto& view, auto...) {
        view = std::remove_cvref_t<decltype(view)>{base};
        base += Aligned ? aligned<T>(view.size) : view.size;
    });
    return list;
}
/// Number of elements of T in a list, with padding, in a type that can hold even too large a number.
template <class List, class T>
inline constexpr long long list_extent = [] {
    long long extent = 0;
    List list;
    List::fields(list, [&](const char*, auto& view, auto...) { extent += aligned<T>(view.size); });
    return extent;
}();
/// The same without padding.
template <class List>
inline constexpr int elements_of = [] {
    int count = 0;
    List list;
    List::fields(list, [&](const char*, auto& view, auto...) { count += view.size; });
    return count;
}();

/// Layer `L` on inputs of shape `In`.
template <class L, class In, class T>
struct Placed {
    using layer = L;
    using input = In;
    using output = typename L::template output<In>;

    template <class Scalar>
    using trained = typename parameters_of<L, In, Scalar>::type;
    template <class Scalar>
    using kept = typename kept_of<L, In, Scalar>::type;
    template <class E>
    using saved = typename saved_of<L, In, E>::type;
    using gathered = typename gathered_of<L, In>::type;
    using gathered_gradient = typename gathered_gradient_of<L, In>::type;
    static constexpr bool gathers = detail::Gathers<L, In>;

    static constexpr long long trained_extent = list_extent<trained<const T>, T>;
    static constexpr long long kept_extent = list_extent<kept<const T>, T>;
    static constexpr bool learns = trained_extent > 0;
    /// Whether its functions ask for nothing but its parameters and what is applied to its results.
    static constexpr bool is_plain = kept_extent == 0 && elements_of<saved<float>> == 0 && !gathers &&
                                     (
                                         requires { requires L::takes_activation; } ||
                                         requires(View<const float, In> x, View<float, output> y,
                                                  trained<const float> p) { L::forward(x, p, y); });

    /// Its views of its part of an array of parameters, or of their gradients.
    template <class Scalar>
    [[nodiscard]] static constexpr auto parameters(Scalar* part) noexcept {
        return list_at<trained<Scalar>>(part);
    }
    template <class Scalar>
    [[nodiscard]] static constexpr auto kept_at(Scalar* part) noexcept {
        return list_at<kept<Scalar>>(part);
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
