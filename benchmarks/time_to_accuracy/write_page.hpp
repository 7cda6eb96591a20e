// docs/time_to_accuracy.md, of the results that `train_by_turns` wrote.
#pragma once

#include "page.hpp"

#include <string>

namespace accuracy {

/// Title, machine, how the figures are taken. `flags` are the compiler's.
void write_heading(report::Page& page, const std::string& flags);
/// Seconds until the target accuracy was reached, and accuracy at the end.
void write_times(report::Page& page);
/// Accuracy over seconds, a picture a network.
void write_curves(report::Page& page);
void write_recipes(report::Page& page);

} // namespace accuracy
