// The series of shapes.cpp, each compiled on its own.
#pragma once

#include "single_layer.hpp"

namespace bench {

void add_channels();
void add_images();
void add_kernels();
void add_conv_arguments();
void add_pools();
void add_dense();

} // namespace bench
