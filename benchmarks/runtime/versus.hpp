// A model against the same network built otherwise: its run-time twin, and plain loops. All three compute the
// same numbers, which is checked; they are timed by turns, in one run. Benchmarks `<name>/<what>`:
//
//     train      feeding, forward, loss, backward and optimiser on 64 samples picked anew each time
//     infer      the scores of 64 samples that lie in memory
//     one        the scores of one sample
//     backward   the gradients by the parameters of as many samples as a pack has lanes
//
// Useful work only is counted: a multiply-add of the layer's definition once, in backward once for the
// weights and once for the input, not for the input of the first layer.
#pragma once

#include "made_images.hpp"
#include "made_numbers.hpp"
#include "measure.hpp"
#include "plain_network.hpp"

#include <lamina/dynamic/trainer.hpp>
#include <lamina/dynamic/twin.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bench {

namespace ln = lamina;

constexpr int batch = 64;

/// One network, built in three ways.
template <class Model>
struct Three {
    std::unique_ptr<Model> model = std::make_unique<Model>(ln::seed{1});
    ln::dynamic::Network twin = ln::dynamic::twin(*model);
    plain::Network<Model> loops{*model};
};

template <class Model>
constexpr double backward_macs = static_cast<double>(2 * Model::macs - Model::layers[0].macs);

inline void put_both(benchmark::State& state, double macs, int samples, const Turns& of_model,
                     const Turns& of_twin) {
    put_of_peak(state, "static_of_peak", of_model.of_peak(macs));
    put_of_peak(state, "twin_of_peak", of_twin.of_peak(macs));
    put(state, "twin_costs", ratios(of_twin.seconds, of_model.seconds));
    state.counters["static_seconds"] = median(of_model.seconds) / samples;
    state.counters["gflops_of_peak"] = 2e-9 * median(of_model.peak);
}
/// Times them; `macs` are those of one call, of `samples` samples.
void compare(benchmark::State& state, double macs, int samples, auto model, auto twin) {
    const auto [of_model, of_twin] = by_turns(state, model, twin);
    put_both(state, macs, samples, of_model, of_twin);
}
void compare(benchmark::State& state, double macs, int samples, auto model, auto twin, auto loops) {
    const auto [of_model, of_twin, of_loops] = by_turns(state, model, twin, loops);
    put_both(state, macs, samples, of_model, of_twin);
    put_of_peak(state, "scalar_of_peak", of_loops.of_peak(macs));
    put(state, "scalar_costs", ratios(of_loops.seconds, of_model.seconds));
}

/// Whether two results are the same but for rounding, and not all zero.
[[nodiscard]] inline bool agree(std::span<const float> a, std::span<const float> b) {
    return agree(a, b, 1e-3F);
}

/// A training step of a trainer on samples picked anew each time, as a function that returns the loss.
[[nodiscard]] auto step_of(benchmark::State& state, const ln::data::Images& images, auto& trainer) {
    return [&state, &images, &trainer, random = ln::Random{ln::seed{2}}]() mutable {
        std::uint32_t indices[batch];
        for (std::uint32_t& i : indices)
            i = static_cast<std::uint32_t>(random.below(images.size()));
        const float loss = trainer.step(images, indices);
        if (!std::isfinite(loss))
            state.SkipWithError("the loss is not finite");
        benchmark::ClobberMemory();
        return loss;
    };
}

template <class Model>
void train(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, 1024, Model::output_shape::size);
    Three<Model> three;
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    const ln::SGD optimizer{.learning_rate = 1e-4, .momentum = 0.9};
    ln::Trainer trainer{*three.model, ln::SoftmaxCrossEntropy{}, optimizer, *memory};
    ln::Trainer twin{three.twin, ln::SoftmaxCrossEntropy{}, optimizer};
    three.loops.optimizer = optimizer;
    auto model_step = step_of(state, images, trainer);
    auto twin_step = step_of(state, images, twin);
    auto loops_step = step_of(state, images, three.loops);
    for (int i = 0; i < 2; ++i) {
        const float losses[] = {model_step(), twin_step(), loops_step()};
        if (!agree({losses, 1}, {losses + 1, 1}) || !agree({losses, 1}, {losses + 2, 1}))
            return state.SkipWithError("the losses differ");
    }
    compare(state, batch * (static_cast<double>(Model::macs) + backward_macs<Model>), batch, model_step,
            twin_step, loops_step);
}

