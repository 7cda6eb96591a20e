// What the benchmark programs wrote: Google Benchmark's JSON, one file a program.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace report {

/// A benchmark: its counters, medians over the repetitions where there were several. A counter `x_p90` is the
/// ninth decile of what the counter `x` is the median of.
struct Result {
    std::vector<std::string> name; ///< its parts, between slashes
    std::map<std::string, double> counters = {};

    [[nodiscard]] std::string joined() const;
    /// NaN where there is no such counter.
    [[nodiscard]] double operator[](std::string_view counter) const;
};

/// The results of a program, in the order in which it ran.
struct Program {
    std::vector<Result> results = {};
    std::vector<std::string> failures = {}; ///< "name: what was wrong"
    double load = 0;                        ///< processes that wanted to run when it started
    std::string blas = {};                  ///< which BLAS it multiplied matrices with, if any

    [[nodiscard]] const Result* find(const std::vector<std::string>& name) const;
};

/// Throws `lamina::format_error` that names the file and what is wrong with it.
[[nodiscard]] Program read_program(const std::filesystem::path& file);

/// All `.json` files of a folder by their stems. Throws as `read_program`, and if there are none.
[[nodiscard]] std::map<std::string, Program> read_results(const std::filesystem::path& folder);

/// Bytes of code in a program, as `size --format=sysv` lists its sections. Throws `lamina::format_error`.
[[nodiscard]] long read_size(const std::filesystem::path& file);

} // namespace report
