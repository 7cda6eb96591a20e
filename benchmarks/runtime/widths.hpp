// The sweeps of widths.cpp, each compiled on its own.
#pragma once

namespace bench {

void add_dense_widths();
void add_conv_widths();

} // namespace bench
