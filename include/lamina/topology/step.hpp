// One step of the walk through a topology: into a list, or over a layer, which is checked and written into
// the table.
#pragma once

#include <lamina/problem/network.hpp>
#include <lamina/topology/facts.hpp>
#include <lamina/topology/nesting.hpp>
#include <lamina/topology/on_sequence.hpp>
#include <lamina/topology/placed.hpp>
#include <lamina/topology/table.hpp>
#include <lamina/topology/walk.hpp>

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/type.hpp>

#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI::topology {

/// Moves the walk on by one member of a list. `Outer` holds the positions of the lists around it.
template <class T, bool Strictly, class Table, class Outer>
struct Step {
    Table* table;
    Text prefix; // of the path of what is in this list
    Route route;

    template <class At, int I, class L>
    constexpr auto operator()(At at, hana::basic_type<numbered_layer<I, L>>) const {
        if constexpr (HasProblem<At>)
            return at; // the first problem is the only one reported: what follows would be guesswork
        else
            return visit<I>(at, hana::type_c<L>, {});
    }

  private:
    template <int I, class L>
    using Where = typename places_in<Outer>::template layer<I, L>;

    /// Into the list at position `I`.
    template <int I>
    [[nodiscard]] constexpr auto into(std::string_view name) const {
        Route inner = route;
        if (inner.levels < most_levels)
            inner.position[inner.levels] = I;
        ++inner.levels;
        return Step<T, Strictly, Table, typename deeper<Outer, I>::type>{table, path(I, name) << ".", inner};
    }
    [[nodiscard]] constexpr Text path(int position, std::string_view name) const {
        Text text = prefix;
        return name.empty() ? text << position : text << name;
    }

    template <int I, class At, class L>
    constexpr auto visit(At at, hana::basic_type<L>, std::string_view name) const {
        using In = typename At::shape;
        if constexpr (SequenceShape<In>) {
            return along_time<I, L>(at, name);
        } else {
            using verdict = decltype(check_layer<L, In, Where<I, L>, Strictly>());
            if constexpr (requires { typename verdict::type; }) {
                return Stopped<typename verdict::type>{};
            } else {
                using P = Placed<L, In, T>;
                Element e = element(I, name, In::extents, P::output::extents, facts_of<L, In>);
                if constexpr (requires { L::template prefers_planes<In, T>(); })
                    e.facts.prefers_planes = L::template prefers_planes<In, T>();
                if constexpr (uses_scratch<P>)
                    e.facts.scratch = table->is_exact ? 0 : scratch_of<P>().forward;
                e.trained_tensors = tensors_of<typename P::template trained<const T>>;
                e.kept_tensors = tensors_of<typename P::template kept<const T>>;
                e.trained = P::trained_extent;
                e.kept = P::kept_extent;
                table->append(e, &at.value, 1);
                Walk<typename P::output, typename At::names> next{at};
                next.value = table->count;
                return next;
            }
        }
    }
    /// The same over a layer on a sequence. (Not one function, which would cost every network some
    /// instantiations a layer.)
    template <int I, class L, class At>
    constexpr auto along_time(At at, std::string_view name) const {
        using In = typename At::shape;
        using verdict = decltype(check_on_sequence<L, In, Where<I, L>, Strictly>());
        if constexpr (requires { typename verdict::type; }) {
            return Stopped<typename verdict::type>{};
        } else {
            using P = Placed<typename computed_as<!takes_sequence<L>(In::extents)>::template of<L>, In, T>;
            Element e = element(I, name, In::extents, P::output::extents, facts_of<typename P::layer, In>);
            e.on_each_step = !takes_sequence<L>(In::extents);
            e.trained_tensors = tensors_of<typename P::template trained<const T>>;
            e.kept_tensors = tensors_of<typename P::template kept<const T>>;
            e.trained = P::trained_extent;
            e.kept = P::kept_extent;
            table->append(e, &at.value, 1);
            Walk<typename P::output, typename At::names> next{at};
            next.value = table->count;
            return next;
        }
    }
    [[nodiscard]] constexpr Element element(int position, std::string_view name, const dims& input,
                                            const dims& output, const Facts& facts) const {
        Element e;
        e.path = path(position, name);
        e.route = route;
        if (e.route.levels < most_levels)
            e.route.position[e.route.levels] = position;
        ++e.route.levels;
        e.input = input;
        e.output = output;
        e.facts = facts;
        return e;
    }

    template <int I, class At>
    constexpr auto visit(At at, hana::basic_type<Identity>, std::string_view) const {
        return at;
    }

