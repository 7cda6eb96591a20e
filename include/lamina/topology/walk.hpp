// The state of the walk through a topology: where it stands, which names it knows, or the problem that has
// stopped it.
#pragma once

#include <lamina/topology/nesting.hpp>

#include <boost/hana/type.hpp>

#include <cstddef>

namespace lamina::inline LAMINA_ABI::topology {

/// A name, and the shape of its value.
template <class Name, class S>
struct Known {};
template <class... Known>
struct Names {
    static constexpr int count = sizeof...(Known);
};
template <class K, class Names>
struct with_name;
template <class K, class... Before>
struct with_name<K, Names<Before...>> {
    using type = Names<Before..., K>;
};
/// The shape of the value of a name, or void, and the position of the name among those that are known.
template <class S, int Position>
struct Found {
    using shape = S;
    static constexpr int position = Position;
};
template <class Name, int Position>
[[nodiscard]] consteval Found<void, -1> find_name(Names<>* /*names*/) noexcept {
    return {};
}
template <class Name, int Position, class First, class... Rest>
[[nodiscard]] consteval auto find_name(Names<First, Rest...>* /*names*/) noexcept {
    return find_name<Name, Position + 1>(static_cast<Names<Rest...>*>(nullptr));
}
template <class Name, int Position, class S, class... Rest>
[[nodiscard]] consteval Found<S, Position> find_name(Names<Known<Name, S>, Rest...>* /*names*/) noexcept {
    return {};
}

/// The position of the walk: the shape of the value that came last, the names that are known here, the number
/// of that value, and for each name where it stands in the table.
template <class Names>
struct Position {
    int value = 0;
    int places[Names::count + 1] = {};
};
template <class S, class Names>
struct Walk : Position<Names> {
    using shape = S;
    using names = Names;

    /// Further on, at another value. Names that are known there only have no place yet.
    template <class To, class Known = Names>
    [[nodiscard]] constexpr Walk<To, Known> at(int new_value) const noexcept {
        Walk<To, Known> next;
        next.value = new_value;
        for (int n = 0; n < Names::count && n < Known::count; ++n)
            next.places[n] = this->places[n];
        return next;
    }
};
/// The walk has been stopped by a problem.
template <class Problem>
struct Stopped {
    using problem = Problem;
};
template <class Walk>
concept HasProblem = requires {
    typename Walk::problem;
};

/// Where the branches of a join have ended.
template <class... Ends>
struct Branches {
    int values[sizeof...(Ends) + 1] = {};

    template <class End>
    [[nodiscard]] constexpr auto with(End end) const {
        if constexpr (HasProblem<End>) {
            return end;
        } else {
            Branches<Ends..., End> more;
            for (std::size_t i = 0; i < sizeof...(Ends); ++i)
                more.values[i] = values[i];
            more.values[sizeof...(Ends)] = end.value;
            return more;
        }
    }
};
/// Walks one branch after another, each from the same value.
template <class Step, class At>
struct EachBranch {
    Step step;
    At start;

    template <class Ended, class B>
    constexpr auto operator()(Ended ended, hana::basic_type<B> branch) const {
        if constexpr (HasProblem<Ended>)
            return ended;
        else
            return ended.with(step(start, branch));
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
