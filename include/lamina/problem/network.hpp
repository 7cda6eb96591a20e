// The problems of a network.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// The positions of the lists around a layer, the outermost first.
template <int... Positions>
struct inside {};

/// What a layer needs to gather statistics of the whole batch.
struct gathered;
struct gathered_gradient;
struct gather;
struct merge;
struct finish;
struct gather_gradient;

/// The place of a problem: the layer's position in its list (from 0) and its type. If that list is in others,
/// their positions follow: `layer<1, ReLU, inside<3, 0>>` is layer 1 of the list at 0 of the list at 3, which
/// has the path 3.0.1. Its members are the problems of lamina's own layers; a user's layer defines a template
/// with a static_assert in the same way.
template <int Index, class L, class... Inside>
struct layer {
    using type = L;

    template <int Height, int Width>
    struct kernel {
        template <long long InputHeight, long long InputWidth>
        struct does_not_fit_its_input {
            static_assert(never<does_not_fit_its_input>, "kernel is larger than its input");
        };
        template <int DilationHeight, int DilationWidth>
        struct dilated_by {
            template <long long InputHeight, long long InputWidth>
            struct does_not_fit_its_input {
                static_assert(never<does_not_fit_its_input>,
                              "kernel with its dilation is larger than its input");
            };
        };
        struct must_be_positive {
            static_assert(never<must_be_positive>, "kernel must be at least 1");
        };
    };

    struct kernel_is_neither_a_number_nor_a_size {
        static_assert(never<kernel_is_neither_a_number_nor_a_size>,
                      "a kernel is a whole number or an ln::size{height, width}");
    };
    struct window_is_neither_a_number_nor_a_size {
        static_assert(never<window_is_neither_a_number_nor_a_size>,
                      "a pooling window is a whole number or an ln::size{height, width}");
    };
    struct size_is_neither_a_number_nor_a_size {
        static_assert(never<size_is_neither_a_number_nor_a_size>,
                      "a size is a whole number or an ln::size{height, width}");
    };
    struct factor_is_neither_a_number_nor_a_size {
        static_assert(never<factor_is_neither_a_number_nor_a_size>,
                      "a factor is a whole number or an ln::size{rows, columns}");
    };
    struct stride_is_neither_a_number_nor_a_size {
        static_assert(never<stride_is_neither_a_number_nor_a_size>,
                      "a stride is a whole number or an ln::size{rows, columns}");
    };
    struct dilation_is_neither_a_number_nor_a_size {
        static_assert(never<dilation_is_neither_a_number_nor_a_size>,
                      "a dilation is a whole number or an ln::size{rows, columns}");
    };
    struct padding_is_neither_a_number_nor_a_pad_nor_same {
        static_assert(never<padding_is_neither_a_number_nor_a_pad_nor_same>,
                      "a padding is a whole number, an ln::pad{top, bottom, left, right} or ln::same");
    };

    template <int Height, int Width>
    struct window {
        template <long long InputHeight, long long InputWidth>
        struct does_not_fit_its_input {
            static_assert(never<does_not_fit_its_input>, "pooling window is larger than its input");
        };
        struct must_be_positive {
            static_assert(never<must_be_positive>, "pooling window must be at least 1");
        };
    };

