// lamina and a peer by turns, in one run: first that both compute the same, then how long each takes.
//
// A benchmark is named <network>/<train|infer|one>/<peer>/<batch>. Its counters: `lamina_of_peak` and
// `peer_of_peak`, useful work as a share of the FMA peak measured beside it (see measure.hpp); `times`, the
// peer's seconds a sample over lamina's; `batch`, the peer's. lamina works with batches of 64.
#pragma once

#include "../runtime/made_images.hpp"
#include "../runtime/made_numbers.hpp"
#include "../runtime/measure.hpp"
#include "network.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace bench {

constexpr int lamina_batch = 64;

/// Calls `work` `rounds` times; returns the processor time of one.
[[nodiscard]] double seconds_a_round(int rounds, auto work) {
    const double start = process_seconds();
    for (int r = 0; r < rounds; ++r)
        work(r);
    return (process_seconds() - start) / rounds;
}

/// `lamina` and `peer` by turns: each is given the number of rounds of a turn and returns the seconds of one,
/// which is `samples` samples of `macs` multiply-adds. `pick` comes before each turn, outside of any time.
void take_turns(benchmark::State& state, int batch, int samples, double macs, auto pick, auto lamina,
                auto peer) {
    // Long enough that the clock, and what the other side left in the caches, do not matter.
    constexpr double macs_of_a_turn = 3e7;
    const int rounds = brief() ? 1 : 1 + static_cast<int>(macs_of_a_turn / (macs * samples));
    Turns ours, theirs;
    // The process's clock is read inside the thread's: an interruption between two readings is then no other
    // thread's work.
    const double thread = cpu_seconds(), process = process_seconds();
    for (auto _ : state)
        for (RunningTime time; time.goes_on();) {
            pick(rounds);
            const double first = fma_peak();
            ours.seconds.push_back(lamina(rounds));
            const double second = fma_peak();
            theirs.seconds.push_back(peer(rounds));
            const double third = fma_peak();
            ours.peak.push_back((first + second) / 2);
            theirs.peak.push_back((second + third) / 2);
        }
    const double all = process_seconds() - process, alone = cpu_seconds() - thread;
    if (all > 1.05 * alone)
        state.SkipWithError("more than one thread worked");
    put_of_peak(state, "lamina_of_peak", ours.of_peak(macs * samples));
    put_of_peak(state, "peer_of_peak", theirs.of_peak(macs * samples));
    put(state, "times", ratios(theirs.seconds, ours.seconds));
    state.counters["batch"] = batch;
}

/// Whether both sides gave the same scores, but for rounding.
[[nodiscard]] inline bool agree(std::span<const float> a, std::span<const float> b) {
    return agree(a, b, 1e-4F);
}

/// The inputs of inference, sample after sample, from 0 to 1.
[[nodiscard]] inline std::vector<float> made_inputs(const Network& network, int samples) {
    const auto images = made_images(network.input, static_cast<std::size_t>(samples), network.outputs);
    std::vector<float> x;
    for (std::size_t i = 0; i < images.size(); ++i)
        for (std::size_t p = 0; p < network.input.size(); ++p)
            x.push_back(static_cast<float>(images.image(i).pixels()[p]) * (1.0F / 255.0F));
    return x;
}

/// Trains both sides anew from the same weights on the same batch, and returns whether the losses agree on
/// the way. They must also have moved: a peer that learns nothing would agree with one that learns too
/// slowly.
///
/// First losses differ by rounding alone. Later ones may differ by more, though neither side is wrong: where
/// a ReLU's input or the gap between two candidates of a max pool is as small as rounding, the two sides
/// decide otherwise, and gradients jump. Of vgg_small in batches of 16, double-precision lamina whose initial
/// weights are changed by a millionth gives losses that are 2e-3 off after three steps, and dlib on kernels
/// without FMA the very same ones; with FMA it stays within 2e-6. Of mobilenet, whose 27 batch norms amplify
/// differences, in batches of 16 it is 2e-2 after one step and 1e-1 after two, so there the first two losses
/// are compared, the second within 5e-2.
template <class Trainer>
[[nodiscard]] bool losses_agree(Network& network, Trainer& peer, const lamina::data::Images& images,
                                int batch) {
    // Few classes only, so that biases have much to learn.
    std::vector<std::uint32_t> indices;
    for (std::size_t i = 0; indices.size() < static_cast<std::size_t>(batch); i = (i + 1) % images.size())
        if (images.label(i) < 3)
            indices.push_back(static_cast<std::uint32_t>(i));
    network.reset();
    float first = 0, last = 0;
    for (int step = 0; step < 5; ++step) {
        last = network.train(images, indices);
        first = step == 0 ? last : first;
        const float other = peer.train(images, indices);
        const bool amplifies = network.name == "mobilenet";
        const float tolerance = step < 1 ? 1e-4F : amplifies ? 5e-2F : 5e-3F;
        const bool agree = std::abs(last - other) <= tolerance * std::abs(last);
        if (!agree && (step < 2 || !amplifies)) {
            std::fprintf(stderr, "%s, batch %d: after %d steps the losses are %g and %g\n",
                         network.name.c_str(), batch, step, static_cast<double>(last),
                         static_cast<double>(other));
            return false;
        }
    }
    return std::abs(last - first) > 1e-2F * first;
}

