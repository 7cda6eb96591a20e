// Compile-time networks against their run-time twins: the same work by turns, in one run. `of_peak` counts as
// steps.cpp does; `twin_costs` is the twin's time over the model's.
#include "made_images.hpp"
#include "networks.hpp"
#include "peak.hpp"

#include <lamina/dynamic/trainer.hpp>
#include <lamina/dynamic/twin.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>

namespace {

using namespace bench;
namespace dynamic = lamina::dynamic;

constexpr int batch = 64;

/// Runs `model` and `twin` by turns, each of `macs` multiply-adds, and compares them.
template <class Model, class Twin>
void compare(benchmark::State& state, double macs, Model model, Twin twin) {
    const double peak = fma_peak();
    double model_seconds = 0, twin_seconds = 0;
    for (auto _ : state) {
        const double start = cpu_seconds();
        model();
        const double middle = cpu_seconds();
        twin();
        model_seconds += middle - start;
        twin_seconds += cpu_seconds() - middle;
    }
    const double all = macs * static_cast<double>(state.iterations());
    state.counters["model_of_peak"] = all / model_seconds / peak;
    state.counters["twin_of_peak"] = all / twin_seconds / peak;
    state.counters["twin_costs"] = twin_seconds / model_seconds;
}

/// Feeding, forward, loss, backward and optimiser on 64 samples picked anew each time.
template <class Model>
void train(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, 1024, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    dynamic::Network net = dynamic::twin(*model);
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    const ln::SGD optimizer{.learning_rate = 1e-4, .momentum = 0.9};
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, optimizer, *memory};
    dynamic::Trainer twin{net, ln::SoftmaxCrossEntropy{}, optimizer};
    auto step = [&state, &images, random = ln::Random{ln::seed{2}}](auto& of) mutable {
        std::uint32_t indices[batch];
        for (std::uint32_t& i : indices)
            i = static_cast<std::uint32_t>(random.below(images.size()));
        if (!std::isfinite(of.step(images, indices)))
            state.SkipWithError("the loss is not finite");
        benchmark::ClobberMemory();
    };
    compare(
        state, batch * static_cast<double>(3 * Model::macs - Model::layers[0].macs),
        [&, step]() mutable { step(trainer); }, [&, step]() mutable { step(twin); });
}

/// The scores of 64 samples that lie in memory one after another.
template <class Model>
void infer(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, batch, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    dynamic::Network net = dynamic::twin(*model);
    const auto workspace = std::make_unique<typename Model::BatchWorkspace>();
    std::vector<typename Model::Input> x(batch);
    std::vector<typename Model::Output> y(batch);
    std::vector<float> xs, ys(batch * std::size_t{Model::output_shape::size});
    for (std::size_t i = 0; i < batch; ++i) {
        x[i] = images.image(i);
        xs.insert(xs.end(), x[i].begin(), x[i].end());
    }
    compare(
        state, batch * static_cast<double>(Model::macs),
        [&] {
            benchmark::DoNotOptimize(x.data());
            model->forward(x, y, *workspace);
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(xs.data());
            net.forward(xs, ys);
            benchmark::ClobberMemory();
        });
    if (!(std::abs(y[batch - 1][0] - ys[ys.size() - Model::output_shape::size]) < 1e-3F))
        state.SkipWithError("the twin's scores differ");
}

/// The scores of one sample, many times between two looks at the clock.
template <class Model>
void infer_one(benchmark::State& state) {
    constexpr int times = 100;
    const auto images = made_images(Model::layers[0].input, 1, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    dynamic::Network net = dynamic::twin(*model);
    const auto workspace = std::make_unique<typename Model::Workspace>();
    const auto x = std::make_unique<typename Model::Input>(images.image(0));
    const std::span<const float> numbers{x->begin(), x->end()};
    compare(
        state, times * static_cast<double>(Model::macs),
        [&] {
            for (int i = 0; i < times; ++i) {
                benchmark::DoNotOptimize(x.get());
                auto y = model->forward(*x, *workspace);
                benchmark::DoNotOptimize(y);
                benchmark::ClobberMemory();
            }
        },
        [&] {
            for (int i = 0; i < times; ++i) {
                auto y = net.forward(numbers);
                benchmark::DoNotOptimize(y);
                benchmark::ClobberMemory();
            }
        });
    if (!(std::abs(model->forward(*x, *workspace)[0] - net.forward(numbers)[0]) < 1e-3F))
        state.SkipWithError("the twin's scores differ");
}

#define LAMINA_NETWORK(model)                                                                                \
    BENCHMARK_TEMPLATE(train, model)->Unit(benchmark::kMicrosecond);                                         \
    BENCHMARK_TEMPLATE(infer, model)->Unit(benchmark::kMicrosecond);                                         \
    BENCHMARK_TEMPLATE(infer_one, model)->Unit(benchmark::kMicrosecond)

LAMINA_NETWORK(CardModel);
LAMINA_NETWORK(Lenet5Model);
LAMINA_NETWORK(MlpModel);
LAMINA_NETWORK(VggSmallModel);

} // namespace

BENCHMARK_MAIN();
