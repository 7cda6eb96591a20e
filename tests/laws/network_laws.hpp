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
                      alone<In>(Topology{}));
}

/// Fused equals unfused. If nobody wants the gradient of the input, that of the parameters may be computed in
/// another way (it is, of a convolution and max pool in the first place), and is the same.
void fused_equals_unfused(const Network& network, double tolerance, MakePass unfused, MakePass fused,
                          MakePass without_input_gradient, MakePass model_with_one);
template <class E, class Topology, class In>
void fused_equals_unfused() {
    using T = ln::scalar_of<E>;
    using Whole = Of<Topology, In, T>;
    fused_equals_unfused(Whole::network(), rounding<T>, &Whole::template pass<E, Fusion::off>,
                         &Whole::template pass<E, Fusion::on>, &Whole::template pass<E, Fusion::on, false>,
                         &Whole::template model_forward<1>);
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

/// Checks a network on each of the input shapes.
template <class Topology, class... In>
void network_laws() {
    (network_equals_its_layers<Topology, In>(), ...);
    (fused_equals_unfused<double, Topology, In>(), ...);
    (fused_equals_unfused<ln::pack<float>, Topology, In>(), ...);
}

} // namespace laws
