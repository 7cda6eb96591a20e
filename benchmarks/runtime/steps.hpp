#pragma once

namespace bench {

/// Registers the benchmarks of residual networks.
void add_residual();

} // namespace bench
