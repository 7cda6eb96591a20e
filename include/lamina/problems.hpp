// What can be wrong with a network, as types that read as sentences:
//     layer<2, Conv<16,5>>::kernel<5,5>::does_not_fit_its_input<4,4>
// A problem is only named while shapes are inferred. Asking for its size instantiates it, and its own
// static_assert is then the one error the user sees.
#pragma once

#include <lamina/concepts.hpp>

namespace lamina {

/// No problem.
struct none {};

/// Carries a problem's type without instantiating it: what a layer's `check` returns when it refuses its
/// input.
template <class Problem>
struct fault {
    using type = Problem;
};

/// A false that depends on the problem it is given, which compilers therefore print: Clang on the very line
/// of the error.
template <class Problem>
inline constexpr bool never = false;

/// Where a problem lies: the layer's index (from 0, as in `Model::layers`) and type. The vocabulary of what
/// lamina's own layers need; a user's layer names its own template with a static_assert in the same way.
template <int Index, class L>
struct layer {
    template <int Height, int Width>
    struct kernel {
        template <int InputHeight, int InputWidth>
        struct does_not_fit_its_input {
            static_assert(never<does_not_fit_its_input>, "kernel is larger than its input");
        };
        struct must_be_positive {
            static_assert(never<must_be_positive>, "kernel must be at least 1");
        };
    };

    template <int Height, int Width>
    struct window {
        template <int InputHeight, int InputWidth>
        struct does_not_fit_its_input {
            static_assert(never<does_not_fit_its_input>, "pooling window is larger than its input");
        };
        struct must_be_positive {
            static_assert(never<must_be_positive>, "pooling window must be at least 1");
        };
    };

    template <int Count>
    struct filters {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "a convolution needs at least 1 filter");
        };
    };

    template <int Count>
    struct outputs {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "a dense layer needs at least 1 output");
        };
    };

    template <int Step>
    struct stride {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "stride must be at least 1");
        };
    };

    template <int Cells>
    struct padding {
        struct must_not_be_negative {
            static_assert(never<must_not_be_negative>, "padding must be at least 0");
        };
        template <int Kernel>
        struct must_be_smaller_than_kernel {
            static_assert(never<must_be_smaller_than_kernel>,
                          "padding must be smaller than the kernel, or whole outputs see nothing but zeros");
        };
    };

    template <class Shape>
    struct input {
        struct is_not_an_image {
            static_assert(never<is_not_an_image>, "this layer needs an image: channels, height and width");
        };
    };

    template <int Numerator, int Denominator>
    struct slope {
        struct must_be_from_zero_to_below_one {
            static_assert(never<must_be_from_zero_to_below_one>, "slope must be at least 0 and below 1");
        };
    };

    /// The constraint is the check itself, so that compilers say which requirement is not met.
    template <class Input>
    struct is_not_a_layer_on {
        static_assert(Layer<L, Input>, "a Net holds layers: types that satisfy ln::Layer, see concepts.hpp");
    };
};

/// A network without layers.
template <class Topology>
struct network_has_no_layers {
    static_assert(never<network_has_no_layers>, "a Net needs at least one layer");
};

/// A model of something else than a topology, a shape and a number type: `Net` or `Shape` forgotten or
/// swapped.
template <class Topology, class Input, class T>
struct not_a_model_of {
    static_assert(never<not_a_model_of>,
                  "a Model is of a Net<Layers...>, the Shape<...> of its input, and float or double");
};

/// Training with a loss that is none on the model's output, with an optimiser that is none, of a model
/// without parameters.
template <class L, class Output, class T>
struct not_a_loss_on {
    static_assert(Loss<L, Output, T>, "a Trainer's loss must satisfy ln::Loss, see concepts.hpp");
};
template <class O, class T>
struct not_an_optimizer_of {
    static_assert(Optimizer<O, T>, "a Trainer's optimiser must satisfy ln::Optimizer, see concepts.hpp");
};
template <class Topology>
struct model_to_train_is_const {
    static_assert(never<model_to_train_is_const>, "a Trainer needs a model that it may change");
};
template <class Topology>
struct network_has_nothing_to_learn {
    static_assert(never<network_has_nothing_to_learn>, "a Trainer needs a layer with weights");
};

/// Memory that would not fit on the stack: `workspace<4718592>::exceeds_the_stack_budget<2097152>`.
template <long long Bytes>
struct workspace {
    template <long long Budget>
    struct exceeds_the_stack_budget {
        static_assert(
            never<exceeds_the_stack_budget>,
            "too large for the stack: as last argument, pass a Model::Workspace (one sample), "
            "Model::BatchWorkspace (many) or ln::TrainingMemory<Model, Optimizer> (a Trainer) that is "
            "static or in a std::unique_ptr");
    };
};

/// Derive from `report<Problem>` to show the problem: asking for its size instantiates it.
template <class Problem>
struct report {
    static_assert(sizeof(Problem) > 0);
};

} // namespace lamina
