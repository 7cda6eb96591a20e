#pragma once

#include <lamina/lamina.hpp>

using Model =
    lamina::Model<lamina::Net<lamina::Conv<4, 3>, lamina::ReLU, lamina::Dense<10>>, lamina::Shape<1, 8, 8>>;
using Scores = lamina::Tensor<float, Model::output_shape>;

Scores answer_a();
Scores answer_b();
