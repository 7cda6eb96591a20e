// Benchmarks of one layer alone, or of the few that are computed as one: a pack of samples forward, the
// gradients by its input and parameters, and one sample.
#pragma once

#include "made_numbers.hpp"
#include "measure.hpp"

#include <lamina/core.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace bench {

namespace ln = lamina;

template <class Model>
using Training = ln::topology::TrainingPass<typename Model::plan, ln::pack<float>, true>;

/// A layer that multiplies is measured against the FMA peak, any other against a plain copy of its input.
template <class Model, class View, class Work>
void measure_layer(benchmark::State& state, double macs, View x, Work work) {
    if constexpr (Model::macs > 0) {
        measure(state, macs, work);
    } else {
        std::vector<typename View::element> to(View::size);
        const auto [layer, copy] = by_turns(state, work, [&] {
            std::copy(x.data(), x.data() + View::size, to.data());
            benchmark::DoNotOptimize(to.data());
            benchmark::ClobberMemory();
        });
        put(state, "of_copy", ratios(copy.seconds, layer.seconds));
        put(state, "seconds", layer.seconds);
    }
}

/// `Pass` is a workspace of inference, of packs or of one sample.
template <class Model, class Pass>
void forward_layer(benchmark::State& state, int samples) {
    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto pass = std::make_unique<Pass>();
    fill(pass->input(), 2);
    measure_layer<Model>(state, static_cast<double>(samples * Model::macs), pass->input(), [&] {
        benchmark::DoNotOptimize(pass.get());
        pass->forward(model->parameters().data());
        benchmark::ClobberMemory();
    });
    if (!computed(pass->output()))
        state.SkipWithError("nothing was computed");
}

template <class Model>
void gradient_of_layer(benchmark::State& state) {
    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto pass = std::make_unique<Training<Model>>();
    std::vector<float> gradients(static_cast<std::size_t>(Model::parameter_extent));
    fill(pass->input(), 2);
    pass->forward(model->parameters().data());
    fill(pass->output_gradient(), 3);
    measure_layer<Model>(state, 2.0 * ln::native_lanes<float> * static_cast<double>(Model::macs),
                         pass->input(), [&] {
                             benchmark::DoNotOptimize(pass.get());
                             pass->backward(model->parameters().data(), gradients.data(), true);
                             benchmark::ClobberMemory();
                         });
    if (!computed(pass->input_gradient()))
        state.SkipWithError("nothing was computed");
}

/// Benchmarks `<name>/<batch|gradient|one>` of `Net<Layers...>` on `In`.
template <class In, class... Layers>
void add_layer(const std::string& name) {
    using Model = ln::Model<ln::Net<Layers...>, In>;
    static_assert(Model::plan::count == 1, "a pass of several operations overwrites what it started from");
    const auto add = [&name](const char* what, auto function) {
        benchmark::RegisterBenchmark((name + what).c_str(), function)->Unit(benchmark::kMicrosecond);
    };
    add("/batch", [](benchmark::State& state) {
        forward_layer<Model, typename Model::BatchWorkspace>(state, ln::native_lanes<float>);
    });
    add("/gradient", [](benchmark::State& state) { gradient_of_layer<Model>(state); });
    add("/one", [](benchmark::State& state) { forward_layer<Model, typename Model::Workspace>(state, 1); });
}

} // namespace bench
