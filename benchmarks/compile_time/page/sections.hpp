// The sections of docs/compile_time.md, of the results that `measure` wrote.
#pragma once

#include "page.hpp"

#include <string>

namespace compile_time {

/// Figures of the page's program `compile_time`; `source` is a name of sources.hpp. NaN where there are none.
[[nodiscard]] double figure(const report::Page& page, const std::string& source, const std::string& compiler,
                            const std::string& level, const std::string& counter);

/// What a layer from the 51st to the 100th costs over what one from the 2nd to the 50th costs: 1 on a
/// straight line. `series` is `alike/train` and the like.
[[nodiscard]] double bend(const report::Page& page, const std::string& series, const std::string& compiler,
                          const std::string& level, const std::string& counter);

/// Title, machine, how figures are taken.
void write_heading(report::Page& page, const std::string& processor, const std::string& date);
/// What was to be reached, and whether it was.
void write_goals(report::Page& page);
/// From 1 to 100 layers, with pictures.
void write_depth(report::Page& page);
void write_networks(report::Page& page);
void write_dlib(report::Page& page);
void write_headers(report::Page& page);
void write_speed(report::Page& page);
/// What keeps it low, and how to measure.
void write_advice(report::Page& page);

} // namespace compile_time
