// The command line of the demonstration.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace fashion {

struct Options {
    std::string folder = "/usr/share/datasets/fashion-mnist";
    std::string network = "card";
    int epochs = 0; ///< here and at the learning rate, `parse` puts the network's own for 0
    int batch = 64;
    double learning_rate = 0;
    std::uint64_t seed = 42;
    std::string output = ".";
    bool resume = false;
    bool help = false;
};

/// A command line that makes no sense.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// From the words after the program's name. Throws `usage_error`, which says what is expected and what was
/// found.
[[nodiscard]] Options parse(std::span<const char* const> words);

[[nodiscard]] std::string help();

/// The file in the output folder that is named after the network: "./card.svg".
[[nodiscard]] std::string output_path(const Options& options, const std::string& suffix);

} // namespace fashion
