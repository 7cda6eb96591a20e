#include "network_laws.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

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
                          MakePass without_input_gradient, MakePass model_with_one, bool equal_maxima) {
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
    if (!equal_maxima)
        return;
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

void graph_laws(const GraphForms& graph) {
    constexpr double step = 1e-5, difference = 1e-6; // see gradients_equal_differences
    const Trial one{graph.network, 1}, many{graph.network, 2 * ln::native_lanes<double>};
    const Results scalars = run(many, graph.fused);
    const double least = graph.least_gradient;
    {
        INFO(graph.network.name, ": gradients equal central differences");
        check_close(run(one, graph.fused), central_differences(one, graph.fused, step), difference, least);
    }
    {
        INFO(graph.network.name, ": unfused equals fused");
        check_close(run(many, graph.unfused), scalars, rounding<double>, least);
    }
    if (!graph.layers.empty()) {
        INFO(graph.network.name, ": fused equals its layers one by one");
        check_close(scalars, run(many, graph.layers), rounding<double>);
    }
    if (graph.infers_as_it_trains) {
        INFO(graph.network.name, ": packs equal scalars");
        check_close(run(many, graph.packs), scalars, rounding<double>, least);
    } else {
        INFO(graph.network.name, ": gradients of a pack, which is a batch, equal central differences");
        const Trial pack{graph.network, ln::native_lanes<double>};
        check_close(run(pack, graph.packs), central_differences(pack, graph.packs, step), difference, least);
    }
    {
        INFO(graph.network.name, ": nothing changes if nobody wants the input's gradient");
        Results results = run(many, graph.packs_without_input_gradient);
        results.dx.clear();
        check_close(results, run(many, graph.packs), rounding<double>, least);
    }
    {
        INFO(graph.network.name, ": the same input gives the same bits");
        constexpr int nan = 0xFF, some_number = 0x5A;
        for (const MakePass pass : {graph.fused, graph.packs})
            check_same_bits(run(many, pass, nan), run(many, pass, some_number));
    }
    INFO(graph.network.name, ": the model answers one sample and many as inference without fusion does");
    const Numbers expected = run_forward(many, graph.infers);
    check_close("one", run_forward(many, graph.model_with_one), expected, rounding<double>);
    check_close("many", run_forward(many, graph.model_with_many), expected, rounding<double>);
}

namespace {

/// Gradients along a random direction of each weight and bias, and of the samples. The step is so short that
/// hardly any of the many rectifiers and maxima change sides; the differences then have few digits, of which
/// the tolerance leaves out those of rounding errors that are 64 units of the sum that is differentiated.
void gradients_equal_differences_along_directions(Trial trial, MakePass make) {
    constexpr double step = 1e-8, tolerance = 1e-6;
    const Results results = run(trial, make);
    double sum = 0;
    for (std::size_t i = 0; i < trial.r.size(); ++i)
        sum += std::abs(trial.r[i] * results.y[i]);
    const double rounded = 64 * double{std::numeric_limits<double>::epsilon()} * sum / step;
    const auto pass = make(0xFF);
    const std::size_t views = trial.network.views.size();
    for (std::size_t k = 0; k <= views; ++k) {
        const bool of_samples = k == views;
        const Range view = of_samples ? Range{0, static_cast<int>(trial.x.size())} : trial.network.views[k];
        const auto at = static_cast<std::size_t>(view.offset), n = static_cast<std::size_t>(view.size);
        Numbers& moved = of_samples ? trial.x : trial.network.parameters;
        const Numbers here{moved}, direction = numbers(n, 1000 + k);
        const auto outputs_at = [&](double distance) {
            for (std::size_t i = 0; i < n; ++i)
                moved[at + i] = here[at + i] + distance * direction[i];
            pass->set_parameters(trial.network.parameters);
            Numbers y(trial.r.size());
            pass->forward(trial.x.data(), y.data());
            return y;
        };
        const Numbers above = outputs_at(step), below = outputs_at(-step);
        moved = here;
        double difference = 0, gradient = 0, magnitude = 0;
        for (std::size_t i = 0; i < above.size(); ++i)
            difference += trial.r[i] * (above[i] - below[i]) / (2 * step);
        for (std::size_t i = 0; i < n; ++i) {
            const double term = (of_samples ? results.dx : results.dp)[at + i] * direction[i];
            gradient += term;
            magnitude += std::abs(term);
        }
        INFO("weight or bias ", k, " of ", views, " (or the input): ", gradient, " for ", difference);
        CHECK(std::abs(gradient - difference) <= tolerance * magnitude + rounded);
    }
}

} // namespace

void large_network_laws(const LargeForms& forms) {
    const Trial pack{forms.network, ln::native_lanes<double>};
    INFO(forms.network.name);
    {
        INFO("gradients equal differences");
        gradients_equal_differences_along_directions(pack, forms.fused);
    }
    {
        INFO("unfused equals fused");
        // The bias of a layer before a batch norm has no effect: its gradient is but rounding errors.
        check_close(run(pack, forms.unfused), run(pack, forms.fused), rounding<double>, 0.01);
    }
    INFO("one sample with channels in lanes equals many with samples in lanes");
    check_close("outputs", run_forward(pack, forms.model_with_one), run_forward(pack, forms.model_with_many),
                rounding<double>);
}

} // namespace laws
