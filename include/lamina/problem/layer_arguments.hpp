// The problems of a layer's other arguments and of its input.
#pragma once

#include <lamina/problem/layer.hpp>
#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <int Index, class L, class... Inside>
template <int Count>
struct layer<Index, L, Inside...>::filters {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "a convolution needs at least 1 filter");
    };
};

template <int Index, class L, class... Inside>
template <int Filters>
struct layer<Index, L, Inside...>::multiplier {
    struct must_be_positive {
        static_assert(never<must_be_positive>,
                      "a depthwise convolution has at least 1 filter for each channel");
    };
};

template <int Index, class L, class... Inside>
template <int Count>
struct layer<Index, L, Inside...>::groups {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "a convolution has at least 1 group");
    };
    template <int Channels>
    struct do_not_divide_channels {
        static_assert(never<do_not_divide_channels>, "the groups must divide the channels of the input");
    };
    template <int Filters>
    struct do_not_divide_filters {
        static_assert(never<do_not_divide_filters>, "the groups must divide the filters");
    };
};

template <int Index, class L, class... Inside>
template <int Count>
struct layer<Index, L, Inside...>::outputs {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "a dense layer needs at least 1 output");
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_no_bias_to_leave_out {
    static_assert(never<has_no_bias_to_leave_out>,
                  "NoBias takes a layer whose bias can be left out: Conv, DepthwiseConv, Conv1D, "
                  "TransposedConv or Dense");
};

template <int Index, class L, class... Inside>
template <int Given>
struct layer<Index, L, Inside...>::epsilon_per_million {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "epsilon must be at least 1 in a million");
    };
};

template <int Index, class L, class... Inside>
template <int Given>
struct layer<Index, L, Inside...>::momentum_percent {
    struct must_be_from_0_to_100 {
        static_assert(never<must_be_from_0_to_100>, "momentum must be from 0 to 100 percent");
    };
};

template <int Index, class L, class... Inside>
template <int Percent>
struct layer<Index, L, Inside...>::dropped_percent {
    struct must_be_from_0_to_100 {
        static_assert(never<must_be_from_0_to_100>, "Dropout must drop from 0 to 100 percent");
    };
};

template <int Index, class L, class... Inside>
template <class Shape>
struct layer<Index, L, Inside...>::input {
    struct is_not_an_image {
        static_assert(never<is_not_an_image>, "this layer needs an image: channels, height and width");
    };
    struct is_neither_an_image_nor_a_sequence {
        static_assert(never<is_neither_an_image_nor_a_sequence>,
                      "this layer needs an image (channels, height and width) or a sequence (channels and "
                      "length)");
    };
    struct is_not_a_sequence {
        static_assert(never<is_not_a_sequence>, "this layer needs a sequence: channels and length. In a "
                                                "sequence of images Flatten makes them vectors");
    };
};

template <int Index, class L, class... Inside>
template <int Numerator, int Denominator>
struct layer<Index, L, Inside...>::slope {
    struct must_be_from_zero_to_below_one {
        static_assert(never<must_be_from_zero_to_below_one>, "slope must be at least 0 and below 1");
    };
};

template <int Index, class L, class... Inside>
template <int Count>
struct layer<Index, L, Inside...>::slopes {
    template <int Channels>
    struct are_not_one_or_the_channels {
        static_assert(never<are_not_one_or_the_channels>,
                      "a PReLU has 1 slope, or as many as its input has channels");
    };
};

template <int Index, class L, class... Inside>
template <int Numerator, int Denominator>
struct layer<Index, L, Inside...>::alpha {
    struct must_be_above_zero {
        static_assert(never<must_be_above_zero>,
                      "alpha must be above 0: a numerator and a denominator of at least 1");
    };
};

template <int Index, class L, class... Inside>
template <int Numerator, int Denominator>
struct layer<Index, L, Inside...>::factor {
    struct must_not_be_zero {
        static_assert(never<must_not_be_zero>, "a Scale needs a factor, which is not 0");
    };
    struct has_no_positive_denominator {
        static_assert(never<has_no_positive_denominator>, "the denominator of a factor must be at least 1");
    };
};

} // namespace lamina::problem
