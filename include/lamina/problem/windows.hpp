// The problems of windows: kernels, pools, strides, dilations, paddings and sizes.
#pragma once

#include <lamina/problem/layer.hpp>
#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <int Index, class L, class... Inside>
template <int Height, int Width>
struct layer<Index, L, Inside...>::kernel {
    template <long long InputHeight, long long InputWidth>
    struct does_not_fit_its_input {
        static_assert(never<does_not_fit_its_input>, "kernel is larger than its input");
    };
    template <int DilationHeight, int DilationWidth>
    struct dilated_by {
        template <long long InputHeight, long long InputWidth>
        struct does_not_fit_its_input {
            static_assert(never<does_not_fit_its_input>, "kernel with its dilation is larger than its input");
        };
    };
    struct must_be_positive {
        static_assert(never<must_be_positive>, "kernel must be at least 1");
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::kernel_is_neither_a_number_nor_a_size {
    static_assert(never<kernel_is_neither_a_number_nor_a_size>,
                  "a kernel is a whole number or an ln::size{height, width}");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::window_is_neither_a_number_nor_a_size {
    static_assert(never<window_is_neither_a_number_nor_a_size>,
                  "a pooling window is a whole number or an ln::size{height, width}");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::size_is_neither_a_number_nor_a_size {
    static_assert(never<size_is_neither_a_number_nor_a_size>,
                  "a size is a whole number or an ln::size{height, width}");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::factor_is_neither_a_number_nor_a_size {
    static_assert(never<factor_is_neither_a_number_nor_a_size>,
                  "a factor is a whole number or an ln::size{rows, columns}");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::stride_is_neither_a_number_nor_a_size {
    static_assert(never<stride_is_neither_a_number_nor_a_size>,
                  "a stride is a whole number or an ln::size{rows, columns}");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::dilation_is_neither_a_number_nor_a_size {
    static_assert(never<dilation_is_neither_a_number_nor_a_size>,
                  "a dilation is a whole number or an ln::size{rows, columns}");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::padding_is_neither_a_number_nor_a_pad_nor_same {
    static_assert(never<padding_is_neither_a_number_nor_a_pad_nor_same>,
                  "a padding is a whole number, an ln::pad{top, bottom, left, right} or ln::same");
};

template <int Index, class L, class... Inside>
template <int Height, int Width>
struct layer<Index, L, Inside...>::window {
    template <long long InputHeight, long long InputWidth>
    struct does_not_fit_its_input {
        static_assert(never<does_not_fit_its_input>, "pooling window is larger than its input");
    };
    struct must_be_positive {
        static_assert(never<must_be_positive>, "pooling window must be at least 1");
    };
};

template <int Index, class L, class... Inside>
template <int Height, int Width>
struct layer<Index, L, Inside...>::output_size {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "an AdaptiveAvgPool gives at least 1 row and 1 column");
    };
};

template <int Index, class L, class... Inside>
template <int Height, int Width>
struct layer<Index, L, Inside...>::upsampling {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "the factor of an Upsample must be at least 1");
    };
};

template <int Index, class L, class... Inside>
template <int... Step>
struct layer<Index, L, Inside...>::stride {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "stride must be at least 1");
    };
    /// Only in a `Strict` network. `Rows` and `Columns`: padded input minus kernel, or input minus
    /// window.
    template <long long Rows, long long Columns>
    struct does_not_divide {
        static_assert(never<does_not_divide>,
                      "in a Strict network the stride must divide padded input minus kernel (or input "
                      "minus window) in both directions, so that no rows or columns are dropped");
    };
};

template <int Index, class L, class... Inside>
template <int... Step>
struct layer<Index, L, Inside...>::dilation {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "dilation must be at least 1");
    };
};

template <int Index, class L, class... Inside>
template <int... Cells>
struct layer<Index, L, Inside...>::padding {
    struct must_not_be_negative {
        static_assert(never<must_not_be_negative>, "padding must be at least 0");
    };
    template <int... Kernel>
    struct must_be_smaller_than_kernel {
        static_assert(never<must_be_smaller_than_kernel>,
                      "padding must be smaller than the kernel, otherwise some outputs would see only zeros");
    };
    template <int... Kernel>
    struct must_be_smaller_than_transposed_kernel {
        static_assert(
            never<must_be_smaller_than_transposed_kernel>,
            "padding must be smaller than the kernel, otherwise some inputs would count for nothing");
    };
    template <long long Height, long long Width>
    struct leaves_no_output {
        static_assert(never<leaves_no_output>, "padding must leave at least one row and one column");
    };
    template <int... Window>
    struct must_be_smaller_than_window {
        static_assert(
            never<must_be_smaller_than_window>,
            "padding must be smaller than the window, otherwise some windows would see only padding");
    };
};

template <int Index, class L, class... Inside>
template <long long Height, long long Width>
struct layer<Index, L, Inside...>::padded_input {
    struct is_too_large {
        static_assert(never<is_too_large>,
                      "the input with its padding must have at most 2,147,483,647 rows times columns");
    };
};

/// The output of a transposed convolution.
template <int Index, class L, class... Inside>
template <long long Height, long long Width>
struct layer<Index, L, Inside...>::uncut_output {
    struct is_too_large {
        static_assert(never<is_too_large>, "before its padding is cut off, the output must have at most "
                                           "2,147,483,647 rows times columns");
    };
};

} // namespace lamina::problem
