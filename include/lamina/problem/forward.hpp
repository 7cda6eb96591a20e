// The problems of a model's inputs and of functions of its outputs.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <unsigned long Count>
struct numbers {
    template <class Input>
    struct do_not_fill_an_input_of {
        static_assert(never<do_not_fill_an_input_of>,
                      "forward takes as many numbers as the model's input has, in its order");
    };
};

template <class X>
struct pixels {
    struct are_neither_bytes_nor_floats {
        static_assert(never<are_neither_bytes_nor_floats>, "an Image is made of std::uint8_t, which are 0 to "
                                                           "255, or of float: of a pointer to them, a span, "
                                                           "a vector or an array");
    };
};

template <int K>
struct top_k {
    template <int Outputs>
    struct does_not_fit_outputs {
        static_assert(never<does_not_fit_outputs>, "top_k<K> takes a K from 1 to the number of outputs");
    };
};

/// A Prepared of what is no model.
template <class X>
struct prepared {
    struct needs_a_model {
        static_assert(never<needs_a_model>, "Prepared takes a Model<Net<...>, Shape<...>>");
    };
};

} // namespace lamina::problem
