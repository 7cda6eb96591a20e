#include "layer_laws.hpp"

#include <doctest/doctest.h>

namespace laws {

void layer_is_what_was_inferred(const LayerForms& layer) {
    INFO(layer.in_float.name, ": what was inferred is what there is");
    int parameters = 0;
    for (const auto [offset, size] : layer.in_float.views) {
        parameters += size;
        CHECK(offset * int{sizeof(float)} % 64 == 0);
    }
    CHECK(layer.inferred.parameters == parameters);
    CHECK(layer.parameter_count == parameters);
    check_padding_is_zero(layer.in_float.parameters, layer.in_float.views);
}

void gradients_equal_differences(const LayerForms& layer) {
    INFO(layer.in_double.name, ": gradients equal central differences");
    // Less than half the distance to a kink (see `separated`). The error of a difference is of the order of
    // step^2 = 1e-10, that of its rounding epsilon / step = 2e-11, both for derivatives and values near 1.
    constexpr double step = 1e-5, tolerance = 1e-6;
    REQUIRE(step < 0.25 / static_cast<double>(layer.in_double.in));
    const Trial trial{layer.in_double, 1};
    check_close(run(trial, layer.doubles), central_differences(trial, layer.doubles, step), tolerance);
}

void packs_equal_scalars(const LayerForms& layer) {
    {
        INFO(layer.in_double.name, ": packs of doubles equal doubles");
        const Trial trial{layer.in_double, 2 * ln::native_lanes<double>};
        check_close(run(trial, layer.double_packs), run(trial, layer.doubles), rounding<double>);
    }
    {
        INFO(layer.in_float.name, ": packs of floats equal floats");
        const Trial trial{layer.in_float, 2 * ln::native_lanes<float>};
        check_close(run(trial, layer.float_packs), run(trial, layer.floats), rounding<float>);
    }
}

void same_input_gives_same_bits(const LayerForms& layer) {
    INFO(layer.in_float.name, ": the same input gives the same bits");
    constexpr int nan = 0xFF, some_number = 0x5A;
    const Trial trial{layer.in_float, 2 * ln::native_lanes<float>};
    for (const MakePass pass : {layer.floats, layer.float_packs})
        check_same_bits(run(trial, pass, nan), run(trial, pass, some_number));
}

void gradients_add_up(const LayerForms& layer) {
    INFO(layer.in_float.name, ": gradients are added to those that are there, or begin");
    const Trial trial{layer.in_float, 2 * ln::native_lanes<float>};
    for (const MakePass make : {layer.floats, layer.float_packs}) {
        const auto pass = make(0xFF);
        pass->set_parameters(trial.network.parameters);
        const auto gradients_of_one_more = [&](bool overwrite) {
            Numbers y(trial.r.size()), dx(trial.x.size());
            pass->forward(trial.x.data(), y.data());
            pass->backward(trial.r.data(), dx.data(), overwrite);
            return pass->gradients();
        };
        const Numbers once = gradients_of_one_more(true);
        Numbers twice = gradients_of_one_more(false);
        for (double& g : twice)
            g /= 2;
        check_close("gradients after two calls", twice, once, rounding<float>);
        check_close("gradients begun again", gradients_of_one_more(true), once, 0);
    }
}

void model_equals_pass(const LayerForms& layer) {
    INFO(layer.in_float.name, ": the model's forward equals a training pass's");
    const Trial trial{layer.in_float, 2 * ln::native_lanes<float>};
    const Numbers expected = run(trial, layer.floats).y;
    check_close("with one sample", run_forward(trial, layer.model_with_one), expected, rounding<float>);
    check_close("with many samples", run_forward(trial, layer.model_with_many), expected, rounding<float>);
}

} // namespace laws
