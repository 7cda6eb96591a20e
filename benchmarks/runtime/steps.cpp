// Training steps, batch inference and single samples of the four networks, each as a share of the FMA peak
// measured right before it. Useful work only is counted: a multiply-add of the layer's definition once, in
// backward once for the weights and once for the input, not for the input of the first layer.
#include "made_images.hpp"
#include "networks.hpp"
#include "peak.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>

namespace {

using namespace bench;

constexpr int batch = 64;

/// Runs `work` again and again; reports the `macs` of one run as a share of the peak, and samples a second.
template <class Work>
void measure(benchmark::State& state, double macs, double samples, Work work) {
    const double peak = fma_peak();
    const double start = cpu_seconds();
    for (auto _ : state)
        work();
    const double rate = static_cast<double>(state.iterations()) / (cpu_seconds() - start);
    state.counters["of_peak"] = macs * rate / peak;
    state.counters["samples_per_second"] = samples * rate;
}

/// Feeding, forward, loss, backward and optimiser on 64 samples picked anew each time.
template <class Model>
void train(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, 1024, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 1e-4, .momentum = 0.9},
                        *memory};
    ln::Random random{ln::seed{2}};
    std::uint32_t indices[batch];
    measure(state, batch * static_cast<double>(3 * Model::macs - Model::layers[0].macs), batch, [&] {
        for (std::uint32_t& i : indices)
            i = static_cast<std::uint32_t>(random.below(images.size()));
        const float loss = trainer.step(images, indices);
        if (!std::isfinite(loss))
            state.SkipWithError("the loss is not finite");
        benchmark::ClobberMemory();
    });
}

/// The scores of 64 samples that lie in memory as tensors.
template <class Model>
void infer(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, batch, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto workspace = std::make_unique<typename Model::BatchWorkspace>();
    std::vector<typename Model::Input> x(batch);
    std::vector<typename Model::Output> y(batch);
    for (std::size_t i = 0; i < batch; ++i)
        x[i] = images.image(i);
    measure(state, batch * static_cast<double>(Model::macs), batch, [&] {
        benchmark::DoNotOptimize(x.data());
        model->forward(x, y, *workspace);
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    });
    if (!std::isfinite(y[batch - 1][0]))
        state.SkipWithError("the scores are not finite");
}

/// The scores of one sample.
template <class Model>
void infer_one(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, 1, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto workspace = std::make_unique<typename Model::Workspace>();
    const auto x = std::make_unique<typename Model::Input>(images.image(0));
    measure(state, static_cast<double>(Model::macs), 1, [&] {
        benchmark::DoNotOptimize(x.get());
        auto y = model->forward(*x, *workspace);
        benchmark::DoNotOptimize(y);
        benchmark::ClobberMemory();
    });
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
