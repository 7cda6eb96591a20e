// The problems of training.
#pragma once

#include <lamina/problem/problem.hpp>

namespace lamina::problem {

template <class List>
struct class_weights {
    struct are_not_a_list_of_known_size {
        static_assert(never<are_not_a_list_of_known_size>,
                      "class_weights are a std::array<double, Classes> or a list in braces, because their "
                      "number is part of the loss's type: compute them in such an array");
    };
};
/// Which of a network's outputs a loss in `Losses` is of.
template <int Number>
struct of_head {};
/// A loss that does not fit the model's output or its last layer; in `Losses`, that of a head.
template <class L, class... Head>
struct loss {
    template <class Layer>
    struct follows {
        static_assert(
            never<follows>,
            "this loss takes scores and computes the softmax itself: leave the Softmax out, or take "
            "another loss, such as MeanSquaredError");
    };
    template <class Output>
    struct needs_more_scores_than {
        static_assert(never<needs_more_scores_than>,
                      "this loss compares the scores of at least two classes: for one output, the logit "
                      "of class 1, use BinaryCrossEntropy");
    };
    template <class Layer>
    struct needs_logits_but_follows {
        static_assert(
            never<needs_logits_but_follows>,
            "this loss takes logits and computes the sigmoid itself: leave the last Sigmoid or Softmax "
            "out, or take another loss, such as MeanSquaredError");
    };
    template <class Output>
    struct has_not_one_weight_for_each_of {
        static_assert(
            never<has_not_one_weight_for_each_of>,
            "the class_weights of a WeightedCrossEntropy must be one for each of the model's outputs");
    };
    struct cannot_be_summed {
        static_assert(never<cannot_be_summed>,
                      "a LossSum takes losses that only write their gradient, and say so: `static constexpr "
                      "bool only_writes_gradient = true`. Cross entropies of a softmax read theirs. Factors "
                      "follow behind: ln::LossSum{ln::ESR{}, ln::DC{}}.weighted(0.75, 0.25)");
    };
    template <int Outputs>
    struct is_one_for_several_outputs {
        static_assert(never<is_one_for_several_outputs>,
                      "a network with several outputs needs a loss for each of them, in their order: "
                      "ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}");
    };
    template <int Outputs>
    struct is_beyond_the_last_of {
        static_assert(never<is_beyond_the_last_of>,
                      "Losses have more losses than the network has outputs: one for each, in their order");
    };
    template <class Output, class T>
    struct is_not_one_on {
        static_assert(never<is_not_one_on>,
                      "a loss needs a `loss_and_gradient(y, t, dy)`, which takes Views of "
                      "packs of the model's output shape and returns a pack");
    };
};
/// An output of a network.
template <int Number, class Shape>
struct head {
    struct has_no_loss {
        static_assert(never<has_no_loss>, "an output without a loss: Losses have one for each output of the "
                                          "network, in their order");
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
    template <class T>
    struct cannot_freeze_layers {
        static_assert(
            never<cannot_freeze_layers>,
            "to freeze layers, an optimiser's update needs a last parameter `MovingTensors moving`, "
            "and changes nothing but the elements of these tensors");
    };
};
template <class S>
struct schedule {
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "a schedule takes the learning rate (a double), the number of steps before and, "
                      "optionally, of all steps, and returns a double: ln::StepDecay{}, or a lambda");
    };
};
/// Values that options of `fit` do not take.
template <class Data>
struct training_on {
    template <class X>
    struct validation {
        struct is_not_one {
            static_assert(
                never<is_not_one>,
                "validation takes a pointer to data of the type that training is on: &data.test; of "
                "the parts of a split, fit trains on parts.train with &parts.validation");
        };
    };
};
template <class F>
struct on_epoch {
    struct is_not_one {
        static_assert(never<is_not_one>, "on_epoch takes a const ln::EpochReport&, and returns nothing or "
                                         "ln::stop_if(condition)");
    };
};
template <class X>
struct checkpoints {
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "checkpoints takes a pointer to ln::Checkpoints{trainer, {...}}: &checkpoints");
    };
};
/// The arguments of `data::Samples`.
template <class... Lists>
struct samples {
    struct would_outlive_a_temporary {
        static_assert(never<would_outlive_a_temporary>,
                      "data::Samples own nothing: pass variables that outlive them, not temporaries");
    };
    struct are_not_made_of_these {
        static_assert(
            never<are_not_made_of_these>,
            "data::Samples take two vectors, arrays or spans: inputs, each a Model::Input, and "
            "either labels, which are integers (no enums; std::vector<bool> has no array of them) or, for "
            "each step of a sequence, a std::array of them, or targets, each a Model::Output (a Tensor, even "
            "if it is one number)");
    };
};
/// Data that a model cannot be trained or evaluated on.
template <class Data>
struct data_set {
    struct is_not_one {
        static_assert(
            never<is_not_one>,
            "fit and evaluate take data: one part of load_idx or data::split (such as .train), "
            "data::Samples, or a type with `size()`, `inputs(indices, x)` and `targets(indices, t)`");
    };
    struct has_no_size {
        static_assert(never<has_no_size>, "data need a `std::size_t size() const`, the number of samples");
    };
    template <class Input, class T>
    struct has_no_inputs_for {
        static_assert(never<has_no_inputs_for>,
                      "data need a `void inputs(const auto& indices, auto x) const`, which writes sample "
                      "indices[r] into lane r of x");
    };
    template <class Input, class T>
    struct has_inputs_that_do_not_fit {
        static_assert(
            never<has_inputs_that_do_not_fit>,
            "inputs of the data must be of the model's input shape and number type (in a type of your "
            "own: `void inputs(const auto& indices, auto x) const`)");
    };
    template <class Output, class T>
    struct has_no_targets_for {
        static_assert(
            never<has_no_targets_for>,
            "data need a `void targets(const auto& indices, auto t) const`, which writes the target of "
            "sample indices[r] into lane r of t");
    };
    template <class Output, class T>
    struct has_targets_that_do_not_fit {
        static_assert(never<has_targets_that_do_not_fit>,
                      "targets of the data must be of the model's output shape and number type (in a type of "
                      "your own: `void targets(const auto& indices, auto t) const`)");
    };
    template <class Input, class T>
    struct has_training_inputs_that_do_not_fit {
        static_assert(never<has_training_inputs_that_do_not_fit>,
                      "augmented inputs are a `void training_inputs(const auto& indices, auto x, int epoch) "
                      "const`, for the model's input shape and number type");
    };
    template <class Output, class T>
    struct has_training_targets_that_do_not_fit {
        static_assert(
            never<has_training_targets_that_do_not_fit>,
            "augmented targets are a `void training_targets(const auto& indices, auto t, int epoch) "
            "const`, for the model's output shape and number type");
    };
    struct has_another_label {
        static_assert(never<has_another_label>,
                      "labels of data are an `int label(std::size_t i) const`, of any type of integers");
    };
    struct has_another_validate {
        static_assert(
            never<has_another_validate>,
            "data with a `validate` need two: `template <class In, class Out> void validate() const` of "
            "all samples, and of some: `... validate(std::span<const std::uint32_t> indices) const`");
    };
    struct is_a_temporary {
        static_assert(never<is_a_temporary>,
                      "a source over other data, a subset or the parts of a split point to the data: make a "
                      "variable of the data, not a temporary");
    };
    template <class Output>
    struct has_not_one_label_for_each_answer_of {
        static_assert(
            never<has_not_one_label_for_each_answer_of>,
            "a network that ends in a sequence answers at each step: the labels of a sample are a "
            "std::array<int, Steps>, or end the network with Last. Other networks have one label for "
            "a sample");
    };
    template <class Loss>
    struct has_labels_for_one_output_and {
        static_assert(never<has_labels_for_one_output_and>,
                      "labels 0 and 1 for one output need a loss of one logit: ln::BinaryCrossEntropy{}. For "
                      "other losses give the network an output for each class, or the data targets");
    };
    template <int Outputs>
    struct has_labels_for_several_outputs {
        static_assert(never<has_labels_for_several_outputs>,
                      "a label is the target of one output: for a network with several, the data have "
                      "targets, each a Model::Output (Model::head<0>(target) is that of the first output)");
    };
    struct needs_a_loss {
        static_assert(never<needs_a_loss>, "evaluate needs a loss for data without labels, the one the model "
                                           "was trained with: evaluate(model, data, trainer.loss)");
    };
};
template <class X>
struct model {
    struct is_not_one {
        static_assert(
            never<is_not_one>,
            "evaluate takes a Model (for a trainer, trainer.model()), the data, a loss and a number of "
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
                      "a Trainer takes a model that outlives it (not a temporary or a pointer), a loss, an "
                      "optimiser and, optionally, their TrainingMemory");
    };
    struct is_not_one {
        static_assert(never<is_not_one>,
                      "fit takes a Trainer{model, loss, optimiser}, the data, and options");
    };
    struct needs_an_optimizer {
        static_assert(never<needs_an_optimizer>, "a Trainer takes a model, a loss and an optimiser");
    };
    /// The fourth argument of a Trainer of X; `Given` is its type.
    template <class Given>
    struct needs_memory_instead_of {
        static_assert(
            never<needs_memory_instead_of>,
            "a Trainer's memory is an ln::TrainingMemory<Model, Optimizer> of its own model and optimiser");
    };
};
template <class Topology>
struct model_to_train_is_const {
    static_assert(never<model_to_train_is_const>, "a Trainer needs a model that is not const");
};
template <class Topology>
struct network_has_nothing_to_learn {
    static_assert(never<network_has_nothing_to_learn>, "a Trainer needs a layer with weights");
};

} // namespace lamina::problem
