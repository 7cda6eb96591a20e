#include "reference.hpp"

#include <lamina/dynamic/conv.hpp>
#include <lamina/dynamic/dense.hpp>

#include <doctest/doctest.h>

using twins::problem;

TEST_CASE("dynamic: what fits is made") {
    CHECK(problem({1, 28, 28}, {"Conv<16,3>", "ReLU", "MaxPool<2,2>", "Dense<10>"}).empty());
    CHECK(problem({1, 1, 1}, {"Conv<1,3,1,1>", "MaxPool<1,1>"}).empty());
    CHECK(problem({7}, {"Flatten"}).empty());
}

TEST_CASE("dynamic: a misfit is told in the words of the compile-time error") {
    CHECK(problem({1, 10, 10}, {"Conv<8,3,1>", "MaxPool<2,2>", "Conv<16,5,1>", "Dense<10>"}) ==
          "layer<2, Conv<16,5,1>>::kernel<5,5>::does_not_fit_its_input<4,4>: "
          "kernel is larger than its input");
    CHECK(problem({1, 2, 9}, {"Conv<4,5,1,1>"}) ==
          "layer<0, Conv<4,5,1,1>>::kernel<5,5>::does_not_fit_its_input<4,11>: "
          "kernel is larger than its input");
    CHECK(problem({1, 5, 5}, {"Conv<0,3>"}) ==
          "layer<0, Conv<0,3,1>>::filters<0>::must_be_positive: a convolution needs at least 1 filter");
    CHECK(problem({1, 5, 5}, {"Conv<4,0>"}) ==
          "layer<0, Conv<4,0,1>>::kernel<0,0>::must_be_positive: kernel must be at least 1");
    CHECK(problem({1, 5, 5}, {"Conv<4,3,0>"}) ==
          "layer<0, Conv<4,3,0>>::stride<0>::must_be_positive: stride must be at least 1");
    CHECK(problem({1, 5, 5}, {"Conv<4,3,1,-1>"}) ==
          "layer<0, Conv<4,3,1,-1>>::padding<-1>::must_not_be_negative: padding must be at least 0");
    CHECK(problem({1, 5, 5}, {"Conv<4,3,1,3>"}) ==
          "layer<0, Conv<4,3,1,3>>::padding<3>::must_be_smaller_than_kernel<3>: "
          "padding must be smaller than the kernel, otherwise some outputs would see only zeros");
    CHECK(problem({1, 5, 5}, {"Dense<10>", "Conv<4,3>"}) ==
          "layer<1, Conv<4,3,1>>::input<Shape<10>>::is_not_an_image: "
          "this layer needs an image: channels, height and width");
    CHECK(problem({5, 5}, {"AvgPool<2,2>"}) == "layer<0, AvgPool<2,2>>::input<Shape<5,5>>::is_not_an_image: "
                                               "this layer needs an image: channels, height and width");
    CHECK(problem({1, 5, 1}, {"MaxPool<2,2>"}) ==
          "layer<0, MaxPool<2,2>>::window<2,2>::does_not_fit_its_input<5,1>: "
          "pooling window is larger than its input");
    CHECK(problem({1, 5, 5}, {"MaxPool<0,2>"}) ==
          "layer<0, MaxPool<0,2>>::window<0,0>::must_be_positive: pooling window must be at least 1");
    CHECK(problem({1, 5, 5}, {"MaxPool<2,0>"}) ==
          "layer<0, MaxPool<2,0>>::stride<0>::must_be_positive: stride must be at least 1");
    CHECK(problem({4}, {"Dense<0>"}) ==
          "layer<0, Dense<0>>::outputs<0>::must_be_positive: a dense layer needs at least 1 output");
    CHECK(problem({4}, {"LeakyReLU<1,1>"}) ==
          "layer<0, LeakyReLU<1,1>>::slope<1,1>::must_be_from_zero_to_below_one: "
          "slope must be at least 0 and below 1");
    CHECK(problem({4}, {}) == "network_has_no_layers<Net<>>: a Net needs at least one layer");
    CHECK(problem({1, 0, 4}, {"ReLU"}) == "Shape<1,0,4>: every extent of a shape is at least 1");
    CHECK(problem({}, {"ReLU"}) == "Shape<>: a shape has one to four extents");
}

TEST_CASE("dynamic: only the first misfit is told") {
    CHECK(problem({4}, {"Conv<1,9>", "MaxPool<0,0>"}).starts_with("layer<0, Conv<1,9,1>>::input<Shape<4>>"));
}

TEST_CASE("dynamic: sizes that an int cannot tell are misfits too") {
    CHECK(problem({100'000, 100'000}, {"Dense<1>"}) ==
          "Shape<100000,100000>: a shape has at most 2,147,483,647 elements");
    CHECK(problem({50'000}, {"Dense<50000>"}) ==
          "layer<0, Dense<50000>>::tensor<Shape<50000,50000>>::is_not_a_shape: a layer's output, weight and "
          "bias are Shapes of at most 2,147,483,647 elements, every extent at least 1");
    CHECK(problem({1, 4, 4}, {"Conv<1,2000000001,1,2000000000>"})
              .starts_with("layer<0, Conv<1,2000000001,1,2000000000>>::tensor<Shape<1,2000000004,2000000004>>"
                           "::is_not_a_shape: "));
    CHECK(problem({1, 4, 4}, {"Conv<1,2000000001,1,900000000>"}) ==
          "layer<0, Conv<1,2000000001,1,900000000>>::kernel<2000000001,2000000001>::does_not_fit_its_input<"
          "1800000004,1800000004>: kernel is larger than its input");
    CHECK(problem({1000, 1, 1}, {"Conv<3000,30,1,29>"})
              .starts_with("layer<0, Conv<3000,30,1,29>>::tensor<Shape<1000,30,30,3000>>::is_not_a_shape: "));
}

TEST_CASE("dynamic: all parameters together are no more than an int can tell") {
    CHECK(problem({1, 46'340, 46'340}, {"Conv<1,3,1,1>"}) ==
          "layer<0, Conv<1,3,1,1>>::activations<2147580964>::are_more_than<2147483647>: with the zeros "
          "around it, an "
          "image of this layer has more numbers than an int counts: use smaller images or fewer channels");
    CHECK(problem({40'000}, {"Dense<40000>", "Dense<40000>"}) ==
          "layer<1, Dense<40000>>::parameters<3200080000>::are_too_many: a network can have at most "
          "2,147,483,647 parameters");
}

TEST_CASE("dynamic: what is no whole number, or more than an int, is no argument of a layer, nor an extent") {
    namespace dynamic = lamina::dynamic;
    CHECK_THROWS_WITH_AS((void)dynamic::dense(3'000'000'000),
                         "3000000000: a layer's arguments are at most 2,147,483,647", dynamic::shape_error);
    (void)dynamic::conv(std::size_t{4}, 3U, 1L, short{1});
    static_assert(!std::is_constructible_v<lamina::dims, double>);
    static_assert(std::is_constructible_v<lamina::dims, std::size_t, long>);
}
