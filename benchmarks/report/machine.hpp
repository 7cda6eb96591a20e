// What the figures were measured on.
#pragma once

#include "page.hpp"

#include <string>

namespace report {

/// The processor as /proc/cpuinfo names it, or "unknown".
[[nodiscard]] std::string processor(const std::filesystem::path& cpuinfo);

/// Title, how the page came about, machine and method. `flags` are the compiler's.
void write_heading(Page& page, const std::string& flags, const std::string& date);

} // namespace report
