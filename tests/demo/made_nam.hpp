// `.nam` files made for tests: the form of published ones, and weights drawn at random.
#pragma once

#include "unit/files/scratch.hpp"

#include <lamina/math/random.hpp>

#include <string>
#include <vector>

[[nodiscard]] inline std::vector<float> noise(std::size_t count) {
    lamina::Random random{lamina::seed{7}};
    std::vector<float> numbers(count);
    for (float& number : numbers)
        number = static_cast<float>(random.symmetric());
    return numbers;
}

[[nodiscard]] inline Bytes bytes_of(const std::string& text) {
    return {text.begin(), text.end()};
}

/// What a file says of its network, and how many weights it has.
struct Made {
    std::string architecture, config;
    std::size_t weights;
    double last = 0; ///< the last weight, if not 0: the scale of a WaveNet
};

inline const Made wavenet{"WaveNet",
                          R"({"layers": [
        {"input_size": 1, "condition_size": 1, "head_size": 2, "channels": 4, "kernel_size": 3,
         "dilations": [1, 2], "activation": "Tanh", "gated": false, "head_bias": false},
        {"input_size": 4, "condition_size": 1, "head_size": 1, "channels": 2, "kernel_size": 3,
         "dilations": [4, 1], "activation": "Tanh", "gated": false, "head_bias": true}],
        "head": null, "head_scale": 0.02})",
                          4 + 2 * (52 + 4 + 20) + 8 + 8 + 2 * (14 + 2 + 6) + 3 + 1, 0.02};
inline const Made leaky{"WaveNet",
                        R"({"layers": [
        {"input_size": 1, "condition_size": 1, "head": {"out_channels": 1, "kernel_size": 4, "bias": true},
         "channels": 3, "kernel_sizes": [6, 6, 2], "dilations": [1, 3, 5],
         "activation": [{"type": "LeakyReLU", "negative_slope": 0.01}, {"type": "LeakyReLU", "negative_slope": 0.01},
                        {"type": "LeakyReLU", "negative_slope": 0.01}],
         "bottleneck": 3, "head1x1": {"active": false, "out_channels": 1, "groups": 1},
         "layer1x1": {"active": true, "groups": 1}, "groups_input": 1, "groups_input_mixin": 1,
         "conv_pre_film": {"active": false, "shift": true, "groups": 1},
         "gating_mode": ["none", "none", "none"], "secondary_activation": [null, null, null], "slimmable": null}],
        "head": null, "head_scale": 0.01})",
                        3 + 2 * (57 + 3 + 12) + 21 + 3 + 12 + 13 + 1, 0.01};
inline const Made lstm{"LSTM", R"({"input_size": 1, "hidden_size": 3, "num_layers": 2})",
                       12 * 4 + 12 + 6 + 12 * 6 + 12 + 6 + 4};

/// The bytes of the file, of which all of `from` becomes `to`.
[[nodiscard]] inline Bytes made(const Made& network, const std::string& from = "",
                                const std::string& to = "") {
    std::string text = R"({"version": "0.5.4", "architecture": ")" + network.architecture +
                       R"(", "config": )" + network.config + R"(, "weights": [)";
    std::vector<float> weights = noise(network.weights);
    if (network.last != 0)
        weights.back() = static_cast<float>(network.last);
    for (std::size_t i = 0; i < weights.size(); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(weights[i]);
    text += R"(], "sample_rate": 44100})";
    for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return bytes_of(text);
}
