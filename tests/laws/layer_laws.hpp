// What must hold for every layer, ours or a user's. In a TEST_CASE:
//     laws::layer_laws<MyLayer, ln::Shape<3, 5, 7>, ln::Shape<17>>();
#pragma once

#include "neighbour.hpp"
#include "network_laws.hpp"
#include "passes.hpp"

#include <type_traits>

namespace laws {

/// A layer on one input shape, in all the forms that must agree.
struct LayerForms {
    ln::LayerInfo inferred;
    int parameter_count;
    Network in_double, in_float;
    MakePass doubles, double_packs, floats, float_packs;
    MakePass model_with_one, model_with_many;
};

/// Shapes and counts that were inferred are those of what there is.
void layer_is_what_was_inferred(const LayerForms& layer);
/// Gradients are those that differences find.
void gradients_equal_differences(const LayerForms& layer);
/// Lanes are samples that know nothing of each other, and compute what scalars do.
void packs_equal_scalars(const LayerForms& layer);
/// What was in the workspace before has no part in the results, nor has chance.
void same_input_gives_same_bits(const LayerForms& layer);
/// Gradients of parameters are added to those that are there, or overwrite them.
void gradients_add_up(const LayerForms& layer);
/// The model's own ways forward, with one sample and with many.
void model_equals_pass(const LayerForms& layer);

template <class L, class In>
[[nodiscard]] LayerForms forms() {
    using Float = Of<ln::Net<L>, In, float>;
    using Double = Of<ln::Net<L>, In, double>;
    using Model = typename Float::Model;
    using Out = typename L::template output<In>;
    using Training = ln::topology::TrainingPass<typename Model::plan, float, true>;
    static_assert(std::is_same_v<typename Model::output_shape, Out>);
    static_assert(std::is_same_v<typename decltype(std::declval<Training&>().output())::shape, Out>);
    static_assert(std::is_same_v<typename decltype(std::declval<Training&>().input_gradient())::shape, In>);
    static_assert(Model::layers.size() == 1 && Model::layers[0].name == std::string_view{L::name});
    static_assert(Model::layers[0].input == In::extents && Model::layers[0].output == Out::extents);
    return {Model::layers[0],
            Model::parameter_count,
            Double::network(),
            Float::network(),
            &Double::template pass<double>,
            &Double::template pass<ln::pack<double>>,
            &Float::template pass<float>,
            &Float::template pass<ln::pack<float>>,
            &Float::template model_forward<1>,
            &Float::template model_forward<ln::native_lanes<float>>};
}

/// The layer between neighbours that ask for a halo: the one before around the gradient of its output, the
/// one after around its input.
template <class L, class In>
void neighbours_may_want_halos() {
    if constexpr (ln::is_image(In::extents) && ln::is_image(L::template output<In>::extents))
        network_equals_its_layers<ln::Net<Neighbour, L, Neighbour>, In>();
    else if constexpr (ln::is_image(In::extents))
        network_equals_its_layers<ln::Net<Neighbour, L>, In>();
}

template <class L, class In>
void laws_on_one_shape() {
    const LayerForms layer = forms<L, In>();
    layer_is_what_was_inferred(layer);
    gradients_equal_differences(layer);
    packs_equal_scalars(layer);
    same_input_gives_same_bits(layer);
    gradients_add_up(layer);
    model_equals_pass(layer);
    neighbours_may_want_halos<L, In>();
}

/// Checks layer `L` on each of the input shapes.
template <class L, class... In>
void layer_laws() {
    (laws_on_one_shape<L, In>(), ...);
}

} // namespace laws
