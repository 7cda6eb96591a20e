// A command that is run and what it took.
#pragma once

#include <string>
#include <vector>

namespace compile_time {

struct Outcome {
    double seconds;     ///< of processor time, user and system, of the command and all it started
    double mib;         ///< the largest resident set of one of these processes
    std::string output; ///< standard output and standard error
};

/// Runs a command, found as the shell finds it, and waits for it. Throws `std::runtime_error` with what it
/// said if it cannot be started or does not return 0.
[[nodiscard]] Outcome run(const std::vector<std::string>& command);

} // namespace compile_time
