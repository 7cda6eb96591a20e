// The tensors that a layer lists, by lifetime, as views: see the concept `Layer`.
#pragma once

#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI {

namespace detail {
template <class In>
struct PerChannel {
    using type = Shape<In::extents[0]>;
};
template <>
struct PerChannel<AnyShape> {
    using type = AnyShape;
};
} // namespace detail
/// The shape of a tensor with a number for each channel, or for each element of a vector.
template <class In>
using per_channel = typename detail::PerChannel<In>::type;

template <class L, class In>
concept HasWeight = requires {
    typename L::template weight<In>;
};
template <class L, class In>
concept HasBias = requires {
    typename L::template bias<In>;
};

/// How the weight of such a layer begins.
template <class L, class In>
[[nodiscard]] constexpr Initial initial_weight_of() noexcept {
    if constexpr (requires { L::initial_weight; })
        return initial::constant{L::initial_weight};
    else
        return initial::drawn{L::template fan_in<In>, L::template fan_out<In>};
}

template <class L, class In>
concept ListsTrained = requires {
    typename L::template trained<In, float>;
};
template <class L, class In>
concept ListsKept = requires {
    typename L::template kept<In, float>;
};

namespace detail {
template <class L, class In>
concept ListsSaved = requires {
    typename L::template saved<In, float>;
};
/// (Run-time numbers carry nothing.)
template <class L, class In>
concept ListsCarried = !std::is_same_v<In, AnyShape> && requires {
    typename L::template carried<In, float>;
};
template <class L, class In>
concept HasGathered = requires {
    typename L::template gathered<In>;
};
template <class L, class In>
concept HasGatheredGradient = requires {
    typename L::template gathered_gradient<In>;
};
template <class L, class In>
concept Gathers = HasGathered<L, In> && HasGatheredGradient<L, In>;
} // namespace detail

/// y = scale x + shift: what a layer that `only_scales` does to one channel.
struct ScaleAndShift {
    double scale = 1, shift = 0;
};

/// The list of a layer that has no tensors of a kind.
struct NoTensors {
    static constexpr void fields(auto&, auto) noexcept {}
};
/// The lists of layers that say no more than `weight<In>`, and perhaps `bias<In>`.
template <class L, class In, class T>
struct WeightList {
    View<T, typename L::template weight<In>> weight;

    static constexpr void fields(auto& list, auto f) { f("weight", list.weight, initial_weight_of<L, In>()); }
};
template <class L, class In, class T>
struct WeightAndBiasList {
    View<T, typename L::template weight<In>> weight;
    View<T, typename L::template bias<In>> bias;

    static constexpr void fields(auto& list, auto f) {
        f("weight", list.weight, initial_weight_of<L, In>());
        f("bias", list.bias, initial::constant{0});
    }
};

/// The parameters `p` that layer `L` receives for inputs of shape `In`: views into an array of `T`.
template <class L, class In, class T>
struct parameters_of {
    using type = NoTensors;
};
template <class L, class In, class T>
    requires(HasWeight<L, In> && !HasBias<L, In> && !ListsTrained<L, In>)
struct parameters_of<L, In, T> {
    using type = WeightList<L, In, T>;
};
template <class L, class In, class T>
    requires(HasWeight<L, In>&& HasBias<L, In> && !ListsTrained<L, In>)
struct parameters_of<L, In, T> {
    using type = WeightAndBiasList<L, In, T>;
};
template <class L, class In, class T>
    requires ListsTrained<L, In>
struct parameters_of<L, In, T> {
    using type = typename L::template trained<In, T>;
};
template <class L, class In, class T>
struct kept_of {
    using type = NoTensors;
};
template <class L, class In, class T>
    requires ListsKept<L, In>
struct kept_of<L, In, T> {
    using type = typename L::template kept<In, T>;
};
template <class L, class In, class E>
struct saved_of {
    using type = NoTensors;
};
template <class L, class In, class E>
    requires(!StreamShape<In> && !detail::ListsCarried<L, In> &&
             requires { typename L::template saved<In, E>; })
struct saved_of<L, In, E> {
    using type = typename L::template saved<In, E>;
};
/// The lists `saved` and `carried` as one.
template <class Saved, class Carried>
struct SavedAndCarried : Saved, Carried {
    static constexpr void fields(auto& list, auto f) {
        Saved::fields(list, f);
        Carried::fields(list, f);
    }
};
/// In training on a sequence: what it carries from one window to the next lies behind what it saves.
template <class L, class In, class E>
    requires(!StreamShape<In> && detail::ListsCarried<L, In> &&
             requires { typename L::template saved<In, E>; })
struct saved_of<L, In, E> {
    using type = SavedAndCarried<typename L::template saved<In, E>, typename L::template carried<In, E>>;
};
template <class L, class In, class E>
    requires(!StreamShape<In> && detail::ListsCarried<L, In> &&
             !requires { typename L::template saved<In, E>; })
struct saved_of<L, In, E> {
    using type = typename L::template carried<In, E>;
};
/// In a stream: what it carries from one block to the next.
template <class L, class In, class E>
    requires StreamShape<In>
struct saved_of<L, In, E> {
    using type = NoTensors;
};
template <class L, class In, class E>
    requires(StreamShape<In>&& requires { typename L::template carried<In, E>; })
struct saved_of<L, In, E> {
    using type = typename L::template carried<In, E>;
};
template <class L, class In>
struct gathered_of {
    using type = NoTensors;
};
template <class L, class In>
    requires detail::Gathers<L, In>
struct gathered_of<L, In> {
    using type = typename L::template gathered<In>;
};
template <class L, class In>
struct gathered_gradient_of {
    using type = NoTensors;
};
template <class L, class In>
    requires detail::Gathers<L, In>
struct gathered_gradient_of<L, In> {
    using type = typename L::template gathered_gradient<In>;
};

} // namespace lamina::inline LAMINA_ABI
