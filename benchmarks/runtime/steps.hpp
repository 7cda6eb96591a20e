#pragma once

namespace bench {

/// Registers the benchmarks of the networks of MLPerf Tiny.
void add_tiny();

} // namespace bench
