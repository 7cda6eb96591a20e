// What is compiled to be measured.
#pragma once

#include <string>
#include <vector>

namespace compile_time {

struct Source {
    std::string name; ///< its parts between slashes
    std::string file;
    std::vector<std::string> arguments = {};
    std::vector<std::string> levels = {"O0", "O2", "O3"}; ///< of optimisation
};

/// By name: `header/<what is included>`, `network/<network>/<infer or train>`, `native/<network>/train` with
/// -march=native, `depth/<alike or different>/<infer or train>/<layers>`, `residual/<repeated or
/// listed>/train/<blocks>`, `whole/<network>/<library>`; dlib where its headers are. `root` is the
/// repository's.
[[nodiscard]] std::vector<Source> all_sources(const std::string& root);

/// Those whose counts must not grow unnoticed.
[[nodiscard]] std::vector<Source> gated_sources(const std::string& root);

} // namespace compile_time
