// Shape inference: walks through a topology, however its layers are nested, and writes them into one table,
// or finds the first problem. It knows no particular layer.
#pragma once

#include <lamina/problem/network.hpp>
#include <lamina/shape.hpp>
#include <lamina/topology/nesting.hpp>
#include <lamina/topology/net.hpp>
#include <lamina/topology/placed.hpp>
#include <lamina/topology/step.hpp>
#include <lamina/topology/table.hpp>
#include <lamina/topology/walk.hpp>

#include <boost/hana/fold_left.hpp>

#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI::topology {

template <class Inferred>
[[nodiscard]] consteval auto find_problem_of_table() {
    constexpr auto& table = Inferred::table;
    constexpr int too_many = table.first_beyond(2'147'483'647), unread = table.first_unread(),
                  unused = table.first_unused_name();
    if constexpr (too_many >= 0) {
        constexpr long long numbers = table.end_of(too_many);
        return std::type_identity<
            typename place_of_element<Inferred, too_many>::template parameters<numbers>::are_too_many>{};
    } else if constexpr (unused >= 0) {
        return std::type_identity<typename place_on<typename Inferred::topology,
                                                    name_route<Inferred, unused>>::type::is_never_used>{};
    } else if constexpr (unread >= 0) {
        return std::type_identity<
            typename place_of_element<Inferred, unread>::has_an_output_that_nothing_reads>{};
    } else {
        return std::type_identity<none>{};
    }
}

/// The first problem of the table that is seen only when it is complete, or that of the walk, or `none`.
template <class Topology, class Inferred>
[[nodiscard]] consteval auto find_problem() {
    constexpr int outputs = Inferred::table.first_outputs_within(HasProblem<typename Inferred::end>);
    if constexpr (outputs >= 0)
        return std::type_identity<
            typename place_of_element<Inferred, outputs>::must_be_the_last_of_the_network>{};
    else if constexpr (HasProblem<typename Inferred::end>)
        return std::type_identity<typename Inferred::end::problem>{};
    else if constexpr (Inferred::count == 0)
        return std::type_identity<lamina::problem::network_has_no_layers<Topology>>{};
    else
        return find_problem_of_table<Inferred>();
}
template <bool Exactly>
struct placed_as {
    template <class L, class In, class T>
    using of = Placed<L, In, T>;
};
template <>
struct placed_as<true> {
    template <class L, class In, class T>
    using of = PlacedExactly<L, In, T>;
};
template <class T>
inline constexpr bool is_number = std::is_same_v<T, float> || std::is_same_v<T, double>;

template <class Net>
using TableOf = Table<counts_of<Net>::elements, counts_of<Net>::inputs, counts_of<Net>::names>;

/// Walks through a topology and fills the table, as far as it comes.
template <class Topology, class In, class T>
constexpr auto walk_through(TableOf<typename plain<Topology>::type>& table) {
    using Net = typename plain<Topology>::type;
    return hana::fold_left(typename listed<Net>::members{}, Walk<In, Names<>>{},
                           Step<T, is_strict<Topology>, TableOf<Net>, problem::inside<>>{&table, {}, {}});
}
template <class Topology, class In, class T>
[[nodiscard]] consteval auto table_of() {
    TableOf<typename plain<Topology>::type> table;
    table.shape = In::extents;
    table.is_exact = is_exact<Topology> || !std::is_same_v<T, float>;
    const auto end = walk_through<Topology, In, T>(table);
    if constexpr (!HasProblem<decltype(end)>)
        table.result = end.value;
    return table;
}

/// The result: `problem`, which is `none` if the layers fit together, and then the table of elements.
template <class Topology, class In, class T>
struct Inferred {
    using problem = lamina::problem::not_a_model_of<Topology, In, T>;
};
template <class Topology, int... Extents, class T>
    requires(is_network<Topology> && !is_shape<Shape<Extents...>>)
struct Inferred<Topology, Shape<Extents...>, T> {
    using problem = Shape<Extents...>; // says itself what is wrong with it
};
template <class Topology, int Steps, class S, class T>
    requires(is_network<Topology> && !is_shape<Sequence<Steps, S>>)
struct Inferred<Topology, Sequence<Steps, S>, T> {
    using problem = Sequence<Steps, S>; // the same
};
template <class Topology, class In, class T>
    requires(is_network<Topology>&& is_shape<In>&& is_number<T>)
struct Inferred<Topology, In, T> {
    using topology = typename plain<Topology>::type;
    using input = In;
    using scalar = T;
    using Elements = TableOf<topology>;
    using end = decltype(walk_through<Topology, In, T>(std::declval<TableOf<topology>&>()));

    /// All elements, and `result`, the number of the value that the network returns.
    static constexpr auto table = table_of<Topology, In, T>();
    static constexpr int count = table.count;

    /// The layer of element `I` as it is written.
    template <int I>
    using layer_at = typename layer_on_route<topology, Inferred, I>::type;
    template <int V>
    using shape_at =
        typename detail::shape_of<detail::kind_of_shape(table.extents_of(V)), table.extents_of(V).extent[0],
                                  table.extents_of(V).extent[1], table.extents_of(V).extent[2],
                                  table.extents_of(V).extent[3]>::type;
    /// Element `I`, unless it is a join.
    template <int I>
    using at = typename placed_as<is_exact<Topology> || !std::is_same_v<T, float>>::template of<
        typename computed_as<table.elements[I].on_each_step>::template of<
            typename layer_on_route<topology, Inferred, I>::type>,
        typename detail::shape_of<detail::kind_of_shape(table.elements[I].input),
                                  table.elements[I].input.extent[0], table.elements[I].input.extent[1],
                                  table.elements[I].input.extent[2], table.elements[I].input.extent[3]>::type,
        T>;

    using problem = typename decltype(find_problem<Topology, Inferred>())::type;
};

} // namespace lamina::inline LAMINA_ABI::topology
