// What the demonstration prints and draws about a trained network.
#pragma once

#include "chart.hpp"
#include "network.hpp"

#include <string>

namespace fashion {

/// Accuracy and loss on the test images, and the speed of training.
[[nodiscard]] std::string result_text(const Outcome& outcome, const Dataset& data);

/// Loss and accuracy by epoch.
[[nodiscard]] chart::Chart learning_curves(const Outcome& outcome, const Dataset& data,
                                           const Options& options);

} // namespace fashion
