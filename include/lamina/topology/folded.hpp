// Folded: a topology for inference, in which batch norm has become part of the layer before it.
#pragma once

#include <lamina/topology/facts.hpp>
#include <lamina/topology/nesting.hpp>
#include <lamina/topology/net.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI::topology {

/// What becomes of a layer when its network is folded.
enum class Fate { stays, vanishes, joins_the_layer_before };

template <class L>
concept TakesScale = requires {
    requires L::takes_scale;
};
/// The layer without the names that `Named` gives it.
template <class L>
using unnamed = typename descend<L>::type;

/// Takes the place of a layer that vanishes.
struct Nothing {};
template <class L>
using or_identity = std::conditional_t<std::is_same_v<L, Nothing>, Identity, L>;

/// `type`: the layer after folding, or Nothing.
template <class L>
struct fold_layer {
    using type = std::conditional_t<OnlyTrains<L>, Nothing, L>;
};

/// The fate of each member of a Net, and the positions of those that stay.
template <int Count>
struct ListFates {
    Fate fates[std::size_t{Count} + 1] = {};
    int staying[std::size_t{Count} + 1] = {}, stay = 0;
    bool is_joined[std::size_t{Count} + 1] = {}; ///< by another, of those that stay
};
template <class... Layers>
inline constexpr auto list_fates = [] {
    constexpr int count = sizeof...(Layers);
    const bool vanishes[] = {std::is_same_v<typename fold_layer<Layers>::type, Nothing>..., false},
               scales[] = {OnlyScales<unnamed<Layers>>..., false},
               takes_scale[] = {TakesScale<unnamed<Layers>>..., false};
    ListFates<count> list;
    for (int i = 0; i < count; ++i) {
        if (vanishes[i])
            list.fates[i] = Fate::vanishes;
        else if (scales[i] && list.stay > 0 && takes_scale[list.staying[list.stay - 1]]) {
            list.fates[i] = Fate::joins_the_layer_before;
            list.is_joined[list.stay - 1] = true;
        } else
            list.staying[list.stay++] = i;
    }
    return list;
}();

/// The layer that has a bias, if another joins it.
template <class L, bool IsJoined>
struct with_bias {
    using type = L;
};
template <class L>
    requires requires {
        typename L::with_bias;
    }
struct with_bias<L, true> {
    using type = typename L::with_bias;
};
template <Word Name, class L>
struct with_bias<Named<Name, L>, true> {
    using type = Named<Name, typename with_bias<L, true>::type>;
};

/// The members that stay, folded, as a Net or a Repeat.
template <class Layers, class Positions>
struct those_that_stay;
template <class... Layers, int... I>
struct those_that_stay<Net<Layers...>, std::integer_sequence<int, I...>> {
    static constexpr auto& list_of_fates = list_fates<Layers...>;
    template <int K>
    using at = typename with_bias<
        typename fold_layer<typename list<Layers...>::template at<list_of_fates.staying[K]>>::type,
        list_of_fates.is_joined[K]>::type;
    using net = Net<at<I>...>;
    template <int Count>
    using repeat = Repeat<Count, at<I>...>;
};
template <class... Layers>
using staying_members =
    those_that_stay<Net<Layers...>, std::make_integer_sequence<int, list_fates<Layers...>.stay>>;
/// A list that has lost all its members vanishes.
template <class... Layers>
inline constexpr bool loses_all = sizeof...(Layers) > 0 && list_fates<Layers...>.stay == 0;

template <class... Layers>
struct fold_layer<Net<Layers...>> {
    using type = std::conditional_t<loses_all<Layers...>, Nothing, typename staying_members<Layers...>::net>;
};
template <int Count, class... Layers>
struct fold_layer<Repeat<Count, Layers...>> {
    using type = std::conditional_t<loses_all<Layers...>, Nothing,
                                    typename staying_members<Layers...>::template repeat<Count>>;
};
template <Word Name, class L>
struct fold_layer<Named<Name, L>> {
    using inner = typename fold_layer<L>::type;
    using type = std::conditional_t<std::is_same_v<inner, Nothing>, Nothing, Named<Name, inner>>;
};
template <template <class...> class Join, class... Branches>
    requires IsJoin<Join<Branches...>>
