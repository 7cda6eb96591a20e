// The problems of a network, all of them.
#pragma once

#include <lamina/problem/branches.hpp>
#include <lamina/problem/layer.hpp>
#include <lamina/problem/layer_arguments.hpp>
#include <lamina/problem/layer_members.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/problem/sequences.hpp>
#include <lamina/problem/windows.hpp>

namespace lamina::problem {

/// A layer's output, weight or bias.
template <int Index, class L, class... Inside>
template <class Tensor>
struct layer<Index, L, Inside...>::tensor {
    struct is_not_a_shape {
        static_assert(never<is_not_a_shape>, "a layer's output, weight and bias are Shapes of at most "
                                             "2,147,483,647 elements, every extent at least 1");
    };
};

template <int Index, class L, class... Inside>
template <long long Count>
struct layer<Index, L, Inside...>::activations {
    template <long long Most>
    struct are_more_than {
        static_assert(
            never<are_more_than>,
            "up to this layer the activations of a pass, and their gradients in training, need more "
            "elements than an array can have: use smaller images, fewer channels or fewer layers");
    };
};

template <int Index, class L, class... Inside>
template <long long Count>
struct layer<Index, L, Inside...>::parameters {
    struct are_too_many {
        static_assert(never<are_too_many>, "a network can have at most 2,147,483,647 parameters");
    };
};

/// A network without layers.
template <class Topology>
struct network_has_no_layers {
    static_assert(never<network_has_no_layers>, "a Net needs at least one layer");
};

/// A Model whose arguments are not a topology, a shape and a number type: `Net` or `Shape` is missing, or
/// they are swapped.
template <class Topology, class Input, class T>
struct not_a_model_of {
    static_assert(never<not_a_model_of>,
                  "a Model takes a Net<Layers...>, the Shape<...> of its input, and float or double");
};

/// Memory that does not fit on the stack: `workspace<4718592>::exceeds_the_stack_budget<2097152>`.
template <long long Bytes>
struct workspace {
    template <long long Budget>
    struct exceeds_the_stack_budget {
        static_assert(
            never<exceeds_the_stack_budget>,
            "too large for the stack: as last argument, pass a Model::Workspace (one sample), "
            "Model::BatchWorkspace (many) or ln::TrainingMemory<Model, Optimizer> (a Trainer; with BatchNorm "
            "TrainingMemory<Model, Optimizer, Batch>) that is static or in a std::unique_ptr");
    };
};

} // namespace lamina::problem
