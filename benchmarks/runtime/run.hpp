// How long a benchmark runs, and the `main` of all benchmark programs.
//
// `--benchmark_min_time=<seconds>` is how long each benchmark takes its turns (0.3 unless said). Below 0.01
// it is brief: three turns of one call each, after the checks of what is computed: a test that the program
// works. Then the program fails where a check of any benchmark does; otherwise such a benchmark has no
// figures, and the page says so.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

[[nodiscard]] inline double& seconds_of_a_benchmark() {
    static double seconds = 0.3;
    return seconds;
}
[[nodiscard]] inline bool brief() {
    return seconds_of_a_benchmark() < 0.01;
}

/// Whether a benchmark takes another turn: until its time is over, but at least five, for a median, and not
/// more than a thousand.
class RunningTime {
  public:
    [[nodiscard]] bool goes_on() {
        const int turn = turns_++;
        if (brief()) // for a median: one may be interrupted
            return turn < 3;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
        return turn < 5 || (turn < 1000 && passed.count() < seconds_of_a_benchmark());
    }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    int turns_ = 0;
};

/// The usual lines on standard output, and whether a benchmark failed its own check.
class Lines : public benchmark::ConsoleReporter {
  public:
    bool failed = false;

    Lines() : ConsoleReporter{OO_Tabular} {}
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs)
            failed = failed || run.error_occurred;
        ConsoleReporter::ReportRuns(runs);
    }
};

/// Runs all benchmarks that have been registered. Returns what `main` does.
inline int run_all(int count, char** arguments) {
    // Google Benchmark would repeat all of a benchmark, its checks too, until it has taken so long.
    std::string once = "--benchmark_min_time=0";
    std::vector<char*> passed{arguments, arguments + count};
    for (char*& argument : passed)
        if (const std::string_view text = argument; text.starts_with("--benchmark_min_time=")) {
            seconds_of_a_benchmark() = std::stod(std::string{text.substr(text.find('=') + 1)});
            argument = once.data();
        }
    passed.push_back(once.data());
    int passed_count = static_cast<int>(passed.size());
    passed.push_back(nullptr);
    benchmark::Initialize(&passed_count, passed.data());
    if (benchmark::ReportUnrecognizedArguments(passed_count, passed.data()))
        return 1;
    Lines lines;
    const std::size_t ran = benchmark::RunSpecifiedBenchmarks(&lines);
    benchmark::Shutdown();
    return brief() && (lines.failed || ran == 0) ? 1 : 0;
}

} // namespace bench