template <class Model>
void infer(benchmark::State& state) {
    constexpr std::size_t in = Model::input_shape::size, out = Model::output_shape::size;
    Three<Model> three;
    const auto workspace = std::make_unique<typename Model::BatchWorkspace>();
    std::vector<typename Model::Input> x(batch);
    std::vector<typename Model::Output> y(batch);
    std::vector<float> xs, scores, twin_scores(batch * out), loops_scores(batch * out);
    for (std::size_t i = 0; i < batch; ++i) {
        fill(x[i].view(), i);
        xs.insert(xs.end(), x[i].begin(), x[i].end());
    }
    compare(
        state, batch * static_cast<double>(Model::macs), batch,
        [&] {
            benchmark::DoNotOptimize(x.data());
            three.model->forward(x, y, *workspace);
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(xs.data());
            three.twin.forward(xs, twin_scores);
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(xs.data());
            for (std::size_t i = 0; i < batch; ++i)
                std::copy_n(three.loops.forward(xs.data() + i * in), out, loops_scores.data() + i * out);
            benchmark::ClobberMemory();
        });
    for (const auto& of_sample : y)
        scores.insert(scores.end(), of_sample.begin(), of_sample.end());
    if (!agree(scores, twin_scores) || !agree(scores, loops_scores))
        state.SkipWithError("the scores differ");
}

/// One sample. `answers` is the model, or a `Prepared` of it.
template <class Model, class Answers>
void one_of(benchmark::State& state, Three<Model>& three, const Answers& answers) {
    const auto workspace = std::make_unique<typename Answers::Workspace>();
    const auto x = std::make_unique<typename Model::Input>();
    const auto y = std::make_unique<typename Model::Output>();
    fill(x->view(), 2);
    compare(
        state, static_cast<double>(Model::macs), 1,
        [&] {
            benchmark::DoNotOptimize(x.get());
            *y = answers.forward(*x, *workspace);
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(x.get());
            benchmark::DoNotOptimize(three.twin.forward(std::span<const float>{x->begin(), x->end()}));
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(x.get());
            benchmark::DoNotOptimize(three.loops.forward(x->data()));
            benchmark::ClobberMemory();
        });
    const std::span<const float> input{x->begin(), x->end()}, scores{y->begin(), y->end()};
    if (!agree(scores, three.twin.forward(input)) ||
        !agree(scores, {three.loops.forward(x->data()), scores.size()}))
        state.SkipWithError("the scores differ");
}

template <class Model>
void one(benchmark::State& state) {
    Three<Model> three;
    one_of(state, three, *three.model);
}
template <class Model>
void prepared(benchmark::State& state) {
    Three<Model> three;
    const auto prepared = std::make_unique<ln::Prepared<Model>>(*three.model);
    one_of(state, three, *prepared);
}

/// Every sample is the same one, so that the gradients of all three can be compared.
template <class Model>
void backward(benchmark::State& state) {
    using E = ln::pack<float>;
    Three<Model> three;
    typename Model::Output dy;
    const auto x = std::make_unique<typename Model::Input>();
    fill(x->view(), 2);
    fill(dy.view(), 3);
    const float* parameters = three.model->parameters().data();
    const auto put = [](const auto& numbers, auto view) {
        for (int i = 0; i < static_cast<int>(numbers.size); ++i)
            view[i] = E{numbers[i]};
    };

    const auto pass = std::make_unique<ln::topology::TrainingPass<typename Model::plan, E>>();
    // As in a TrainingMemory: aligned to lines of the cache.
    using Gradients = ln::Tensor<float, ln::Shape<Model::parameter_extent>>;
    const auto gradients = std::make_unique<Gradients>(), twin_gradients = std::make_unique<Gradients>();
    put(*x, pass->input());
    pass->forward(parameters);
    ln::dynamic::TrainingPass twin = three.twin.training_pass();
    put(*x, twin.input());
    twin.forward(parameters);
    (void)three.loops.forward(x->data());

    compare(
        state, E::lanes * backward_macs<Model>, E::lanes,
        [&] {
            put(dy, pass->output_gradient());
            pass->backward(parameters, gradients->data(), true);
            benchmark::ClobberMemory();
        },
        [&] {
            put(dy, twin.output_gradient());
            twin.backward(parameters, twin_gradients->data(), true);
            benchmark::ClobberMemory();
        },
        [&] {
            three.loops.clear_gradients();
            for (int r = 0; r < E::lanes; ++r) {
                benchmark::DoNotOptimize(&dy);
                three.loops.backward(dy.data());
            }
            benchmark::ClobberMemory();
        });
    if (!agree(*gradients, *twin_gradients) || !agree(*gradients, three.loops.gradients()))
        state.SkipWithError("the gradients differ");
}

inline void add(const std::string& name, void (*function)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name.c_str(), function)->Unit(benchmark::kMicrosecond);
}

} // namespace bench