struct fold_layer<Join<Branches...>> {
    using type = Join<or_identity<typename fold_layer<Branches>::type>...>;
};

template <class Topology>
struct fold_topology {
    using type = Topology; // is no network: `Model` says so
};
template <class... Layers>
struct fold_topology<Net<Layers...>> {
    using type = typename staying_members<Layers...>::net;
};
template <class Topology>
struct fold_topology<Strict<Topology>> {
    using type = Strict<typename fold_topology<Topology>::type>;
};

template <class Topology>
struct fold_topology<Exact<Topology>> {
    using type = Exact<typename fold_topology<Topology>::type>;
};

/// Calls f(fate) for each element that the walk through a layer finds, in that order.
template <class L>
struct each_fate {
    static constexpr void visit(auto f) { f(OnlyTrains<L> ? Fate::vanishes : Fate::stays); }
};
template <class... Layers>
struct each_fate<Net<Layers...>> {
    static constexpr void visit(auto f) {
        int i = 0;
        (visit_member<Layers>(list_fates<Layers...>.fates[i++], f), ...);
    }

  private:
    template <class L>
    static constexpr void visit_member(Fate fate, auto f) {
        if (fate == Fate::joins_the_layer_before)
            f(fate);
        else
            each_fate<L>::visit(f);
    }
};
template <int Count, class... Layers>
struct each_fate<Repeat<Count, Layers...>> {
    static constexpr void visit(auto f) {
        for (int i = 0; i < Count; ++i)
            each_fate<Net<Layers...>>::visit(f);
    }
};
template <Word Name, class L>
struct each_fate<Named<Name, L>> : each_fate<L> {};
template <template <class...> class Join, class... Branches>
    requires IsJoin<Join<Branches...>>
struct each_fate<Join<Branches...>> {
    static constexpr void visit(auto f) {
        (each_fate<Branches>::visit(f), ...);
        f(Fate::stays);
    }
};
template <>
struct each_fate<Identity> {
    static constexpr void visit(auto) {}
};
template <class Name>
struct each_fate<As<Name>> : each_fate<Identity> {};
template <class Name>
struct each_fate<From<Name>> : each_fate<Identity> {};

/// What becomes of each element of a table, and for those that stay, the element of the folded table.
template <int Count>
struct ElementFates {
    Fate fates[std::size_t{Count} + 1] = {};
    int folded[std::size_t{Count} + 1] = {};
    int count = 0, stay = 0;

    /// How many elements join element `e`, which stays.
    [[nodiscard]] constexpr int joining(int e) const noexcept {
        int n = 0;
        for (int i = e + 1; i < count && fates[i] != Fate::stays; ++i)
            n += static_cast<int>(fates[i] == Fate::joins_the_layer_before);
        return n;
    }
    /// The k-th of them.
    [[nodiscard]] constexpr int joining(int e, int k) const noexcept {
        int i = e + 1;
        for (; fates[i] != Fate::joins_the_layer_before || k-- > 0; ++i) {
        }
        return i;
    }
};
template <class Inferred>
inline constexpr auto element_fates = [] {
    ElementFates<Inferred::count> elements;
    each_fate<typename Inferred::topology>::visit([&](Fate fate) {
        elements.folded[elements.count] = elements.stay;
        elements.fates[elements.count++] = fate;
        elements.stay += static_cast<int>(fate == Fate::stays);
    });
    return elements;
}();

} // namespace lamina::inline LAMINA_ABI::topology

namespace lamina::inline LAMINA_ABI {

/// A topology for inference: without `Dropout`, and without each `BatchNorm` that directly follows a
/// convolution or a `Dense` in the same list, because `fold` makes it part of that layer, which then has a
/// bias, even if it was in `NoBias`. A list that loses all its layers vanishes, too, and a branch that does
/// is `Identity`. A topology without such layers is its own folded one. Layers are recognised by their
/// members `only_trains`, `only_scales` and `takes_scale` (concepts.hpp).
///
///     static_assert(std::is_same_v<ln::Folded<ln::Net<ln::Conv<8, 3>, ln::BatchNorm<>, ln::ReLU>>,
///                                  ln::Net<ln::Conv<8, 3>, ln::ReLU>>);
template <class Topology>
using Folded = typename topology::fold_topology<Topology>::type;

} // namespace lamina::inline LAMINA_ABI