/// Feeding, forward, loss, backward and optimiser, on samples picked anew each time.
/// `Trainer(network, batch)` has `float train(images, indices)`: a step, and the loss before it.
template <class Trainer>
void train(benchmark::State& state, const std::string& name, int batch) {
    const auto network = make_network(name);
    const auto images = made_images(network->input, 1024, network->outputs);
    Trainer peer{*network, batch};
    if (!losses_agree(*network, peer, images, batch))
        return state.SkipWithError("the losses differ");

    const int samples = std::max(batch, lamina_batch);
    lamina::Random random{lamina::seed{2}};
    std::vector<std::uint32_t> indices;
    // Ends with a check of the loss, so that it is computed: a diverged training is another computation too.
    const auto steps = [&](int rounds, int step_batch, auto& side) {
        float sum = 0;
        const double seconds = seconds_a_round(rounds, [&](int r) {
            for (int first = 0; first < samples; first += step_batch)
                sum += side.train(images,
                                  std::span{indices}.subspan(static_cast<std::size_t>(r * samples + first),
                                                             static_cast<std::size_t>(step_batch)));
        });
        if (!std::isfinite(sum))
            state.SkipWithError("the loss is not finite");
        return seconds;
    };
    take_turns(
        state, batch, samples, network->training_macs,
        [&](int rounds) {
            indices.resize(static_cast<std::size_t>(rounds * samples));
            for (std::uint32_t& i : indices)
                i = static_cast<std::uint32_t>(random.below(images.size()));
        },
        [&](int rounds) { return steps(rounds, lamina_batch, *network); },
        [&](int rounds) { return steps(rounds, batch, peer); });
}

/// The scores of samples that lie in memory.
/// `Inference(network, batch)` has `void infer(x, y)`: the scores y of `batch` samples x.
template <class Inference>
void infer(benchmark::State& state, const std::string& name, int batch) {
    const auto network = make_network(name);
    const int samples = batch == 1 ? 1 : std::max(batch, lamina_batch);
    const std::vector<float> x = made_inputs(*network, samples);
    network->set_inputs(x);
    std::vector<float> y(static_cast<std::size_t>(samples * network->outputs));
    Inference peer{*network, batch};
    const auto ours = [&] { batch == 1 ? network->infer_one() : network->infer(); };
    const auto theirs = [&] {
        for (int first = 0; first < samples; first += batch)
            peer.infer(x.data() + static_cast<std::size_t>(first) * network->input.size(),
                       y.data() + first * network->outputs);
        benchmark::ClobberMemory();
    };
    theirs(); // what a library prepares or compiles at the first call
    take_turns(
        state, batch, samples, network->macs, [](int) {},
        [&](int rounds) { return seconds_a_round(rounds, [&](int) { ours(); }); },
        [&](int rounds) { return seconds_a_round(rounds, [&](int) { theirs(); }); });
    if (!agree(network->scores(), y))
        state.SkipWithError("the scores differ");
}

using Batches = std::initializer_list<int>;

inline void add(const std::string& network, const char* what, const char* peer, Batches batches, auto run) {
    for (const int batch : batches)
        benchmark::RegisterBenchmark(
            (network + "/" + what + "/" + peer + "/" + std::to_string(batch)).c_str(),
            [run, network, batch](benchmark::State& state) { run(state, network, batch); })
            ->Unit(benchmark::kMicrosecond);
}

template <class Trainer>
void add_training(const char* peer, const std::string& network, Batches batches) {
    add(network, "train", peer, batches, train<Trainer>);
}
/// In batches, and one sample.
template <class Inference>
void add_inference(const char* peer, const std::string& network, Batches batches) {
    add(network, "infer", peer, batches, infer<Inference>);
    add(network, "one", peer, {1}, infer<Inference>);
}

} // namespace bench
