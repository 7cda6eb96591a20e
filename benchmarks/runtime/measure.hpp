// How everything here is timed: works that are to be compared run by turns, in one run, on this thread's
// processor time, and the FMA peak is measured beside every turn. A figure is the median of its turns; its
// ninth decile is given along with it, which is near what a quiet machine would show.
#pragma once

#include "peak.hpp"
#include "run.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// Seconds that a call of `work` takes when it is called so often that looking at the clock costs nothing.
template <double (*Clock)(), class Work>
[[nodiscard]] double seconds_of(Work& work, int calls) {
    const double start = Clock();
    for (int i = 0; i < calls; ++i)
        work();
    return (Clock() - start) / calls;
}

/// How many calls of `work` make a turn of at least a millisecond: long against a look at the clock, and
/// against filling the second cache again after another's turn, from memory if others have used the third.
template <double (*Clock)(), class Work>
[[nodiscard]] int calls_of_a_turn(Work& work) {
    constexpr double turn = 1e-3;
    int calls = 1;
    if (brief())
        return calls;
    for (double seconds = seconds_of<Clock>(work, 1); seconds * calls < turn;
         seconds = seconds_of<Clock>(work, calls))
        calls *= 2;
    return calls;
}

/// Of a work: the seconds of a call in each turn, and the FMA peak beside that turn.
struct Turns {
    std::vector<double> seconds, peak;

    /// What each turn did of the peak beside it, where a call is so many multiply-adds.
    [[nodiscard]] std::vector<double> of_peak(double macs) const {
        std::vector<double> shares = seconds;
        for (std::size_t i = 0; i < shares.size(); ++i)
            shares[i] = macs / seconds[i] / peak[i];
        return shares;
    }
};
/// a(i) / b(i).
[[nodiscard]] inline std::vector<double> ratios(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        a[i] /= b[i];
    return a;
}

/// The number that a share of all is below.
[[nodiscard]] inline double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}
[[nodiscard]] inline double median(const std::vector<double>& values) {
    return quantile(values, 0.5);
}

/// The counter `name`, the median, and `name_p90`, the ninth decile.
inline void put(benchmark::State& state, const std::string& name, const std::vector<double>& values) {
    state.counters[name] = median(values);
    state.counters[name + "_p90"] = quantile(values, 0.9);
}
/// The same of shares of the peak. No algorithm here saves more than three quarters of its multiplications:
/// what seems to was left out by the compiler.
inline void put_of_peak(benchmark::State& state, const std::string& name, const std::vector<double>& shares) {
    put(state, name, shares);
    if (!(median(shares) <= 4))
        state.SkipWithError("faster than the processor multiplies: what is measured was left out");
}

/// Calls the works by turns until they have run long enough, each beside the peak.
template <double (*Clock)() = cpu_seconds, class... Work>
[[nodiscard]] std::array<Turns, sizeof...(Work)> by_turns(benchmark::State& state, Work... work) {
    const std::array<int, sizeof...(Work)> calls{calls_of_a_turn<Clock>(work)...};
    std::array<Turns, sizeof...(Work)> turns;
    for (auto _ : state)
        for (RunningTime time; time.goes_on();) {
            double before = fma_peak();
            const auto take = [&](Turns& own, auto& of, int times) {
                const double seconds = seconds_of<Clock>(of, times), after = fma_peak();
                own.seconds.push_back(seconds);
                own.peak.push_back((before + after) / 2);
                before = after;
            };
            std::size_t i = 0;
            ((take(turns[i], work, calls[i]), ++i), ...);
        }
    return turns;
}

/// One work: its `macs` multiply-adds as a share of the FMA peak, and its seconds.
template <class Work>
void measure(benchmark::State& state, double macs, Work work) {
    const Turns turns = by_turns(state, work)[0];
    if (macs > 0)
        put_of_peak(state, "of_peak", turns.of_peak(macs));
    put(state, "seconds", turns.seconds);
}

} // namespace bench