    template <int I, class At, class... Layers>
    constexpr auto visit(At at, hana::basic_type<Net<Layers...>>, std::string_view name) const {
        const auto end = hana::fold_left(typename listed<Net<Layers...>>::members{}, at, into<I>(name));
        if constexpr (HasProblem<decltype(end)>)
            return end;
        else // names end with their Net
            return at.template at<typename decltype(end)::shape>(end.value);
    }

    template <int I, class At, Word Name, class L>
    constexpr auto visit(At at, hana::basic_type<Named<Name, L>>, std::string_view) const {
        constexpr std::string_view name = Name.view();
        if constexpr (!is_name(name))
            return Stopped<typename Where<I, Named<Name, L>>::has_a_name_that_is_no_word>{};
        else
            return visit<I>(at, hana::type_c<L>, name);
    }

    template <int I, class At, int Count, class... Layers>
    constexpr auto visit(At at, hana::basic_type<Repeat<Count, Layers...>>, std::string_view name) const {
        using R = Repeat<Count, Layers...>;
        if constexpr (Count < 1) {
            return Stopped<typename Where<I, R>::template repeats<Count>::must_be_at_least_once>{};
        } else if constexpr (counts_of<R>::are_too_many) {
            return Stopped<typename Where<I, R>::template repeats<Count>::are_too_many>{};
        } else {
            constexpr auto layer = hana::type_c<numbered_layer<0, typename listed<R>::template at<0>>>;
            using First = decltype(into<I>(name)(at, layer));
            if constexpr (HasProblem<First>) {
                return First{};
            } else if constexpr (!std::is_same_v<typename First::shape, typename At::shape>) {
                into<I>(name)(at, layer); // into the table: Outputs in it are the problem to report
                return Stopped<typename Where<I, R>::template cannot_repeat_what_gives<
                    typename First::shape>::template instead_of<typename At::shape>>{};
            } else {
                return hana::fold_left(typename listed<R>::members{}, at, into<I>(name));
            }
        }
    }

    template <int I, class At, class L>
        requires IsJoin<L>
    constexpr auto visit(At at, hana::basic_type<L>, std::string_view name) const {
        if constexpr (listed<L>::count == 0)
            return Stopped<typename Where<I, L>::has_no_branches>{};
        else
            return join<I, L>(at,
                              hana::fold_left(typename listed<L>::members{}, Branches<>{},
                                              EachBranch<decltype(into<I>(name)), At>{into<I>(name), at}),
                              name);
    }
    template <int I, class L, class At, class Problem>
    constexpr auto join(At, Stopped<Problem> stopped, std::string_view) const {
        return stopped;
    }
    template <int I, class L, class At, class First, class... Ends>
    constexpr auto join(At at, Branches<First, Ends...> ends, std::string_view name) const {
        using How = typename operation_of<L>::type;
        using verdict =
            decltype(How::template find_fault<Where<I, L>, typename First::shape, typename Ends::shape...>());
        if constexpr (requires { typename verdict::type; }) {
            return Stopped<typename verdict::type>{};
        } else {
            using Out = typename How::template output<typename First::shape, typename Ends::shape...>;
            table->append(element(I, name, First::shape::extents, Out::extents, facts_of_join<How>),
                          ends.values, static_cast<int>(1 + sizeof...(Ends)));
            return at.template at<Out>(table->count);
        }
    }

    template <int I, class At, class Name>
    constexpr auto visit(At at, hana::basic_type<As<Name>>, std::string_view) const {
        using names = typename At::names;
        if constexpr (decltype(find_name<Name, 0>(static_cast<names*>(nullptr)))::position >= 0) {
            return Stopped<typename Where<I, As<Name>>::is_named_already>{};
        } else {
            using S = typename At::shape;
            auto next = at.template at<S, typename with_name<Known<Name, S>, names>::type>(at.value);
            next.places[names::count] = table->name_count;
            NamedValue& named = table->names[table->name_count++];
            named.route = element(I, {}, {}, {}, {}).route;
            named.value = at.value;
            return next;
        }
    }

    template <int I, class At, class Name>
    constexpr auto visit(At at, hana::basic_type<From<Name>>, std::string_view) const {
        using found = decltype(find_name<Name, 0>(static_cast<typename At::names*>(nullptr)));
        if constexpr (found::position < 0) {
            return Stopped<typename Where<I, From<Name>>::is_not_named_before>{};
        } else {
            NamedValue& named = table->names[at.places[found::position]];
            named.is_used = true;
            return at.template at<typename found::shape>(named.value);
        }
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
