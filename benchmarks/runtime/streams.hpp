// Streams: seconds of a step, one by one (`step`) and in calls of 64 and 256 steps (`block`).
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

/// A model and a stream of it that takes blocks of 64.
template <class Net>
struct Streamed {
    using Model = OnSound<Net>;
    std::unique_ptr<const Model> model = std::make_unique<const Model>(ln::seed{1});
    std::unique_ptr<ln::Stream<Model, 64>> stream = std::make_unique<ln::Stream<Model, 64>>(*model);
    std::vector<float> x = made_sound(), y = std::vector<float>(x.size());

    void one_by_one() {
        benchmark::DoNotOptimize(x.data());
        for (std::size_t t = 0; t < x.size(); ++t)
            y[t] = stream->step(x[t]);
        benchmark::ClobberMemory();
    }
    void in_blocks_of(std::size_t steps) {
        benchmark::DoNotOptimize(x.data());
        for (std::size_t t = 0; t < x.size(); t += steps)
            stream->block(std::span<const float>{x}.subspan(t, steps), std::span{y}.subspan(t, steps));
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
    streamed.in_blocks_of(64);
    bool same = agree(expected, streamed.y, 1e-4F);
    if (loops != nullptr) {
        for (std::size_t t = 0; t < expected.size(); ++t)
            expected[t] = (*loops)(streamed.x[t]);
        same = same && agree(expected, streamed.y, 1e-4F);
    }
    return same;
}

template <class Net>
void put_stream(benchmark::State& state, const Turns& step, const Turns& block, const Turns& large) {
    constexpr double macs = static_cast<double>(OnSound<Net>::macs) / 64 * stream_steps;
    put_step(state, "step_seconds", step);
    put_step(state, "block64_seconds", block);
    put_step(state, "block256_seconds", large);
    put_of_peak(state, "step_of_peak", step.of_peak(macs));
    put_of_peak(state, "block64_of_peak", block.of_peak(macs));
    state.counters["gflops_of_peak"] = 2e-9 * median(block.peak);
}
/// A network alone.
template <class Net>
void stream(benchmark::State& state) {
    Streamed<Net> streamed;
    if (!gives_the_same<Net, float(float)>(streamed, nullptr))
        return state.SkipWithError("steps and blocks differ");
    const auto [step, block, large] = by_turns(
        state, [&] { streamed.one_by_one(); }, [&] { streamed.in_blocks_of(64); },
        [&] { streamed.in_blocks_of(256); });
    put_stream<Net>(state, step, block, large);
}

/// Registers the benchmarks of WaveNets.
void add_wavenets();

} // namespace bench
