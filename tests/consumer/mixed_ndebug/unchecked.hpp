#pragma once

#include <lamina/core.hpp>

namespace ln = lamina;

float element(const ln::Tensor<float, ln::Shape<2, 3>>& t, int y, int x);
