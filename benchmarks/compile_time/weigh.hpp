// What a compiler makes of a source, in figures that do not depend on the machine or its load.
#pragma once

#include "command.hpp"
#include "sources.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace compile_time {

struct Compiler {
    std::string command;
    std::vector<std::string> flags; ///< where headers are
    std::string root;               ///< the repository's, which debug information calls "."
    std::filesystem::path work;     ///< a folder for what is written

    /// Writes the object file `object()`.
    [[nodiscard]] Outcome compile(const Source& source, const std::string& level,
                                  const std::vector<std::string>& more = {}) const;
    [[nodiscard]] std::filesystem::path object() const { return work / "program.o"; }
};

/// Of an object file.
struct Weight {
    long code = 0;         ///< bytes of all sections .text*
    long debug = 0;        ///< bytes of all sections .debug_*
    long longest_name = 0; ///< characters of the longest symbol, mangled
};
[[nodiscard]] Weight weigh(const std::filesystem::path& object);

/// What is gated: counted by clang++ without optimisation, with debug information.
struct Counts {
    long instantiations = 0; ///< of function and class templates
    long longest_name = 0;
    long debug = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
};
[[nodiscard]] Counts count(const Compiler& clang, const Source& source);

/// How many templates a time trace of clang++ says it has instantiated.
[[nodiscard]] long count_instantiations(const std::filesystem::path& trace);

} // namespace compile_time
