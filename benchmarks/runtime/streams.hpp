// Streams: seconds of a step, one by one (`step`) and in calls of 16, 64 and 256 steps (`block`).
#pragma once

#include "made_numbers.hpp"
#include "measure.hpp"

#include <lamina/core.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bench {

namespace ln = lamina;

/// Of a second of sound some milliseconds: the steps of a turn.
constexpr std::size_t stream_steps = 256;

template <class Net>
using OnSound = ln::Model<Net, ln::Sequence<64, ln::Shape<1>>>;

[[nodiscard]] inline std::vector<float> made_sound() {
    std::vector<float> sound(stream_steps);
    for (std::size_t t = 0; t < sound.size(); ++t)
        sound[t] = std::sin(0.07F * static_cast<float>(t)) * std::sin(0.011F * static_cast<float>(t * t));
    return sound;
}

/// A model, and streams of it that take 64 and 16 steps at a time.
template <class Net>
struct Streamed {
    using Model = OnSound<Net>;
    std::unique_ptr<const Model> model = std::make_unique<const Model>(ln::seed{1});
    std::unique_ptr<ln::Stream<Model, 64>> stream = std::make_unique<ln::Stream<Model, 64>>(*model);
    std::unique_ptr<ln::Stream<Model, 16>> small = std::make_unique<ln::Stream<Model, 16>>(*model);
    std::vector<float> x = made_sound(), y = std::vector<float>(x.size());

    void one_by_one() {
        benchmark::DoNotOptimize(x.data());
        for (std::size_t t = 0; t < x.size(); ++t)
            y[t] = stream->step(x[t]);
        benchmark::ClobberMemory();
    }
    void in_blocks_of(std::size_t steps, auto& taken_by) {
        benchmark::DoNotOptimize(x.data());
        for (std::size_t t = 0; t < x.size(); t += steps)
            taken_by.block(std::span<const float>{x}.subspan(t, steps), std::span{y}.subspan(t, steps));
        benchmark::ClobberMemory();
    }
};

inline void put_step(benchmark::State& state, const std::string& name, const Turns& turns) {
    std::vector<double> of_a_step = turns.seconds;
    for (double& seconds : of_a_step)
        seconds /= static_cast<double>(stream_steps);
    put(state, name, of_a_step);
}

/// Whether steps and blocks give the same numbers, also as `loops`, which may be null: a function of a step.
template <class Net, class Loops>
[[nodiscard]] bool gives_the_same(Streamed<Net>& streamed, Loops* loops) {
    std::vector<float> expected(streamed.x.size());
    streamed.stream->reset();
    streamed.one_by_one();
    std::swap(expected, streamed.y);
    streamed.stream->reset();
    streamed.in_blocks_of(64, *streamed.stream);
    bool same = agree(expected, streamed.y, 1e-4F);
    streamed.small->reset();
    streamed.in_blocks_of(16, *streamed.small);
    same = same && agree(expected, streamed.y, 1e-4F);
    if (loops != nullptr) {
        for (std::size_t t = 0; t < expected.size(); ++t)
            expected[t] = (*loops)(streamed.x[t]);
        same = same && agree(expected, streamed.y, 1e-4F);
    }
    return same;
}

/// A network as a stream, step by step and in blocks, beside plain loops made of its model: `Loops`, a
/// function of a step.
template <class Net, class Loops>
void beside_loops(benchmark::State& state) {
    Streamed<Net> streamed;
    Loops loops{*streamed.model};
    if (!gives_the_same(streamed, &loops))
        return state.SkipWithError("steps, blocks and plain loops differ");
    constexpr double macs = static_cast<double>(OnSound<Net>::macs) / 64 * stream_steps;
    std::vector<float> y(stream_steps);
    const auto [step, small, block, large, plain] = by_turns(
        state, [&] { streamed.one_by_one(); }, [&] { streamed.in_blocks_of(16, *streamed.small); },
        [&] { streamed.in_blocks_of(64, *streamed.stream); },
        [&] { streamed.in_blocks_of(256, *streamed.stream); },
        [&] {
            benchmark::DoNotOptimize(streamed.x.data());
            for (std::size_t t = 0; t < y.size(); ++t)
                y[t] = loops(streamed.x[t]);
            benchmark::ClobberMemory();
        });
    put_step(state, "step_seconds", step);
    put_step(state, "block16_seconds", small);
    put_step(state, "block64_seconds", block);
    put_step(state, "block256_seconds", large);
    put_step(state, "plain_seconds", plain);
    put(state, "plain_costs", ratios(plain.seconds, step.seconds));
    put(state, "plain_costs_of_block64", ratios(plain.seconds, block.seconds));
    put_of_peak(state, "step_of_peak", step.of_peak(macs));
    put_of_peak(state, "block64_of_peak", block.of_peak(macs));
    state.counters["gflops_of_peak"] = 2e-9 * median(block.peak);
}

/// Registers the benchmarks of WaveNets.
void add_wavenets();

} // namespace bench
