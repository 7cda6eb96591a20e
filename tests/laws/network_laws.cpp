#include "network_laws.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace laws {

void equals_its_layers(const Network& network, MakePass unfused, MakePass fused, MakePass model_with_one,
                       const std::vector<Alone>& layers) {
    const Trial trial{network, 2};
    const Results expected = run(trial, layers);
    {
        INFO(network.name, ": unfused equals its layers one by one");
        check_close(run(trial, unfused), expected, rounding<double>);
    }
    {
        INFO(network.name, ": fused equals its layers one by one");
        check_close(run(trial, fused), expected, rounding<double>);
    }
    INFO(network.name, ": one sample with channels in lanes equals the layers one by one");
    check_close("outputs", run_forward(trial, model_with_one), expected.y, rounding<double>);
}

void fused_equals_unfused(const Network& network, double tolerance, MakePass unfused, MakePass fused,
                          MakePass without_input_gradient, MakePass model_with_one) {
    Trial trial{network, 2 * fused(0)->lanes};
    const Results expected = run(trial, unfused);
    {
        INFO(network.name, ": fused equals unfused");
        check_close(run(trial, fused), expected, tolerance);
    }
    {
        INFO(network.name, ": nothing changes if nobody wants the input's gradient");
        Results results = run(trial, without_input_gradient);
        results.dx.clear();
        check_close(results, expected, tolerance);
    }
    {
        INFO(network.name, ": one sample with channels in lanes equals a training pass");
        check_close("outputs", run_forward(trial, model_with_one), expected.y, tolerance);
    }
    std::fill(trial.x.begin(), trial.x.end(), 0.5);
    INFO(network.name, ": fused equals unfused where all candidates of a maximum are equal");
    check_close(run(trial, fused), run(trial, unfused), tolerance);
}

void one_sample_equals_many(const Network& network, double tolerance, MakePass model_with_one,
                            MakePass model_with_many) {
    INFO(network.name, ": one sample with channels in lanes equals many with samples in lanes");
    const Trial trial{network, model_with_many(0)->lanes};
    check_close("outputs", run_forward(trial, model_with_one), run_forward(trial, model_with_many),
                tolerance);
}

} // namespace laws
