// What must hold for every network: that its layers are computed together, and in packs, changes nothing. In
// a TEST_CASE:
//     laws::network_laws<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>>, ln::Shape<1, 7, 9>>();
#pragma once

#include "passes.hpp"

namespace laws {

/// A network, fused or not, in training or in answering one sample, is no more than its layers one by one.
void equals_its_layers(const Network& network, MakePass unfused, MakePass fused, MakePass model_with_one,
                       const std::vector<Alone>& layers);
template <class Topology, class In>
void network_equals_its_layers() {
    using Whole = Of<Topology, In, double>;
    equals_its_layers(Whole::network(), &Whole::template pass<double, Fusion::off>,
                      &Whole::template pass<double, Fusion::on>, &Whole::template model_forward<1>,
                      alone<Topology, In>());
}

/// Whether a layer computes batches by another algorithm than its definition.
template <class Model>
constexpr bool uses_scratch = [] {
    bool any = false;
    for (int op = 0; op < Model::plan::count; ++op)
        any |= Model::plan::Training::flow.facts(op).scratch > 0;
    return any;
}();

/// Fused equals unfused. If nobody wants the gradient of the input, that of the parameters may be computed in
/// another way (it is, of a convolution and max pool in the first place), and is the same. With `equal_maxima`
/// also where all candidates of a maximum are equal: not of Winograd's algorithm, which rounds them apart.
void fused_equals_unfused(const Network& network, double tolerance, MakePass unfused, MakePass fused,
                          MakePass without_input_gradient, MakePass model_with_one, bool equal_maxima);
template <class E, class Topology, class In>
void fused_equals_unfused() {
    using T = ln::scalar_of<E>;
    using Whole = Of<Topology, In, T>;
    fused_equals_unfused(Whole::network(), rounding<T>, &Whole::template pass<E, Fusion::off>,
                         &Whole::template pass<E, Fusion::on>, &Whole::template pass<E, Fusion::on, false>,
                         &Whole::template model_forward<1>, !uses_scratch<ln::Model<Topology, In, T>>);
}

/// The model's answer to one sample, which has kernels of its own, is that of a batch.
void one_sample_equals_many(const Network& network, double tolerance, MakePass model_with_one,
                            MakePass model_with_many);
template <class T, class Topology, class In>
void one_sample_equals_many() {
    using Whole = Of<Topology, In, T>;
    one_sample_equals_many(Whole::network(), rounding<T>, &Whole::template model_forward<1>,
                           &Whole::template model_forward<ln::native_lanes<T>>);
}

/// A network that branches, in all the forms that must agree.
struct GraphForms {
    Network network;
    MakePass unfused, fused, packs, packs_without_input_gradient;
    /// Inference without fusion, where training is another function; else `unfused`.
    MakePass infers;
    MakePass model_with_one, model_with_many;
    std::vector<Alone> layers; // none where they draw random numbers, which depend on a layer's number
    bool infers_as_it_trains;
    /// The bias of a layer before a batch norm has no effect: its gradient is but rounding errors, so that
    /// gradients are held against this number where it is larger than they are.
    double least_gradient;
};
/// A graph is no more than its layers one by one, its gradients are those that differences find, and neither
/// fusion nor packs nor what was in the workspace before change anything.
void graph_laws(const GraphForms& graph);
template <class Topology, class In>
void graph_laws() {
    using Whole = Of<Topology, In, double>;
    constexpr auto& table = Whole::Model::inferred::table;
    constexpr bool draws = [] {
        for (int e = 0; e < table.count; ++e)
            if (table.elements[e].facts.only_trains)
                return true;
        return false;
    }();
    GraphForms forms{Whole::network(),
                     &Whole::template pass<double, Fusion::off>,
                     &Whole::template pass<double>,
                     &Whole::template pass<ln::pack<double>>,
                     &Whole::template pass<ln::pack<double>, Fusion::on, false>,
                     &Whole::template pass<double, Fusion::off>,
                     &Whole::template model_forward<1>,
                     &Whole::template model_forward<ln::native_lanes<double>>,
                     {},
                     !draws && table.gathering() == 0,
                     table.gathering() > 0 ? 0.01 : 0};
    if constexpr (draws || table.gathering() > 0)
        forms.infers = &Whole::unfused_inference;
    if constexpr (!draws)
        forms.layers = alone<Topology, In>();
    graph_laws(forms);
}

/// A large network, in few forms, because each takes seconds to compile. All compute packs but one.
struct LargeForms {
    Network network;
    MakePass unfused, fused, model_with_one, model_with_many;
};
/// Gradients are those that differences find along a random direction of each weight, each bias and the
/// input. Fusion changes nothing, nor does it matter whether samples or channels lie in lanes.
void large_network_laws(const LargeForms& forms);
template <class Topology, class In>
void large_network_laws() {
    using Whole = Of<Topology, In, double>;
    large_network_laws({Whole::network(), &Whole::template pass<ln::pack<double>, Fusion::off>,
                        &Whole::template pass<ln::pack<double>>, &Whole::template model_forward<1>,
                        &Whole::template model_forward<ln::native_lanes<double>>});
}

/// Checks a network on each of the input shapes.
template <class Topology, class... In>
void network_laws() {
    (network_equals_its_layers<Topology, In>(), ...);
    (fused_equals_unfused<double, Topology, In>(), ...);
    (fused_equals_unfused<ln::pack<float>, Topology, In>(), ...);
}

} // namespace laws
