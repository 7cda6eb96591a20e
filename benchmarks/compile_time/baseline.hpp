// The baseline: how much each gated source may cost to compile.
#pragma once

#include "weigh.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace compile_time {

/// By the source's name.
using Baseline = std::map<std::string, Counts>;

/// Lines `<name> <instantiations> <longest name> <debug information>`; one that starts with # is a comment.
/// Throws `std::runtime_error` for any other.
[[nodiscard]] Baseline read_baseline(const std::filesystem::path& file);
void write_baseline(const std::filesystem::path& file, const Baseline& baseline);

/// What is over 3% more than the baseline has, and what only one of them has.
[[nodiscard]] std::vector<std::string> faults(const Baseline& baseline, const Baseline& found);

} // namespace compile_time
