// The problems of a layer: where it is and what is wrong with it. Their sentences stand in the headers named
// here.
#pragma once

namespace lamina::problem {

/// The positions of the lists around a layer, the outermost first.
template <int... Positions>
struct inside {};

/// The place of a problem: the layer's position in its list (from 0) and its type. If that list is in others,
/// their positions follow: `layer<1, ReLU, inside<3, 0>>` is layer 1 of the list at 0 of the list at 3, which
/// has the path 3.0.1. Its members are the problems of lamina's own layers; a user's layer defines a template
/// with a static_assert in the same way.
template <int Index, class L, class... Inside>
struct layer {
    using type = L;

    // windows.hpp
    template <int Height, int Width>
    struct kernel;
    struct kernel_is_neither_a_number_nor_a_size;
    struct window_is_neither_a_number_nor_a_size;
    struct size_is_neither_a_number_nor_a_size;
    struct factor_is_neither_a_number_nor_a_size;
    struct stride_is_neither_a_number_nor_a_size;
    struct dilation_is_neither_a_number_nor_a_size;
    struct padding_is_neither_a_number_nor_a_pad_nor_same;
    template <int Height, int Width>
    struct window;
    template <int Height, int Width>
    struct output_size;
    template <int Height, int Width>
    struct upsampling;
    template <int... Step>
    struct stride;
    template <int... Step>
    struct dilation;
    template <int... Cells>
    struct padding;
    template <long long Height, long long Width>
    struct padded_input;
    template <long long Height, long long Width>
    struct uncut_output;

    // layer_arguments.hpp
    template <int Count>
    struct filters;
    template <int Filters>
    struct multiplier;
    template <int Count>
    struct groups;
    template <int Count>
    struct outputs;
    struct has_no_bias_to_leave_out;
    struct is_not_of_a_recurrent_layer;
    template <int Given>
    struct epsilon_per_million;
    template <int Given>
    struct momentum_percent;
    template <int Percent>
    struct dropped_percent;
    template <class Shape>
    struct input;
    template <int Numerator, int Denominator>
    struct slope;
    template <int Count>
    struct slopes;
    template <int Numerator, int Denominator>
    struct alpha;
    template <int Numerator, int Denominator>
    struct factor;

    // sequences.hpp
    template <int Count>
    struct units;
    struct takes_its_units_without_inputs;
    template <class Output>
    struct gives;
    struct looks_ahead;
    struct carries_nothing_from_window_to_window;
    struct carries_no_gradient_to_the_window_before;

    // branches.hpp
    template <int Number>
    struct branch;
    struct has_no_branches;
    struct must_be_the_last_of_the_network;
    template <int Count>
    struct repeats;
    template <class Output>
    struct cannot_repeat_what_gives;
    struct has_a_name_that_is_no_word;
    struct is_named_already;
    struct is_not_named_before;
    struct is_never_used;
    struct has_an_output_that_nothing_reads;

    // layer_members.hpp
    struct is_not_a_layer;
    struct is_only_declared;
    struct has_state;
    struct has_no_name;
    struct has_a_name_that_is_too_long;
    template <class Input>
    struct has_no_output_on;
    template <class Input>
    struct has_no_forward_on;
    template <class Input>
    struct has_no_input_gradient_on;
    template <class Input>
    struct has_no_parameter_gradient_on;
    template <class Input>
    struct has_no_initial_weight_on;
    template <class Input>
    struct has_a_bias_without_a_weight_on;
    template <class Input>
    struct has_a_parameter_gradient_without_a_weight_on;
    template <class List>
    struct list;
    template <class Member>
    struct gathers_but_lacks;
    struct has_no_scale_and_shift;
    struct takes_a_scale_without_weight_and_bias;
    template <class Verdict>
    struct has_a_find_fault_that_returns;
    template <class Other>
    struct is_elementwise;
    struct has_no_value;
    struct has_no_slope;
    struct has_two_slopes;

    // network.hpp
    template <class Tensor>
    struct tensor;
    template <long long Count>
    struct activations;
    template <long long Count>
    struct parameters;
};

} // namespace lamina::problem
