// The networks of the demonstration. Each is a source file of its own.
#pragma once

#include "dataset.hpp"
#include "options.hpp"

#include <lamina/train/fit.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fashion {

/// The result of a training.
struct Outcome {
    std::vector<ln::EpochReport> epochs;
    ln::Metrics test;
};

/// Shows the network's table and its progress, trains it, and writes its weights into the output folder.
using Train = Outcome(const Dataset& data, const Options& options);

Train train_card, train_lenet5, train_mlp, train_mobilenet, train_resnet8, train_vgg_small;

struct Network {
    std::string_view name;
    Train* train;
    int epochs = 9; // unless the command line has others
    double learning_rate = 0.02;
};

inline constexpr Network networks[] = {{"card", train_card},
                                       {"lenet5", train_lenet5},
                                       {"mlp", train_mlp},
                                       {"mobilenet", train_mobilenet, 10, 0.1},
                                       {"resnet8", train_resnet8, 10, 0.1},
                                       {"vgg-small", train_vgg_small}};

/// A null pointer if none has this name.
[[nodiscard]] const Network* find_network(std::string_view name);

/// "card, lenet5, mlp, mobilenet, resnet8 or vgg-small".
[[nodiscard]] std::string network_names();

} // namespace fashion
