#include "reference.hpp"

#include <doctest/doctest.h>

using namespace lamina;

TEST_CASE("dynamic: the usual networks compute what their compile-time models do") {
    twins::check_twin(twins::reference<
                      Model<Net<Conv<16, 3, 1>, LeakyReLU<>, MaxPool<2, 2>, Dense<10>>, Shape<1, 28, 28>>>());
    twins::check_twin(twins::reference<Model<Net<Conv<6, 5, 1, 2>, Tanh, AvgPool<2, 2>, Conv<16, 5, 1>, Tanh,
                                                 AvgPool<2, 2>, Dense<120>, Tanh, Dense<84>, Tanh, Dense<10>>,
                                             Shape<1, 28, 28>>>());
    twins::check_twin(
        twins::reference<Model<Net<Dense<128>, ReLU, Dense<64>, ReLU, Dense<10>>, Shape<784>>>());
    twins::check_twin(
        twins::reference<Model<Net<Conv<18, 3, 1, 1>, ReLU, Conv<18, 3, 1, 1>, ReLU, MaxPool<2, 2>,
                                   Conv<36, 3, 1, 1>, ReLU, MaxPool<2, 2>, Dense<20>, ReLU, Dense<10>>,
                               Shape<3, 8, 8>>>());
}

TEST_CASE("dynamic: transposed convolutions compute what their compile-time models do") {
    twins::check_twin(
        twins::reference<Model<Net<Conv<6, 3, 2, 1>, ReLU, TransposedConv<9, 4, 2, 1, 1, 3>, Tanh,
                                   NoBias<TransposedConv<3, size{3, 2}, 2, same>>, Conv<2, 3, 1, 1>>,
                               Shape<2, 7, 6>>>());
}

TEST_CASE("dynamic: depthwise convolutions compute what their compile-time models do") {
    twins::check_twin(
        twins::reference<Model<Net<DepthwiseConv<3, 1, same, 1, 2>, ReLU, Conv<20, 1>, Tanh,
                                   NoBias<DepthwiseConv<3, size{1, 2}, pad{2, 1, 2, 2}, 2>>, ReLU,
                                   Conv<5, 3, 1, 1>, ReLU, DepthwiseConv<size{2, 3}, 3, same>, Dense<3>>,
                               Shape<3, 7, 9>>>());
    twins::check_twin( // rows longer than what is computed at a time
        twins::reference<Model<Net<Conv1D<3, 3, 2, 1, 1, 3>, Tanh, GlobalAvgPool>, Shape<3, 2100>>>());
}

TEST_CASE("dynamic: what a convolution reads with a halo, and Dense without") {
    twins::check_twin(
        twins::reference<Model<Net<Conv<3, 3, 1, 1>, Sum<Net<Conv<3, 3, 1, 1>, Dense<3>>, Dense<3>>, Tanh>,
                               Shape<3, 4, 5>>>());
}
