// A layer on its input shape: its tensors, and its views of the flat arrays that hold them.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/parameters.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <string_view>
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

/// The lists of layers that only have a weight, or a weight and a bias, which are made at once.
template <class List>
inline constexpr int short_form = 0;
template <class L, class In, class T>
inline constexpr int short_form<WeightList<L, In, T>> = 1;
template <class L, class In, class T>
inline constexpr int short_form<WeightAndBiasList<L, In, T>> = 2;

/// The views of a list, one tensor after another from `base` on. Tensors of the flat array are aligned,
/// others are not.
template <class List, bool Aligned = true, class T>
[[nodiscard]] constexpr List list_at(T* base) noexcept {
    List list{};
    List::fields(list, [&](const char*, auto& view, auto...) {
        view = std::remove_cvref_t<decltype(view)>{base};
        base += Aligned ? aligned<T>(view.size) : view.size;
    });
    return list;
}

/// The shape of any view, and what writes a list as numbers. (Not templates of the list, so that they are
/// compiled once for each view.)
struct ShapeOfView {
    dims extents;

    template <class V>
    constexpr ShapeOfView(const V& /*view*/) noexcept : extents{V::shape::extents} {}
};
struct CollectTensors {
    ListedTensor* all;
    int* count;

    constexpr void operator()(std::string_view name, ShapeOfView view, Initial start = {}) const noexcept {
        if (all != nullptr)
            all[*count] = {name, view.extents, start};
        ++*count;
    }
};
/// A list as numbers.
template <class List>
struct Collected {
    static constexpr int count = [] {
        int n = 0;
        List list{};
        List::fields(list, CollectTensors{nullptr, &n});
        return n;
    }();
    struct Tensors {
        ListedTensor all[std::size_t{count}];
    };
    static constexpr Tensors tensors = [] {
        Tensors found{};
        int n = 0;
        List list{};
        List::fields(list, CollectTensors{found.all, &n});
        return found;
    }();
    static constexpr ListedTensors value{tensors.all, count};
};
template <class List>
inline constexpr ListedTensors tensors_of = Collected<List>::value;
template <>
inline constexpr ListedTensors tensors_of<NoTensors>{};
/// Number of elements in a list, without padding.
template <class List>
inline constexpr int elements_of = static_cast<int>(tensors_of<List>.extent());

template <class L, class In>
concept AsksForScratch = requires {
    requires(L::template scratch<In>().forward + L::template scratch<In>().backward > 0);
};

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

    static constexpr long long trained_extent = tensors_of<trained<const T>>.extent(aligned<T>(1));
    static constexpr long long kept_extent = tensors_of<kept<const T>>.extent(aligned<T>(1));
    static constexpr bool learns = trained_extent > 0;
    /// Whether its functions ask for nothing but its parameters and what is applied to its results.
    static constexpr bool is_plain = kept_extent == 0 && elements_of<saved<float>> == 0 && !gathers &&
                                     (
                                         requires { requires L::asks_for_after_alone; } ||
                                         requires(View<const float, In> x, View<float, output> y,
                                                  trained<const float> p) { L{}.forward(x, p, y); });

    /// Its views of its part of an array of parameters, or of their gradients.
    template <class Scalar>
    [[nodiscard]] static constexpr auto parameters(Scalar* part) noexcept {
        using List = trained<Scalar>;
        if constexpr (short_form<List> == 1)
            return List{decltype(List::weight){part}};
        else if constexpr (short_form<List> == 2)
            return List{decltype(List::weight){part},
                        decltype(List::bias){part + aligned<T>(decltype(List::weight)::size)}};
        else
            return list_at<List>(part);
    }
    template <class Scalar>
    [[nodiscard]] static constexpr auto kept_at(Scalar* part) noexcept {
        return list_at<kept<Scalar>>(part);
    }
};

/// The same in an `Exact` network, and in double: without memory for another algorithm a layer computes what
/// defines it.
template <class L, class In, class T>
struct PlacedExactly : Placed<L, In, T> {};

/// Whether a placed layer is given the scratch memory that it asks for.
template <class P>
inline constexpr bool uses_scratch = false;
template <class L, class In, class T>
    requires AsksForScratch<L, In>
inline constexpr bool uses_scratch<Placed<L, In, T>> = true;
/// What it is given.
template <class P>
[[nodiscard]] consteval Scratch scratch_of() noexcept {
    if constexpr (uses_scratch<P>)
        return P::layer::template scratch<typename P::input>();
    else
        return {};
}

/// What it is given in a `Prepared` model; of a join, nothing.
template <class P>
inline constexpr PreparedExtent prepared_of{};
template <class L, class In, class T>
    requires requires { L::template prepared<In>(); }
inline constexpr PreparedExtent prepared_of<Placed<L, In, T>> = L::template prepared<In>();

} // namespace lamina::inline LAMINA_ABI::topology
