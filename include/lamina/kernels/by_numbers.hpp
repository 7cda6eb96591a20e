// All kernels for extents known at run time that are not those for constant extents; each header says why.
#pragma once

#include <lamina/kernels/conv_gradient_by_numbers.hpp>
#include <lamina/kernels/conv_input_gradient_by_numbers.hpp>
#include <lamina/kernels/one_sample_by_numbers.hpp>
#include <lamina/kernels/pool_by_numbers.hpp>
