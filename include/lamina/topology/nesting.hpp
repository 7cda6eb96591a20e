// How topologies are nested: the members of each list, the way to a layer, and how its place is spelled in
// messages.
#pragma once

#include <lamina/problem/network.hpp>
#include <lamina/topology/net.hpp>
#include <lamina/topology/table.hpp>

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/type.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI::topology {

namespace hana = boost::hana;

/// The `Net` of a topology, strict and exact or not.
template <class Topology>
struct plain {
    using type = Topology;
};
template <class Topology>
struct plain<Strict<Topology>> : plain<Topology> {};
template <class Topology>
struct plain<Exact<Topology>> : plain<Topology> {};
template <class Topology>
inline constexpr bool is_strict = false;
template <class Topology>
inline constexpr bool is_strict<Strict<Topology>> = true;
template <class Topology>
inline constexpr bool is_strict<Exact<Topology>> = is_strict<Topology>;
template <class Topology>
inline constexpr bool is_exact = false;
template <class Topology>
inline constexpr bool is_exact<Exact<Topology>> = true;
template <class Topology>
inline constexpr bool is_exact<Strict<Topology>> = is_exact<Topology>;

template <class Topology>
inline constexpr bool is_network = false;
template <class... Layers>
inline constexpr bool is_network<Net<Layers...>> = true;
template <class... Layers>
inline constexpr bool is_network<Strict<Net<Layers...>>> = true;
template <class... Layers>
inline constexpr bool is_network<Exact<Net<Layers...>>> = true;
template <class... Layers>
inline constexpr bool is_network<Exact<Strict<Net<Layers...>>>> = true;
template <class... Layers>
inline constexpr bool is_network<Strict<Exact<Net<Layers...>>>> = true;

/// Access to the members of a list by their position. (Each `hana::at_c` costs Clang memory in proportion to
/// the length of the list.)
template <int I, class L>
struct numbered_layer {
    using type = L;
};
template <class Numbers, class... Layers>
struct numbered;
template <int... I, class... Layers>
struct numbered<std::integer_sequence<int, I...>, Layers...> : numbered_layer<I, Layers>... {
    // A `hana::tuple` asks whether each of its elements can be constructed, 20 instantiations of its own.
    using members = hana::basic_tuple<hana::type<numbered_layer<I, Layers>>...>;
};
template <int I, class L>
numbered_layer<I, L> look_up(numbered_layer<I, L>*);

/// The members of a Net, a Repeat or a join.
template <class... Layers>
struct list {
    static constexpr int count = sizeof...(Layers);
    using numbers = numbered<std::make_integer_sequence<int, count>, Layers...>;
    using members = typename numbers::members;
    template <int I>
    using at = typename decltype(look_up<I>(static_cast<numbers*>(nullptr)))::type;
};
template <class... Layers>
struct in_one {
    using type = Net<Layers...>;
};
template <class L>
struct in_one<L> {
    using type = L;
};
template <class L, class Count>
struct repeated;
template <class L, int... I>
struct repeated<L, std::integer_sequence<int, I...>> {
    template <int>
    using each = L;
    using type = list<each<I>...>;
};

template <class Operation, class... Branches>
std::type_identity<Operation> operation_of_join(const joins::Join<Operation, Branches...>*);
template <class Operation, class... Branches>
list<Branches...> branches_of_join(const joins::Join<Operation, Branches...>*);
template <class L>
concept IsJoin = requires(const L* l) {
    operation_of_join(l);
};
template <class L>
struct operation_of {
    using type = typename decltype(operation_of_join(static_cast<const L*>(nullptr)))::type;
};

template <class L>
struct listed;
template <class... Layers>
struct listed<Net<Layers...>> : list<Layers...> {};
template <int Count, class... Layers>
struct listed<Repeat<Count, Layers...>>
    : repeated<typename in_one<Layers...>::type, std::make_integer_sequence<int, Count>>::type {};
template <IsJoin L>
struct listed<L> : decltype(branches_of_join(static_cast<const L*>(nullptr))) {};

/// How much the walk will find, at most.
template <class L>
struct counts_of {
    static constexpr int elements = 1, inputs = 1, names = 0;
};
template <class... Layers>
struct counts_of<Net<Layers...>> {
    static constexpr int elements = (0 + ... + counts_of<Layers>::elements),
                         inputs = (0 + ... + counts_of<Layers>::inputs),
                         names = (0 + ... + counts_of<Layers>::names);
};
template <int Count, class... Layers>
struct counts_of<Repeat<Count, Layers...>> {
    using once = counts_of<Net<Layers...>>;
    /// Compilers cannot do with many more layers.
    static constexpr bool are_too_many = 1LL * Count * once::elements > 1000;
    static constexpr int times = are_too_many ? 0 : Count, elements = times * once::elements,
                         inputs = times * once::inputs, names = times * once::names;
};
template <class Operation, class... Branches>
counts_of<Net<Branches...>> counts_of_branches(const joins::Join<Operation, Branches...>*);
template <IsJoin L>
struct counts_of<L> {
    using branches = decltype(counts_of_branches(static_cast<const L*>(nullptr)));
    static constexpr int elements = 1 + branches::elements, inputs = listed<L>::count + branches::inputs,
                         names = branches::names;
};
template <Word Name, class L>
struct counts_of<Named<Name, L>> : counts_of<L> {};
template <class Name>
struct counts_of<As<Name>> {
    static constexpr int elements = 0, inputs = 0, names = 1;
};

/// The layer at a route, position by position.
template <class L, int... Positions>
struct descend {
    using type = L;
};
template <class L, int I, int... Rest>
struct descend<L, I, Rest...> : descend<typename listed<L>::template at<I>, Rest...> {};
template <Word Name, class L, int I, int... Rest>
struct descend<Named<Name, L>, I, Rest...> : descend<L, I, Rest...> {};
template <Word Name, class L>
struct descend<Named<Name, L>> : descend<L> {};

/// The layer of element `I`.
template <class Topology, class Inferred, int I,
          class Levels = std::make_integer_sequence<int, Inferred::table.elements[I].route.levels>>
struct layer_on_route;
template <class Topology, class Inferred, int I, int... Level>
struct layer_on_route<Topology, Inferred, I, std::integer_sequence<int, Level...>>
    : descend<Topology, Inferred::table.elements[I].route.position[Level]...> {};

/// The places of layers in messages: `layer<2, L>`, or `layer<1, L, inside<3, 0>>`.
template <class Outer>
struct places_in {
    template <int I, class L>
    using layer = problem::layer<I, L, Outer>;
};
template <>
struct places_in<problem::inside<>> {
    template <int I, class L>
    using layer = problem::layer<I, L>;
};
template <class Outer, int I>
struct deeper;
template <int... Outer, int I>
struct deeper<problem::inside<Outer...>, I> {
    using type = problem::inside<Outer..., I>;
};

/// The same from a route, which `Source` has as its member `route`.
template <class Topology, int Last, class Outer>
struct place_in;
template <class Topology, int Last, int... Outer>
struct place_in<Topology, Last, problem::inside<Outer...>> {
    using type = typename places_in<problem::inside<Outer...>>::template layer<
        Last, typename descend<Topology, Outer..., Last>::type>;
};
template <class Topology, class Source,
          class Levels = std::make_integer_sequence<int, Source::route.levels - 1>>
struct place_on;
template <class Topology, class Source, int... Level>
struct place_on<Topology, Source, std::integer_sequence<int, Level...>>
    : place_in<Topology, Source::route.position[Source::route.levels - 1],
               problem::inside<Source::route.position[Level]...>> {};
template <class Inferred, int I>
struct element_route {
    static constexpr Route route = Inferred::table.elements[I].route;
};
template <class Inferred, int N>
struct name_route {
    static constexpr Route route = Inferred::table.names[N].route;
};
template <class Inferred, int I>
using place_of_element = typename place_on<typename Inferred::topology, element_route<Inferred, I>>::type;

/// A layer of that name has files in "name.weight".
[[nodiscard]] constexpr bool is_name(std::string_view name) noexcept {
    bool fine = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
    for (const char c : name)
        fine = fine && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '_' || c == '-');
    return fine;
}

} // namespace lamina::inline LAMINA_ABI::topology
