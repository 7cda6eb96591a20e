// Shape inference: walks over the layers of a topology and finds each layer's shapes and the position of its
// parameters, or the first problem. It does not depend on any particular layer.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/network.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/net.hpp>

#include <boost/hana/fold_left.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI::topology {

namespace hana = boost::hana;

/// The alignment of every weight and bias in bytes: a cache line, which is also the widest vector.
inline constexpr int parameter_alignment = 64;

/// A placed layer: its index, its shapes, and the position of its parameters in the flat array (in elements
/// of T).
template <int Index, class L, class In, int Offset, class T>
struct Placed {
    static constexpr int index = Index;
    using layer = L;
    using input = In;
    using output = typename L::template output<In>;

    static constexpr bool has_weight = HasWeight<L, In>;
    static constexpr bool has_bias = HasBias<L, In>;
    /// Whether its initial weights are random.
    static constexpr bool draws_weight = has_weight && !requires { L::initial_weight; };

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

    [[nodiscard]] static constexpr long long aligned(long long elements) noexcept {
        constexpr long long step = parameter_alignment / static_cast<int>(sizeof(T));
        return (elements + step - 1) / step * step;
    }
    /// The end of its parameters, in a type that can hold even too large a number.
    static constexpr long long end = Offset + aligned(weight_size) + aligned(bias_size);
    static constexpr int weight_offset = Offset;
    static constexpr int bias_offset = static_cast<int>(Offset + aligned(weight_size));
    static constexpr int end_offset = static_cast<int>(end);

    /// This layer's views into a flat array of parameters or gradients.
    template <class Scalar>
    [[nodiscard]] static constexpr auto parameters(Scalar* base) noexcept {
        using P = typename parameters_of<L, In, Scalar>::type;
        if constexpr (has_bias)
            return P{decltype(P::weight){base + weight_offset}, decltype(P::bias){base + bias_offset}};
        else if constexpr (has_weight)
            return P{decltype(P::weight){base + weight_offset}};
        else
            return P{};
    }
};

/// The position of the walk: before the first layer, at a layer (a `Placed`), or stopped by a problem.
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
/// The state of the walk: its position and, as numbers, the input and the position of each layer. (A type
/// that lists the layers themselves would have a long name at every step.)
template <class At, std::size_t Layers>
struct Walk {
    using at = At;
    std::array<dims, Layers> inputs = {};
    std::array<int, Layers> offsets = {};
};

template <class Verdict>
inline constexpr bool is_verdict = false;
template <>
inline constexpr bool is_verdict<none> = true;
template <class Problem>
inline constexpr bool is_verdict<fault<Problem>> = true;

/// The result of the layer's own `find_fault`.
template <class L, class In, class Where>
[[nodiscard]] consteval auto own_check() {
    if constexpr (requires { L::template find_fault<In, Where>(); }) {
        using Verdict = std::remove_cv_t<decltype(L::template find_fault<In, Where>())>;
        if constexpr (is_verdict<Verdict>)
            return Verdict{};
        else
            return fault<typename Where::template has_a_find_fault_that_returns<Verdict>>{};
    } else {
        return none{};
    }
}

/// The member that a layer with a name and an output lacks for this input.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_functions() {
    using namespace detail;
    if constexpr (HasBias<L, In> && !HasWeight<L, In>)
        return fault<typename Where::template has_a_bias_without_a_weight_on<In>>{};
    else if constexpr (HasWeight<L, In> && !HasWeightShape<L, In>)
        return fault<typename Where::template tensor<typename L::template weight<In>>::is_not_a_shape>{};
    else if constexpr (HasBias<L, In> && !HasBiasShape<L, In>)
        return fault<typename Where::template tensor<typename L::template bias<In>>::is_not_a_shape>{};
    else if constexpr (!HasForward<L, In>)
        return fault<typename Where::template has_no_forward_on<In>>{};
    else if constexpr (!HasInputGradient<L, In>)
        return fault<typename Where::template has_no_input_gradient_on<In>>{};
    else if constexpr (HasWeight<L, In> && !HasParameterGradient<L, In>)
        return fault<typename Where::template has_no_parameter_gradient_on<In>>{};
    else
        return fault<typename Where::template has_no_initial_weight_on<In>>{};
}

template <class Topology>
inline constexpr bool is_network = false;
template <class... Layers>
inline constexpr bool is_network<Net<Layers...>> = true;
template <class... Layers>
inline constexpr bool is_network<Strict<Net<Layers...>>> = true;

/// Access to layers by their index. (Each `hana::at_c` costs Clang memory in proportion to the length of the
/// list.)
template <int I, class L>
struct numbered_layer {
    using type = L;
};
template <class Numbers, class... Layers>
struct numbered;
template <int... I, class... Layers>
struct numbered<std::integer_sequence<int, I...>, Layers...> : numbered_layer<I, Layers>... {};
template <int I, class L>
numbered_layer<I, L> look_up(numbered_layer<I, L>*);

/// The layers of a network as Hana types.
template <class Topology>
struct listed;
template <class... Layers>
struct listed<Net<Layers...>> {
    static constexpr int count = sizeof...(Layers);
    static constexpr bool strictly = false;
    using layers = hana::tuple<hana::type<Layers>...>;
    using numbered_layers = numbered<std::make_integer_sequence<int, count>, Layers...>;
    template <int I>
    using at = typename decltype(look_up<I>(static_cast<numbered_layers*>(nullptr)))::type;
};
template <class Topology>
struct listed<Strict<Topology>> : listed<Topology> {
    static constexpr bool strictly = true;
};

