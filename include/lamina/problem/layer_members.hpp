// The problems of a layer of the user's: members that are missing, or are not as concepts.hpp says.
#pragma once

#include <lamina/problem/layer.hpp>
#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// What a layer needs to gather statistics of the whole batch.
struct gathered;
struct gathered_gradient;
struct gather;
struct merge;
struct finish;
struct gather_gradient;

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::is_not_a_layer {
    static_assert(never<is_not_a_layer>,
                  "a Net holds layers: types that satisfy ln::Layer, see concepts.hpp");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::is_only_declared {
    static_assert(never<is_only_declared>,
                  "this layer is declared, but not defined here: include its header, or lamina/core.hpp");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_state {
    static_assert(never<has_state>,
                  "a layer must be an empty type: its members are static, its numbers are template "
                  "arguments or weights");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_no_name {
    static_assert(never<has_no_name>, "a layer needs a `static constexpr const char* name`");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_a_name_that_is_too_long {
    static_assert(never<has_a_name_that_is_too_long>,
                  "a `Text` holds at most 79 characters: a longer name is a `static constexpr "
                  "std::string_view name`");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_no_output_on {
    static_assert(never<has_no_output_on>,
                  "a layer needs a `template <class In> using output`, the Shape of its output");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_no_forward_on {
    static_assert(never<has_no_forward_on>,
                  "a layer needs a `static constexpr void forward(auto x, auto p, auto y)`");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_no_input_gradient_on {
    static_assert(never<has_no_input_gradient_on>,
                  "a layer needs a `static constexpr void "
                  "input_gradient(auto x, auto y, auto dy, auto p, auto dx)`");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_no_parameter_gradient_on {
    static_assert(never<has_no_parameter_gradient_on>,
                  "a layer with a weight, or a list `trained`, needs a `static constexpr void "
                  "parameter_gradient(auto x, auto y, auto dy, auto dp)`");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_no_initial_weight_on {
    static_assert(never<has_no_initial_weight_on>,
                  "a layer with a weight needs an `initial_weight`, or `fan_in<In>` and `fan_out<In>`");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_a_bias_without_a_weight_on {
    static_assert(never<has_a_bias_without_a_weight_on>, "a layer with a `bias` needs a `weight` too");
};

template <int Index, class L, class... Inside>
template <class Input>
struct layer<Index, L, Inside...>::has_a_parameter_gradient_without_a_weight_on {
    static_assert(never<has_a_parameter_gradient_without_a_weight_on>,
                  "a layer with a `parameter_gradient` needs a `template <class In> using weight`, or a "
                  "list of its tensors, a `template <class In, class T> struct trained`");
};

/// A list of a layer's tensors: `trained`, `kept`, `saved`, `gathered` or `gathered_gradient`.
template <int Index, class L, class... Inside>
template <class List>
struct layer<Index, L, Inside...>::list {
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
        static_assert(never<has_a_field_without_an_initial_value>,
                      "`fields` of a `trained` or `kept` list calls f(\"name\", list.name, begin) with an "
                      "ln::initial::constant{value} or an ln::initial::drawn{fan_in, fan_out}");
    };
};

template <int Index, class L, class... Inside>
template <class Member>
struct layer<Index, L, Inside...>::gathers_but_lacks {
    static_assert(never<gathers_but_lacks>,
                  "a layer with statistics of the batch has gathered<In>, gathered_gradient<In>, double "
                  "gather(x, int samples, own), double merge(double count, own, double more_count, more), "
                  "finish(double count, all, kept) and gather_gradient(x, dy, all, own)");
};

/// Problems that `fold` finds.
template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_no_scale_and_shift {
    static_assert(never<has_no_scale_and_shift>,
                  "to be folded, a layer with `only_scales` needs a `static constexpr ln::ScaleAndShift "
                  "scale_and_shift(int channel, auto p, auto kept)`");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::takes_a_scale_without_weight_and_bias {
    static_assert(never<takes_a_scale_without_weight_and_bias>,
                  "a layer with `takes_scale` needs a `weight` and a `bias` with a number for each channel "
                  "of its output: they take the scale and the shift of the layer that follows");
};

template <int Index, class L, class... Inside>
template <class Verdict>
struct layer<Index, L, Inside...>::has_a_find_fault_that_returns {
    static_assert(never<has_a_find_fault_that_returns>,
                  "a layer's `template <class In, class Where> static consteval auto find_fault()` returns "
                  "`none{}` or a `fault<Problem>{}`");
};

/// Problems of an activation.
template <int Index, class L, class... Inside>
template <class Other>
struct layer<Index, L, Inside...>::is_elementwise {
    struct instead_of_itself {
        static_assert(never<instead_of_itself>, "an activation must derive from Elementwise of itself");
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_no_value {
    static_assert(never<has_no_value>, "an activation needs a `static constexpr auto value(auto x)`");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_no_slope {
    static_assert(never<has_no_slope>,
                  "an activation needs a `static constexpr auto slope(auto y)`, its derivative from its "
                  "output, or a `slope_of_input(auto x)`, from its input");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::has_two_slopes {
    static_assert(never<has_two_slopes>,
                  "an activation has a `slope(auto y)`, its derivative from its output, or a "
                  "`slope_of_input(auto x)`, from its input, but not both");
};

} // namespace lamina::problem
