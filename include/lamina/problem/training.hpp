// What can be wrong with training.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

/// A loss that is none on the model's output, or does not go with its last layer.
template <class L>
struct loss {
    template <class Layer>
    struct follows {
        static_assert(
            never<follows>,
            "this loss takes scores and has the softmax in it: leave the Softmax out, or take another "
            "loss, such as MeanSquaredError");
    };
    template <class Output>
    struct needs_more_scores_than {
        static_assert(never<needs_more_scores_than>,
                      "this loss compares the scores of at least two classes: for one output use "
                      "MeanSquaredError");
    };
    template <class Output, class T>
    struct is_not_one_on {
        static_assert(never<is_not_one_on>,
                      "a loss needs a `loss_and_gradient(y, t, dy)`, which takes Views of "
                      "packs of the model's output shape and returns a pack");
    };
};
template <class O>
struct optimizer {
    struct has_no_learning_rate {
        static_assert(never<has_no_learning_rate>, "an optimiser needs a number `learning_rate`");
    };
    template <class T>
    struct has_no_state_for {
        static_assert(
            never<has_no_state_for>,
            "an optimiser needs a `template <class T, int Extent> struct State`, even an empty one");
    };
    template <class T>
    struct has_no_update_for {
        static_assert(never<has_no_update_for>,
                      "an optimiser needs a `void update(T* parameters, const T* gradients, "
                      "State<T, Extent>& state, double rate) const`");
    };
};
template <class S>
struct schedule {
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "a schedule is called with the learning rate, a double, then the number of steps "
                      "before and, if it takes it, of all steps, and gives a double: ln::StepDecay{}, or a "
                      "lambda");
    };
};
/// What other options of `fit` do not take.
template <class X>
struct validation {
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "validation is a pointer to data of the same type as the training data: &data.test");
    };
};
template <class F>
struct on_epoch {
    struct is_not_one {
        static_assert(never<is_not_one>, "on_epoch is called with a const ln::EpochReport&");
    };
};
template <class X>
struct checkpoints {
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "checkpoints is a pointer to ln::Checkpoints{trainer, {...}}: &checkpoints");
    };
};
/// Data whose samples are not the model's input and output.
template <class Data>
struct data_set {
    template <class Input, class Output, class T>
    struct does_not_fit_a_model_of {
        static_assert(
            never<does_not_fit_a_model_of>,
            "inputs and targets of the data must be of the model's input and output shape, and of its "
            "number type");
    };
    template <class Loss>
    struct has_labels_for_one_output_and {
        static_assert(never<has_labels_for_one_output_and>,
                      "labels 0 and 1 for one output need a loss of one logit: ln::BinaryCrossEntropy{}. For "
                      "other losses give the network an output for each class, or the data targets");
    };
    struct needs_a_loss {
        static_assert(never<needs_a_loss>, "of data without labels, evaluate must be told the loss: "
                                           "evaluate(model, data, ln::MeanSquaredError{})");
    };
};
template <class X>
struct model {
    struct is_not_one {
        static_assert(
            never<is_not_one>,
            "evaluate takes a Model (of a trainer, trainer.model()), the data, a loss and a number of "
            "threads");
    };
};
template <class X>
struct trainer {
    struct is_not_of_a_model {
        static_assert(never<is_not_of_a_model>, "a Trainer trains a Model<Net<Layers...>, Shape<...>>");
    };
    template <class... Arguments>
    struct is_not_made_of {
        static_assert(never<is_not_made_of>,
                      "a Trainer is made of a model that outlives it (no temporary, no pointer), a loss, an "
                      "optimiser and, where it lives elsewhere, their TrainingMemory");
    };
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "fit takes a Trainer{model, loss, optimiser}, the data, and options");
    };
    struct needs_an_optimizer {
        static_assert(never<needs_an_optimizer>, "a Trainer is made of a model, a loss and an optimiser");
    };
    /// The fourth argument of a Trainer of X; `Given` is what it was.
    template <class Given>
    struct needs_memory_instead_of {
        static_assert(
            never<needs_memory_instead_of>,
            "a Trainer's memory is an ln::TrainingMemory<Model, Optimizer> of its own model and optimiser");
    };
};
template <class Topology>
struct model_to_train_is_const {
    static_assert(never<model_to_train_is_const>, "a Trainer needs a model that it may change");
};
template <class Topology>
struct network_has_nothing_to_learn {
    static_assert(never<network_has_nothing_to_learn>, "a Trainer needs a layer with weights");
};

} // namespace lamina::problem
