// Where the time of a training step goes: each operation of a model's plan called alone, on the buffers and
// in the places that training has it in, beside the whole step. Names `<network>/<operation>/<what>`;
// operations are numbered as in the plan and named by their layers.
#include "made_images.hpp"
#include "networks.hpp"
#include "operations.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <string>

namespace {

using namespace bench;

/// Seconds of `work` by a pack of samples, and what it does of the peak where it multiplies.
void measure_part(benchmark::State& state, double macs, auto work) {
    measure(state, macs, work);
}

template <class Model, int I>
void forward(benchmark::State& state) {
    const auto operations = std::make_unique<Operations<Model>>();
    measure_part(state, ln::native_lanes<float> * operation_macs<Model, I>, [&] {
        operations->template forward<I>();
        benchmark::ClobberMemory();
    });
    if (!computed(operations->template result<I>()))
        state.SkipWithError("nothing was computed");
}

template <class Model, int I>
void backward(benchmark::State& state) {
    const auto operations = std::make_unique<Operations<Model>>();
    const auto put = [&] {
        operations->template put_gradient<I>();
        benchmark::ClobberMemory();
    };
    auto [both, first] = by_turns(
        state,
        [&] {
            put();
            operations->template backward<I>();
            benchmark::ClobberMemory();
        },
        put);
    const double macs = ln::native_lanes<float> * (I > 0 ? 2 : 1) * operation_macs<Model, I>;
    const double putting = median(first.seconds);
    for (double& seconds : both.seconds)
        seconds -= putting;
    if (macs > 0)
        put_of_peak(state, "of_peak", both.of_peak(macs));
    bench::put(state, "seconds", both.seconds);
    if (!operations->finite())
        state.SkipWithError("the gradient is not finite");
}

/// Of a step on 64 samples: the whole, and what is not forward or backward.
template <class Model>
struct Step {
    static constexpr int batch = 64;
    static constexpr double packs = static_cast<double>(batch) / ln::native_lanes<float>;

    ln::data::Images images = made_images(Model::layers[0].input, 1024, Model::output_shape::size);
    Model model{ln::seed{1}};
    ln::TrainingMemory<Model, ln::SGD> memory;
    ln::Trainer<Model, ln::SoftmaxCrossEntropy, ln::SGD, ln::TrainingMemory<Model, ln::SGD>&> trainer{
        model, {}, {.learning_rate = 1e-4, .momentum = 0.9}, memory};
    ln::Random random{ln::seed{2}};

    template <std::size_t Count>
    void pick(std::uint32_t (&indices)[Count]) {
        for (std::uint32_t& i : indices)
            i = static_cast<std::uint32_t>(random.below(images.size()));
    }
};

template <class Model>
void whole(benchmark::State& state) {
    const auto step = std::make_unique<Step<Model>>();
    const double backward_macs = static_cast<double>(2 * Model::macs - Model::layers[0].macs);
    measure(state, Step<Model>::batch * (static_cast<double>(Model::macs) + backward_macs), [&] {
        std::uint32_t indices[Step<Model>::batch];
        step->pick(indices);
        if (!std::isfinite(step->trainer.step(step->images, indices)))
            state.SkipWithError("the loss is not finite");
    });
    state.counters["seconds"] = state.counters["seconds"] / Step<Model>::packs;
}

template <class Model>
void feeding(benchmark::State& state) {
    const auto step = std::make_unique<Step<Model>>();
    auto& own = step->memory.pack_memory;
    measure_part(state, 0, [&] {
        std::uint32_t indices[static_cast<std::size_t>(ln::native_lanes<float>)];
        step->pick(indices);
        step->images.inputs(indices, own.pass.input());
        step->images.targets(indices, own.targets.view());
        benchmark::ClobberMemory();
    });
    if (!computed(own.pass.input()) || !computed(own.targets.view()))
        state.SkipWithError("nothing was fed");
}

template <class Model>
void optimiser(benchmark::State& state) {
    const auto step = std::make_unique<Step<Model>>();
    std::uint32_t indices[Step<Model>::batch];
    step->pick(indices);
    (void)step->trainer.loss_and_gradient(step->images, indices);
    measure_part(state, 0, [&] {
        step->trainer.update(1e-9);
        benchmark::ClobberMemory();
    });
    state.counters["seconds"] = state.counters["seconds"] / Step<Model>::packs;
}

void add(const std::string& name, void (*function)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name.c_str(), function)->Unit(benchmark::kMicrosecond);
}

template <class Model>
void add_network(const std::string& name) {
    add(name + "/step/whole", whole<Model>);
    add(name + "/step/feeding", feeding<Model>);
    ln::for_each_index<Model::plan::count>([&](auto i) {
        const std::string operation = name + "/" + std::to_string(i) + " " + operation_name<Model, i>();
        add(operation + "/forward", forward<Model, i>);
        add(operation + "/backward", backward<Model, i>);
    });
    add(name + "/step/optimiser", optimiser<Model>);
}

} // namespace

int main(int count, char** arguments) {
    add_network<CardModel>("card");
    add_network<Lenet5Model>("lenet5");
    add_network<MlpModel>("mlp");
    add_network<VggSmallModel>("vgg_small");
    return run_all(count, arguments);
}
