// How everything here is timed: works that are to be compared run by turns, in one run, on this thread's
// processor time.
#pragma once

#include "peak.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>

namespace bench {

/// Seconds that a call of `work` takes when it is called so often that looking at the clock costs nothing.
template <double (*Clock)(), class Work>
[[nodiscard]] double seconds_of(Work& work, int calls) {
    const double start = Clock();
    for (int i = 0; i < calls; ++i)
        work();
    return (Clock() - start) / calls;
}

/// How many calls of `work` make a turn of at least a fifth of a millisecond: long against a look at the
/// clock, and against filling the caches again after another's turn.
template <double (*Clock)(), class Work>
[[nodiscard]] int calls_of_a_turn(Work& work) {
    constexpr double turn = 200e-6;
    int calls = 1;
    for (double seconds = seconds_of<Clock>(work, 1); seconds * calls < turn;
         seconds = seconds_of<Clock>(work, calls))
        calls *= 2;
    return calls;
}

/// Calls the works by turns until the benchmark has run long enough. Returns the seconds of a call of each.
template <double (*Clock)() = cpu_seconds, class... Work>
[[nodiscard]] std::array<double, sizeof...(Work)> by_turns(benchmark::State& state, Work... work) {
    const std::array<int, sizeof...(Work)> calls{calls_of_a_turn<Clock>(work)...};
    std::array<double, sizeof...(Work)> seconds{};
    for (auto _ : state) {
        std::size_t i = 0;
        ((seconds[i] += seconds_of<Clock>(work, calls[i]), ++i), ...);
    }
    for (double& s : seconds)
        s /= static_cast<double>(state.iterations());
    return seconds;
}

/// One work: its `macs` multiply-adds as a share of the FMA peak measured right before, and its seconds.
template <class Work>
void measure(benchmark::State& state, double macs, Work work) {
    const double peak = fma_peak();
    const double seconds = by_turns(state, work)[0];
    state.counters["of_peak"] = macs / seconds / peak;
    state.counters["seconds"] = seconds;
}

} // namespace bench
