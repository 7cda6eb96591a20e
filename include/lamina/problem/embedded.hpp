// The problems of embedded parameters.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// The reasons why embedded parameters do not fit a model.
template <class Model>
struct embedded {
    struct were_trained_on_another_input {
        static_assert(never<were_trained_on_another_input>,
                      "the embedded parameters are from a network with another input, number type or number "
                      "of parameters");
    };
    template <int Index>
    struct were_trained_with_another_layer {
        static_assert(
            never<were_trained_with_another_layer>,
            "the embedded parameters are from a network in which the layer of this index (from 0) differs");
    };
};

} // namespace lamina::problem