/// The first member that `L` lacks to be a layer on this input.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_members() {
    using namespace detail;
    if constexpr (is_network<L>)
        return fault<typename Where::is_a_network>{};
    else if constexpr (std::is_class_v<L> && !requires { sizeof(L); })
        return fault<typename Where::is_only_declared>{};
    else if constexpr (!HasName<L> && !requires { typename L::template output<In>; })
        return fault<typename Where::is_not_a_layer>{};
    else if constexpr (!HasName<L>)
        return fault<typename Where::has_no_name>{};
    else if constexpr (!requires { typename L::template output<In>; })
        return fault<typename Where::template has_no_output_on<In>>{};
    else if constexpr (!HasOutput<L, In>)
        return fault<typename Where::template tensor<typename L::template output<In>>::is_not_a_shape>{};
    else
        return check_functions<L, In, Where>();
}

/// The problem of a layer on this input, or `none`. `find_fault` is called before the output is looked at; a
/// layer without `find_fault` accepts any input.
template <class L, class In, class Where, bool Strictly>
[[nodiscard]] consteval auto check_layer() {
    if constexpr (requires { typename decltype(own_check<L, In, Where>())::type; })
        return own_check<L, In, Where>();
    else if constexpr (!Layer<L, In>)
        return check_members<L, In, Where>();
    else if constexpr (requires { requires L::name.is_cut(); })
        return fault<typename Where::has_a_name_that_is_too_long>{};
    else if constexpr (!std::is_empty_v<L>)
        return fault<typename Where::has_state>{};
    else if constexpr (detail::HasParameterGradientOfNothing<L, In>)
        return fault<typename Where::template has_a_parameter_gradient_without_a_weight_on<In>>{};
    else if constexpr (Strictly && requires { L::template find_fault_strictly<In, Where>(); })
        return L::template find_fault_strictly<In, Where>();
    else
        return none{};
}

/// Moves the walk on by one layer.
template <class T, bool Strictly>
struct Step {
    template <class At, std::size_t Layers, class L>
    constexpr auto operator()(Walk<At, Layers> walk, hana::basic_type<L>) const {
        if constexpr (requires { typename At::problem; }) {
            return walk; // the first problem is the only one reported: what follows would be guesswork
        } else {
            using In = typename At::output;
            using Where = problem::layer<At::index + 1, L>;
            using verdict = decltype(check_layer<L, In, Where, Strictly>());
            if constexpr (requires { typename verdict::type; }) {
                return Walk<Stopped<typename verdict::type>, Layers>{};
            } else {
                using Next = Placed<At::index + 1, L, In, At::end_offset, T>;
                constexpr long long most = 2'147'483'647; // offsets are ints
                if constexpr (Next::end > most) {
                    using problem = typename Where::template parameters<Next::end>::are_too_many;
                    return Walk<Stopped<problem>, Layers>{};
                } else {
                    walk.inputs[std::size_t{Next::index}] = In::extents;
                    walk.offsets[std::size_t{Next::index}] = Next::weight_offset;
                    return Walk<Next, Layers>{walk.inputs, walk.offsets};
                }
            }
        }
    }
};

template <class T>
inline constexpr bool is_number = std::is_same_v<T, float> || std::is_same_v<T, double>;

/// The input shape of layer `I`, from the numbers of the walk.
template <class Inferred, int I,
          class Axes = std::make_integer_sequence<int, Inferred::walked.inputs[std::size_t{I}].rank>>
struct input_of;
template <class Inferred, int I, int... Axis>
struct input_of<Inferred, I, std::integer_sequence<int, Axis...>> {
    using type = Shape<Inferred::walked.inputs[std::size_t{I}][Axis]...>;
};

template <class Inferred, class Indices = std::make_integer_sequence<int, Inferred::count>>
struct all_layers_of;
template <class Inferred, int... I>
struct all_layers_of<Inferred, std::integer_sequence<int, I...>> {
    using type = hana::tuple<hana::type<typename Inferred::template at<I>>...>;
};

/// The result: `problem`, which is `none` if the layers fit together, and then the placed layers.
template <class Topology, class In, class T>
struct Inferred {
    using problem = lamina::problem::not_a_model_of<Topology, In, T>;
};
template <class Topology, int... Extents, class T>
    requires(is_network<Topology> && !is_shape<Shape<Extents...>>)
struct Inferred<Topology, Shape<Extents...>, T> {
    using problem = Shape<Extents...>; // says itself what is wrong with it
};
template <class Topology, class In, class T>
    requires(is_network<Topology>&& is_shape<In>&& is_number<T>)
struct Inferred<Topology, In, T> {
    static constexpr int count = listed<Topology>::count;
    static constexpr auto walked =
        hana::fold_left(typename listed<Topology>::layers{}, Walk<Start<In>, std::size_t{count}>{},
                        Step<T, listed<Topology>::strictly>{});
    using last = typename decltype(walked)::at;

    [[nodiscard]] static consteval auto find_problem() noexcept {
        if constexpr (requires { typename last::problem; })
            return hana::type_c<typename last::problem>;
        else if constexpr (count == 0)
            return hana::type_c<lamina::problem::network_has_no_layers<Topology>>;
        else
            return hana::type_c<none>;
    }
    using problem = typename decltype(find_problem())::type;

    /// The placed layer `I`.
    template <int I>
    using at = Placed<I, typename listed<Topology>::template at<I>, typename input_of<Inferred, I>::type,
                      walked.offsets[std::size_t{I}], T>;
    /// All placed layers.
    using layers = typename all_layers_of<Inferred>::type;
};

} // namespace lamina::inline LAMINA_ABI::topology