    template <int Height, int Width>
    struct output_size {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "an AdaptiveAvgPool gives at least 1 row and 1 column");
        };
    };
    template <int Height, int Width>
    struct upsampling {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "the factor of an Upsample must be at least 1");
        };
    };

    template <int Count>
    struct filters {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "a convolution needs at least 1 filter");
        };
    };
    template <int Filters>
    struct multiplier {
        struct must_be_positive {
            static_assert(never<must_be_positive>,
                          "a depthwise convolution has at least 1 filter for each channel");
        };
    };

    struct has_no_bias_to_leave_out {
        static_assert(never<has_no_bias_to_leave_out>,
                      "NoBias takes a layer whose bias can be left out: Conv, DepthwiseConv, Conv1D, "
                      "TransposedConv or Dense");
    };

    template <int Count>
    struct outputs {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "a dense layer needs at least 1 output");
        };
    };

    template <int... Step>
    struct stride {
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

    template <int... Step>
    struct dilation {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "dilation must be at least 1");
        };
    };

    template <int Count>
    struct groups {
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

    template <int... Cells>
    struct padding {
        struct must_not_be_negative {
            static_assert(never<must_not_be_negative>, "padding must be at least 0");
        };
        template <int... Kernel>
        struct must_be_smaller_than_kernel {
            static_assert(
                never<must_be_smaller_than_kernel>,
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

    template <int Given>
    struct epsilon_per_million {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "epsilon must be at least 1 in a million");
        };
    };
    template <int Given>
    struct momentum_percent {
        struct must_be_from_0_to_100 {
            static_assert(never<must_be_from_0_to_100>, "momentum must be from 0 to 100 percent");
        };
    };
    template <int Percent>
    struct dropped_percent {
        struct must_be_from_0_to_100 {
            static_assert(never<must_be_from_0_to_100>, "Dropout must drop from 0 to 100 percent");
        };
    };

    template <class Shape>
    struct input {
        struct is_not_an_image {
            static_assert(never<is_not_an_image>, "this layer needs an image: channels, height and width");
        };
        struct is_neither_an_image_nor_a_sequence {
            static_assert(never<is_neither_an_image_nor_a_sequence>,
                          "this layer needs an image (channels, height and width) or a sequence (channels and "
                          "length)");
        };
        struct is_not_a_sequence {
            static_assert(never<is_not_a_sequence>, "this layer needs a sequence: channels and length");
        };
    };

    template <int Numerator, int Denominator>
    struct slope {
        struct must_be_from_zero_to_below_one {
            static_assert(never<must_be_from_zero_to_below_one>, "slope must be at least 0 and below 1");
        };
    };
    template <int Count>
    struct slopes {
        template <int Channels>
        struct are_not_one_or_the_channels {
            static_assert(never<are_not_one_or_the_channels>,
                          "a PReLU has 1 slope, or as many as its input has channels");
        };
    };
    template <int Numerator, int Denominator>
    struct alpha {
        struct must_be_above_zero {
            static_assert(never<must_be_above_zero>,
                          "alpha must be above 0: a numerator and a denominator of at least 1");
        };
    };
    template <int Numerator, int Denominator>
    struct factor {
        struct must_not_be_zero {
            static_assert(never<must_not_be_zero>, "a Scale needs a factor, which is not 0");
        };
        struct has_no_positive_denominator {
            static_assert(never<has_no_positive_denominator>,
                          "the denominator of a factor must be at least 1");
        };
    };

    template <int Number>
    struct branch {
        template <class Shape>
        struct gives {
            template <class Others>
            struct where_others_give {
                static_assert(never<where_others_give>,
                              "all branches of a Sum or a Product have outputs of the same shape");
            };
            template <class Others>
            struct beside {
                static_assert(never<beside>,
                              "the outputs of a Concat's branches differ in their first extent "
                              "alone: all have the same height and width");
            };
        };
    };
    struct has_no_branches {
        static_assert(never<has_no_branches>, "a Sum, Product, Concat or Outputs needs at least one branch");
    };
    struct must_be_the_last_of_the_network {
        static_assert(never<must_be_the_last_of_the_network>,
                      "Outputs are the outputs of the whole network: the last member of the Net that a Model "
                      "takes, not of a Net or a Repeat inside of it. Within a network branches end in a "
                      "Concat");
    };
    template <int Count>
    struct repeats {
        struct must_be_at_least_once {
            static_assert(never<must_be_at_least_once>, "a Repeat has a count of at least 1");
        };
    };
    template <class Output>
    struct cannot_repeat_what_gives {
        template <class Input>
        struct instead_of {
            static_assert(never<instead_of>,
                          "a Repeat needs layers that give the shape that they take: each copy takes what "
                          "the one before it gives");
        };
    };
    struct has_a_name_that_is_no_word {
        static_assert(
            never<has_a_name_that_is_no_word>,
            "a Named layer has a name of letters, digits, _ and -, which does not begin with a digit");
    };
    struct is_named_already {
        static_assert(never<is_named_already>, "this name is taken: an As before it has given it");
    };
    struct is_not_named_before {
        static_assert(never<is_not_named_before>,
                      "no As before this From gives that name: an As names a value in its own Net, and in "
                      "the Nets inside of it");
    };
    struct is_never_used {
        static_assert(never<is_never_used>, "no From uses the value that this As names");
    };
    struct has_an_output_that_nothing_reads {
        static_assert(never<has_an_output_that_nothing_reads>,
                      "no layer reads the output of this layer, and the network does not return it");
    };

    struct is_not_a_layer {
        static_assert(never<is_not_a_layer>,
                      "a Net holds layers: types that satisfy ln::Layer, see concepts.hpp");
    };
    struct is_only_declared {
        static_assert(never<is_only_declared>,
                      "this layer is declared, but not defined here: include its header, or lamina/core.hpp");
    };
    struct has_state {
        static_assert(never<has_state>,
                      "a layer must be an empty type: its members are static, its numbers are template "
                      "arguments or weights");
    };
    struct has_no_name {
        static_assert(never<has_no_name>, "a layer needs a `static constexpr const char* name`");
    };
    struct has_a_name_that_is_too_long {
        static_assert(never<has_a_name_that_is_too_long>,
                      "a `Text` holds at most 79 characters: a longer name is a `static constexpr "
                      "std::string_view name`");
    };
    template <class Input>
    struct has_no_output_on {
        static_assert(never<has_no_output_on>,
                      "a layer needs a `template <class In> using output`, the Shape of its output");
    };
    template <class Input>
    struct has_no_forward_on {
        static_assert(never<has_no_forward_on>,
                      "a layer needs a `static constexpr void forward(auto x, auto p, auto y)`");
    };
    template <class Input>
    struct has_no_input_gradient_on {
        static_assert(never<has_no_input_gradient_on>,
                      "a layer needs a `static constexpr void "
                      "input_gradient(auto x, auto y, auto dy, auto p, auto dx)`");
    };
    template <class Input>
    struct has_no_parameter_gradient_on {
        static_assert(never<has_no_parameter_gradient_on>,
                      "a layer with a weight, or a list `trained`, needs a `static constexpr void "
                      "parameter_gradient(auto x, auto y, auto dy, auto dp)`");
    };
    template <class Input>
    struct has_no_initial_weight_on {
        static_assert(never<has_no_initial_weight_on>,
                      "a layer with a weight needs an `initial_weight`, or `fan_in<In>` and `fan_out<In>`");
    };
    template <class Input>
    struct has_a_bias_without_a_weight_on {
        static_assert(never<has_a_bias_without_a_weight_on>, "a layer with a `bias` needs a `weight` too");
    };
    template <class Input>
    struct has_a_parameter_gradient_without_a_weight_on {
        static_assert(never<has_a_parameter_gradient_without_a_weight_on>,
                      "a layer with a `parameter_gradient` needs a `template <class In> using weight`, or a "
                      "list of its tensors, a `template <class In, class T> struct trained`");
    };
    /// A list of a layer's tensors: `trained`, `kept`, `saved`, `gathered` or `gathered_gradient`.
    template <class List>
    struct list {
        struct has_no_fields {
            static_assert(never<has_no_fields>,
                          "a list of tensors needs a `static constexpr void fields(auto& list, auto f)`, "
                          "which calls f(\"name\", list.name) for each of them");
        };
        template <class T>
        struct has_a_field_that_is_no_view_of {
            static_assert(never<has_a_field_that_is_no_view_of>,
                          "`fields` calls f(\"name\", list.name) with a member of the list that is a View<T, "
                          "Shape<...>> of the list's own T (of double, if it is gathered)");
        };
        struct has_a_field_without_an_initial_value {
            static_assert(
                never<has_a_field_without_an_initial_value>,
                "`fields` of a `trained` or `kept` list calls f(\"name\", list.name, begin) with an "
                "ln::initial::constant{value} or an ln::initial::drawn{fan_in, fan_out}");
        };
    };
    template <class Member>
    struct gathers_but_lacks {
        static_assert(
            never<gathers_but_lacks>,
            "a layer with statistics of the batch has gathered<In>, gathered_gradient<In>, double "
            "gather(x, int samples, own), double merge(double count, own, double more_count, more), "
            "finish(double count, all, kept) and gather_gradient(x, dy, all, own)");
    };
    /// Problems that `fold` finds.
    struct has_no_scale_and_shift {
        static_assert(never<has_no_scale_and_shift>,
                      "to be folded, a layer with `only_scales` needs a `static constexpr ln::ScaleAndShift "
                      "scale_and_shift(int channel, auto p, auto kept)`");
    };
    struct takes_a_scale_without_weight_and_bias {
        static_assert(
            never<takes_a_scale_without_weight_and_bias>,
            "a layer with `takes_scale` needs a `weight` and a `bias` with a number for each channel "
            "of its output: they take the scale and the shift of the layer that follows");
    };
    template <class Verdict>
    struct has_a_find_fault_that_returns {
        static_assert(
            never<has_a_find_fault_that_returns>,
            "a layer's `template <class In, class Where> static consteval auto find_fault()` returns "
            "`none{}` or a `fault<Problem>{}`");
    };
    /// Problems of an activation.
    template <class Other>
    struct is_elementwise {
        struct instead_of_itself {
            static_assert(never<instead_of_itself>, "an activation must derive from Elementwise of itself");
        };
    };
    struct has_no_value {
        static_assert(never<has_no_value>, "an activation needs a `static constexpr auto value(auto x)`");
    };
    struct has_no_slope {
        static_assert(never<has_no_slope>,
                      "an activation needs a `static constexpr auto slope(auto y)`, its derivative from its "
                      "output, or a `slope_of_input(auto x)`, from its input");
    };
    struct has_two_slopes {
        static_assert(never<has_two_slopes>,
                      "an activation has a `slope(auto y)`, its derivative from its output, or a "
                      "`slope_of_input(auto x)`, from its input, but not both");
    };
    /// A layer's output, weight or bias.
    template <class Tensor>
    struct tensor {
        struct is_not_a_shape {
            static_assert(never<is_not_a_shape>, "a layer's output, weight and bias are Shapes of at most "
                                                 "2,147,483,647 elements, every extent at least 1");
        };
    };
    template <long long Count>
    struct activations {
        template <long long Most>
        struct are_more_than {
            static_assert(
                never<are_more_than>,
                "up to this layer the activations of a pass, and their gradients in training, need more "
                "elements than an array can have: use smaller images, fewer channels or fewer layers");
        };
    };
    template <long long Count>
    struct parameters {
        struct are_too_many {
            static_assert(never<are_too_many>, "a network can have at most 2,147,483,647 parameters");
        };
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
