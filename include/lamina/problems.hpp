// What can be wrong with a network, as types that read as sentences:
//     layer<2, Conv<16,5>>::kernel<5,5>::does_not_fit_its_input<4,4>
// A problem is only named while shapes are inferred. Asking for its size instantiates it, and its own
// static_assert is then the one error the user sees.
#pragma once

#include <type_traits>

namespace lamina {

/// No problem.
struct none {};

/// Carries a problem's type without instantiating it: what a layer's `check` returns when it refuses its
/// input.
template <class Problem>
struct fault {
    using type = Problem;
};

template <class...>
inline constexpr bool never = false;
template <int...>
inline constexpr bool never_value = false;

/// Where a problem lies: the layer's index (from 0, as in `Model::layers`) and type. The vocabulary of what
/// lamina's own layers need; a user's layer names its own template with a static_assert in the same way.
template <int Index, class Layer>
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
            static_assert(never<Shape>, "this layer needs an image: channels, height and width");
        };
    };

    template <int Numerator, int Denominator>
    struct slope {
        struct must_be_from_zero_to_below_one {
            static_assert(never<must_be_from_zero_to_below_one>, "slope must be at least 0 and below 1");
        };
    };

    struct is_not_a_layer {
        static_assert(never<Layer>,
                      "a Net holds layers: types with a name, an output shape, forward and input_gradient");
    };
};

/// A network without layers.
template <class Topology>
struct network_has_no_layers {
    static_assert(never<Topology>, "a Net needs at least one layer");
};

/// Memory that would not fit on the stack: `workspace<4718592>::exceeds_the_stack_budget<1048576>`.
template <long long Bytes>
struct workspace {
    template <long long Budget>
    struct exceeds_the_stack_budget {
        static_assert(Bytes < 0,
                      "too large for the stack: pass a workspace that lives elsewhere (static, or in a "
                      "std::unique_ptr) as the last argument");
    };
};

/// Derive from `report<Problem>` to show the problem: asking for its size instantiates it.
template <class Problem>
struct report {
    static constexpr auto shown = sizeof(Problem);
};

} // namespace lamina
