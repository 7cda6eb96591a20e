// The problems of layers along time, and of streams.
#pragma once

#include <lamina/problem/layer.hpp>
#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <int Index, class L, class... Inside>
template <int Count>
struct layer<Index, L, Inside...>::units {
    struct must_be_positive {
        static_assert(never<must_be_positive>, "a recurrent layer has at least 1 unit");
    };
    struct are_too_many {
        static_assert(never<are_too_many>,
                      "a recurrent layer's weights, and what it saves of all steps for backward, are at most "
                      "2,147,483,647 numbers each: use fewer units or shorter sequences");
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::takes_its_units_without_inputs {
    static_assert(
        never<takes_its_units_without_inputs>,
        "the inputs of a recurrent layer are inferred: PyTorch's LSTM(1, 16) is ln::LSTM<16>, GRU(1, 16) "
        "ln::GRU<16>, and several layers stand one behind the other");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::is_not_of_a_recurrent_layer {
    static_assert(never<is_not_of_a_recurrent_layer>,
                  "Bidirectional and LearntState take a recurrent layer: LSTM<16> or GRU<16>");
};

template <int Index, class L, class... Inside>
template <class Output>
struct layer<Index, L, Inside...>::gives {
    struct at_each_step_of_a_sequence {
        static_assert(
            never<at_each_step_of_a_sequence>,
            "each step of a sequence is a vector or an image: what a layer gives for a step is one as well");
    };
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::looks_ahead {
    static_assert(never<looks_ahead>,
                  "a stream knows no step before it comes: a layer that sees later ones, or all of them, "
                  "cannot be in it, nor be trained on ln::data::Recordings");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::carries_nothing_from_window_to_window {
    static_assert(never<carries_nothing_from_window_to_window>,
                  "on ln::data::Recordings a window goes on where another ended: a layer that sees earlier "
                  "steps must list in `carried` what it keeps of them, on a Sequence as well");
};

template <int Index, class L, class... Inside>
struct layer<Index, L, Inside...>::carries_no_gradient_to_the_window_before {
    static_assert(
        never<carries_no_gradient_to_the_window_before>,
        "gradients go back through several windows of ln::data::Recordings by recurrent layers alone: "
        "other layers that see earlier steps need windows as long, Recordings<Model>");
};

/// A Stream of what has no steps. (What looks ahead is named by its layer.)
template <class Model>
struct stream_of {
    struct needs_a_model_on_a_sequence {
        static_assert(never<needs_a_model_on_a_sequence>,
                      "a Stream takes a Model whose input is a Sequence: Model<..., Sequence<L, Shape<C>>>");
    };
    template <int Steps>
    struct blocks {
        struct must_have_at_least_one_step {
            static_assert(never<must_have_at_least_one_step>, "a block of a Stream has at least 1 step");
        };
    };
};

/// Recordings for a model without time.
template <class Model>
struct recordings_for {
    struct need_a_model_on_a_sequence {
        static_assert(
            never<need_a_model_on_a_sequence>,
            "Recordings are for a Model whose input is a Sequence: Model<..., Sequence<L, Shape<C>>>");
    };
    template <int Windows>
    struct windows {
        struct must_be_positive {
            static_assert(never<must_be_positive>, "a sample of Recordings has at least 1 window");
        };
        struct have_statistics_of_the_batch_each {
            static_assert(
                never<have_statistics_of_the_batch_each>,
                "gradients go back through several windows of Recordings in a network without layers "
                "that need the whole batch: with BatchNorm take windows as long, Recordings<Model>");
        };
    };
};
/// The lists of a recording.
template <class X, class Y>
struct recordings {
    struct would_outlive_a_temporary {
        static_assert(never<would_outlive_a_temporary>,
                      "Recordings own nothing: pass variables that outlive them, not temporaries");
    };
    template <class Input, class Target>
    struct are_not_steps_of {
        static_assert(
            never<are_not_steps_of>,
            "a recording is two vectors, arrays or spans, inputs and targets, with one element for "
            "each step: a number of the model's type, or a Tensor<float, Shape<C>> where steps have "
            "several");
    };
};

} // namespace lamina::problem
