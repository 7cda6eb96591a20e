// The problems of models and optimisers in files.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// The first model of an `AnyOf`.
template <class First>
struct any_of {
    template <class Other>
    struct cannot_also_hold {
        static_assert(never<cannot_also_hold>,
                      "all models of an AnyOf must have inputs, outputs and numbers of the same type");
    };
};

/// The `State` of an optimiser, which a checkpoint must hold.
template <class State>
struct optimizer_state {
    struct has_no_fields {
        static_assert(never<has_no_fields>,
                      "checkpoints: an optimiser whose State remembers something needs State::fields(state, "
                      "f), which calls f(name, x) for each array and number in it");
    };
};
template <class Array>
struct array_of_state {
    struct is_of_neither_float_nor_double {
        static_assert(never<is_of_neither_float_nor_double>,
                      "checkpoints: an array of an optimiser's state is of float or double");
    };
};

} // namespace lamina::problem
