// What the figures were measured on.
#pragma once

#include "page.hpp"

#include <string>

namespace report {

/// The processor as /proc/cpuinfo names it, or "unknown".
[[nodiscard]] std::string processor(const std::filesystem::path& cpuinfo);

/// The processor of this machine and its number of cores.
[[nodiscard]] std::string cores();
/// The compiler of this program, and its flags.
[[nodiscard]] std::string compiler(const std::string& flags);

/// Title, how the page came about, machine and method. `flags` are the compiler's.
void write_heading(Page& page, const std::string& flags, const std::string& date);

} // namespace report
