// What can be wrong with embedded parameters.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// What keeps a model from taking embedded parameters.
template <class Model>
struct embedded {
    struct were_trained_on_another_input {
        static_assert(
            never<were_trained_on_another_input>,
            "the embedded parameters are of a network with another input, number type or number of layers");
    };
    template <int Index>
    struct were_trained_with_another_layer {
        static_assert(never<were_trained_with_another_layer>,
                      "the embedded parameters are of a network in which this layer (from 0) is another one");
    };
};

} // namespace lamina::problem
