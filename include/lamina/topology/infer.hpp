// The walk over a topology: from an input shape to every layer's shapes and place in the parameters, or to
// the first problem. It knows no layer.
#pragma once

#include <lamina/layers/parameters.hpp>
#include <lamina/problems.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/net.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/back.hpp>
#include <boost/hana/drop_front.hpp>
#include <boost/hana/scan_left.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include <cstddef>

namespace lamina::topology {

namespace hana = boost::hana;

/// Every weight and bias starts on this many bytes: a cache line, and the widest vector.
inline constexpr int parameter_alignment = 64;

template <class L, class In>
concept HasWeight = requires {
    typename L::template weight<In>;
};
template <class L, class In>
concept HasBias = requires {
    typename L::template bias<In>;
};

/// A layer in its place: its index, shapes, and where its parameters start in the flat array (in elements of
/// T).
template <int Index, class L, class In, int Offset, class T>
struct Placed {
    static constexpr int index = Index;
    using layer = L;
    using input = In;
    using output = typename L::template output<In>;

    static constexpr bool has_weight = HasWeight<L, In>;
    static constexpr bool has_bias = HasBias<L, In>;
    static_assert(has_weight || !has_bias, "a layer with a bias has a weight too");

    static constexpr int weight_size = [] {
        if constexpr (has_weight)
            return L::template weight<In>::size;
        else
            return 0;
    }();
    static constexpr int bias_size = [] {
        if constexpr (has_bias)
            return L::template bias<In>::size;
        else
            return 0;
    }();

    [[nodiscard]] static constexpr int aligned(int elements) noexcept {
        constexpr int step = parameter_alignment / static_cast<int>(sizeof(T));
        return (elements + step - 1) / step * step;
    }
    static constexpr int weight_offset = Offset;
    static constexpr int bias_offset = Offset + aligned(weight_size);
    static constexpr int end_offset = bias_offset + aligned(bias_size);

    /// This layer's views into a flat array of parameters or gradients.
    template <class Scalar>
    [[nodiscard]] static constexpr auto parameters(Scalar* base) noexcept {
        if constexpr (has_bias) {
            using W = View<Scalar, typename L::template weight<In>>;
            using B = View<Scalar, typename L::template bias<In>>;
            return Parameters<W, B>{W{base + weight_offset}, B{base + bias_offset}};
        } else if constexpr (has_weight) {
            using W = View<Scalar, typename L::template weight<In>>;
            return WeightOnly<W>{W{base + weight_offset}};
        } else {
            return NoParameters{};
        }
    }
};

/// States of the walk: before the first layer; at a layer (a `Placed`); stopped by a problem.
template <class In>
struct Start {
    static constexpr int index = -1;
    using output = In;
    static constexpr int end_offset = 0;
};
template <class Problem>
struct Stopped {
    using problem = Problem;
};

/// What a layer says of its input: `none`, or a `fault`. A layer without a `check` takes any.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_layer() {
    if constexpr (
        !requires { typename L::template output<In>; } && !requires { L::template check<In, Where>(); })
        return fault<typename Where::is_not_a_layer>{};
    else if constexpr (requires { L::template check<In, Where>(); })
        return L::template check<In, Where>();
    else
        return none{};
}

template <class T>
struct Step {
    template <class State, class L>
    constexpr auto operator()(hana::basic_type<State> state, hana::basic_type<L>) const {
        if constexpr (requires { typename State::problem; }) {
            return state; // the first problem is the only one reported: what follows would be guesswork
        } else {
            using In = typename State::output;
            constexpr int index = State::index + 1;
            using verdict = decltype(check_layer<L, In, layer<index, L>>());
            if constexpr (requires { typename verdict::type; })
                return hana::type_c<Stopped<typename verdict::type>>;
            else
                return hana::type_c<Placed<index, L, In, State::end_offset, T>>;
        }
    }
};

template <class Topology, class In, class T>
struct Inferred;

/// The result: `problem`, which is `none` when all is well, and then `layers`, a Hana tuple of the placed
/// ones.
template <class... Layers, class In, class T>
struct Inferred<Net<Layers...>, In, T> {
    static constexpr int count = sizeof...(Layers);
    using states = decltype(hana::scan_left(hana::tuple_t<Layers...>, hana::type_c<Start<In>>, Step<T>{}));
    using last = typename decltype(+hana::back(states{}))::type;

    [[nodiscard]] static consteval auto find_problem() noexcept {
        if constexpr (requires { typename last::problem; })
            return hana::type_c<typename last::problem>;
        else if constexpr (count == 0)
            return hana::type_c<network_has_no_layers<Net<Layers...>>>;
        else
            return hana::type_c<none>;
    }
    using problem = typename decltype(find_problem())::type;

    using layers = decltype(hana::drop_front(states{}));
    template <int I>
    using at = typename decltype(+hana::at_c<static_cast<std::size_t>(I)>(layers{}))::type;
};

} // namespace lamina::topology
