// The operations of a pass as a type: what each of them is in code.
#pragma once

#include <lamina/topology/flow.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/operation.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// An operation as code, from the elements of `Operation`.
template <class Inferred, int Element, int Activation, int Pool>
struct operation_type;
template <class Inferred, int Activation>
struct activation_type {
    using type = typename Inferred::template layer_at<Activation>;
};
template <class Inferred>
struct activation_type<Inferred, -1> {
    using type = NoActivation;
};
template <class Inferred, int Element, int Activation, int Pool>
struct operation_type {
    using type =
        Pooled<typename Inferred::template at<Element>, typename activation_type<Inferred, Activation>::type,
               typename Inferred::template at<Pool>>;
};
template <class Inferred, int Element, int Activation>
    requires(!Inferred::table.elements[Element].facts.is_join)
struct operation_type<Inferred, Element, Activation, -1> {
    using type =
        Single<typename Inferred::template at<Element>, typename activation_type<Inferred, Activation>::type>;
};
template <class Inferred, int Element>
    requires(Inferred::table.elements[Element].facts.is_join)
struct operation_type<Inferred, Element, -1, -1> {
    using type = Joined<typename operation_of<typename Inferred::template layer_at<Element>>::type,
                        typename Inferred::template shape_at<Element + 1>>;
};

/// The operations of a pass of one purpose.
template <class Inferred, Fusion On, Purpose For>
struct Fused {
    static constexpr auto& table = Inferred::table;
    static constexpr int values = Inferred::count + 1;
    static constexpr auto operations = fuse(Inferred::table, On, For);
    static constexpr int count = operations.count;
    static constexpr Flow flow{Inferred::table, operations, For};

    /// Operation `I` as code.
    template <int I>
    using at = typename operation_type<Inferred, operations.all[I].element, operations.all[I].activation,
                                       operations.all[I].pool>::type;
    /// The place of its layer in messages.
    template <int I>
    using place_at = place_of_element<Inferred, operations.all[I].first>;
};

} // namespace lamina::inline LAMINA_ABI::topology
