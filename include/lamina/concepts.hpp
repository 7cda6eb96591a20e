// The concepts Layer, Loss, Optimizer and Schedule: the members that a type of your own needs to be used like
// one of lamina's.
#pragma once

#include <lamina/member_concepts.hpp>
#include <lamina/pack.hpp>
#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>
#include <lamina/tensor_lists.hpp>

#include <concepts>
#include <cstdint>

namespace lamina::inline LAMINA_ABI {

/// A layer on inputs of shape `In`: an empty type whose members are static and constexpr. Here is all that a
/// layer may have; docs/custom_layer.md has examples.
///
/// `x`, `y` and their gradients `dx`, `dy` are Views of any Element (a number, or a pack of them, one a
/// sample), so take them as `auto`. `p` and `dp` hold Views of scalars: the parameters and their gradients.
///
/// Always:
///
///     name                                   anything a std::string_view can be made of
///     output<In>                             the Shape of y
///     void forward(x, p, y)                  y = f(x)
///     void input_gradient(x, y, dy, p, dx)   dx = transposed Jacobian of f, times dy
///
/// Parameters, the short form:
///
///     weight<In>, bias<In>                   Shapes of p.weight and p.bias; the bias is optional
///     fan_in<In>, fan_out<In>                for He's and Glorot's initial weights;
///     initial_weight                         or this, a constant
///     void parameter_gradient(x, y, dy, dp)  adds to dp.weight and dp.bias
///
/// Tensors listed by lifetime. Each list is a struct of Views with a function `fields(list, f)`, which calls
/// f("name", view) for each, and for trained and kept ones f("name", view, initial), `initial` being an
/// `initial::constant` or `initial::drawn` (parameters.hpp):
///
///     trained<In, T>                         parameters, in place of `weight` and `bias`; `l2` and weight
///                                            decay count those whose names begin with "weight"
///     kept<In, T>                            in files and behind the parameters; `finish` may change them
///     saved<In, E>                           of the samples that pass: from forward to backward
///     gathered<In>, gathered_gradient<In>    of the whole batch, in double; both or neither, see below
///
/// The functions' last argument:
///
///     forward(..., pass)                     a PassContext (pass_context.hpp): pass.training,
///     input_gradient(..., pass)              pass.after, pass.kept, pass.saved, pass.gathered,
///     parameter_gradient(..., pass)          pass.random(), ...
///     parameter_gradient(..., bool overwrite)   if so, overwrites dp instead of adding to it
///     input_gradient<How>(...)               a kernels::Store: overwrite dx, or add to it where x has other
///                                            readers. Without this argument, the pass adds
///
/// A layer that needs the whole batch has `gathered` and these. `own` and `more` are statistics of packs,
/// `all` those of the batch; merging the gradients' statistics is adding them:
///
///     double gather(x, samples, own)         writes those of so many lanes; returns over how many numbers
///     double merge(count, own, more_count, more)   merges more into own; returns the sum of the counts
///     void finish(count, all, kept)          once for each step; `kept` becomes the model's if it succeeds
///     void gather_gradient(x, dy, all, own)  writes those of dy, which is zero in lanes that do not count
///     void gather_gradient(x, dy, all, own, through)   the same, after dy(i...) = through(dy(i...), i...),
///                                            which is left to it for speed
///     void parameter_gradient(all, dp)       adds; `all` are those of gradients. If it has parameters
///
/// What it refuses:
///
///     find_fault<In, Where>()                returns `none`, or a `fault` (problem/problem.hpp)
///     find_fault_strictly<In, Where>()       the same in a `Strict` network, after `find_fault`
///
/// What summary, files and initial weights need to know:
///
///     macs<In>                               multiply-adds, for the summary
///     weight_ends_in_outputs                 true: files hold tensors whose names begin with "weight"
///                                            with their last axis first
///     weight_ends_in_inputs                  the same, of a weight that begins with the outputs
///     negative_slope                         of a rectifier: the layer before it gets He's initial weights
///     is_pool, normalizes                    true: the activation after it decides the initial weights of
///                                            the layer before it. `only_scales` says so, too
///
/// What else is true of f, so that it costs less (see `Elementwise` for activations):
///
///     only_reshapes                          true: y has the elements of x in the same order; no operation
///     only_trains                            true: y = x in inference, which then has no such operation;
///                                            `fold` drops the layer
///     only_scales                            true: y = a x + b in inference, with one a and b per channel
///     scale_and_shift(channel, p, kept)      those two, a `ScaleAndShift`; `fold` needs it where the layer
///                                            follows one that `takes_scale`, and makes it part of that
///     takes_scale                            true: y is linear in weight and bias, which has a number per
///                                            channel of y; the weights of a channel are those at its
///                                            position on the weight's first axis, or on its last with
///                                            `weight_ends_in_outputs`
///     is_activation                          true: value(x) of each element, see `Elementwise`
///     never_decreases                        true, of an activation: max pooling may come before it
///     is_max_pool, window_size, window_stride   of a max pool, for a layer before it that `takes_max_pool`;
///                                            0 if windows are no squares or there is padding
///
/// How training saves memory:
///
///     gradient_in_place                      true: dx(i) depends on no dy but dy(i), so that dx may
///                                            lie where dy does
///     computed_again                         true, of a layer that needs the whole batch: y is not
///                                            kept where only the layers up to the next such one read
///                                            it. Backward calls forward again; input_gradient must
///                                            not read y
///
/// What it computes along with f. Its gradients then must not read y, which is the result of all of it:
///
///     takes_activation                       true: forward stores pass.after(value, c, i, j), of a vector
///                                            pass.after(value, i)
///     asks_for_after_alone                   true: its functions ask `pass` for nothing else, so that it is
///                                            not filled in
///     takes_addend                           true: the sum with another branch, too, by the same pass.after
///     takes_max_pool                         true: max pooling, too, by these three, see `Conv`:
///     forward_pooled<Size>(x, p, y, argmax, after)
///     blends<Size>                           whether the next one can be used where nobody wants dx
///     parameter_gradient_pooled<Size>(x, y, dy, argmax, dp, slope, overwrite)
///
/// Along time. On a `Sequence`, a layer that says nothing of this works on each step, a vector or an image:
///
///     sees                                   a `Sees`: it takes the sequence as a whole, and its output at a
///                                            step depends on that step, on earlier ones too (past), or on
///                                            any (all). A layer that sees all has no `Stream`
///     takes_images                           true: of a sequence of images, too, it takes the whole
///     steps_before                           how many steps before its own it sees; -1: all of them
///     carried<In, E>                         a list: in a `Stream`, where In is a `StreamBlock`, what stays
///                                            from one block to the next, in `pass.saved`; zero before the
///                                            first step. `pass.samples.step` steps came before. In training
///                                            what stays from window to window, likewise, behind `saved`; a
///                                            layer with an `input_halo` finds steps before x there instead,
///                                            and lists `carried` for a StreamBlock alone
///     prepare_gradients(x, y, dy, p, pass)   called once before both of its gradients; it may write to
///                                            `pass.saved`
///     carries_gradients                      true: in backward, `carried` begins as the gradients of what it
///                                            left there, or zero, and ends as those of what it began with,
///                                            so that they go back through several windows of recordings
///     saves_for_backward_alone               true: forward asks for `pass.saved` only if `pass.training`, so
///                                            that inference needs no memory for it
///     takes_steps<X, Y>                      true, of a layer that works on each step: inference of one
///                                            sample calls forward_of_steps(x, p, y, after), with the Views
///                                            of all steps, and writes after(value, o, row, step). Asked in
///                                            float, where a step's channels lie side by side
///
/// How x and dy lie in memory:
///
///     input_halo<In, Order>, gradient_halo<In>   how many zeros to keep around x, and around dy:
///                                            a `pad`, of which a number is all four sides
///     takes_halo                             true: functions of a layer without `input_halo` take x with the
///                                            halo that another layer wants there, x(c, i, j) and x[i] step
///                                            over it. Other layers then get a copy without, so that x.data()
///                                            and x.as<S>() are of all elements. (y, dy and dx have the
///                                            halos that others want: y(c, i, j) or y[i].)
///     one_sample_order                       channels_last: the order it expects of one sample's x
///     prefers_planes<In, T>()                whether one sample in numbers T takes less time from
///                                            planes: it gets x so unless another layer wants the other order
///
/// In a `dynamic::Network` that a text describes, functions take run-time views (run_time_view.hpp), and
/// lists of tensors `AnyShape` for `In`. Activations need nothing more. (Without these a layer can be in a
/// `twin`.)
///
///     outputs(dims)                          the extents of y from those of x
///     tensor(name, dims)                     those of a tensor in a list; without it they are those of x
///     carries_saved                          true: in inference forward goes on from what it left in
///                                            pass.saved, where pass.samples.step, the steps before, is not 0
///
/// A join of branches is no layer of this concept: see joins::Join (layers/join.hpp).
template <class L, class In>
concept Layer = detail::HasName<L> && detail::HasOutput<L, In> &&                         //
                (!HasBias<L, In> || (HasWeight<L, In> && detail::HasBiasShape<L, In>)) && //
                (!HasWeight<L, In> || detail::HasWeightShape<L, In>)&&                    //
                detail::HasForward<L, In>&& detail::HasInputGradient<L, In> &&            //
                ((!HasWeight<L, In> && !ListsTrained<L, In>) ||
                 detail::HasParameterGradient<L, In>)&&(!HasWeight<L, In> || detail::HasInitialWeight<L, In>);

/// A loss on outputs of shape `Out`, computed in `T` for a pack of samples at a time, one in each lane:
///
///     loss_and_gradient(y, t, dy)       writes the derivative of the loss by y to dy, returns the loss
///
/// y holds the model's outputs and t the targets, as Views of packs. The loss is a pack with one number per
/// sample. In `Losses` they are those of one of several outputs of a network. Optional:
///
///     find_fault<Out, LastLayer, Where>()  refuses to train or evaluate a model by returning a `fault`
///                                       (problem/problem.hpp); LastLayer is the last that does not only
///                                       reshape
///     describe_fault(dims, last_layer)  the same for a `dynamic::Network`, whose last layer has that name:
///                                       returns what is wrong as text, empty if nothing
///     int classes(int outputs)          static constexpr: how many classes so many outputs tell apart, 0 if
///                                       they are not about classes. With 2 for one output, that output is a
///                                       logit: class 1 where it is above 0. Such a loss takes labels 0 and 1
///                                       (target t(0) = label); without it labels need an output for each
///                                       class. `evaluate` gives accuracy and confusion of targets, too,
///                                       where the loss has classes: of a target's largest element, or, of
///                                       one element, whether it is above 1/2
///     void validate() const             throws if a setting makes no sense; called before each step
///     fields(loss, f)                   calls f(name, x) for each setting, a number or a std::array, which
///                                       checkpoints then compare
///     only_writes_gradient              true: loss_and_gradient sets each dy[i] once, may add to it later by
///                                       +=, and never reads it: a `LossSum` may have the loss
///     double weight_of_label(label)     what a sample counts in the mean over samples of labelled data, at
///                                       least 0; otherwise 1
template <class L, class Out, class T = float>
concept Loss = requires(const L& loss, View<pack<T>, Out> y, View<pack<T>, Out> t, View<pack<T>, Out> dy) {
    { loss.loss_and_gradient(y, t, dy) } -> std::convertible_to<pack<T>>;
};

template <class O, class T, int Extent, int Tensors>
using optimizer_state = typename detail::state_of<O, T, Extent, Tensors>::type;

/// An optimiser: a rule that changes parameters along their gradients.
///
///     learning_rate                     a number, unless a schedule says otherwise
///     State<T, Extent>                  what is kept between steps: default constructible, copyable
///     void update(T* parameters, const T* gradients, State<T, Extent>& state, double rate) const
///
/// Optional:
///
///     void validate() const             throws if a setting makes no sense; called before each step
///     update(..., rate, MovingTensors moving) const   changes only these tensors; needed for frozen layers
///     State<T, Extent, Tensors = 1>     `Tensors`: the number of weights and biases, see `ParameterTensor`
///
/// Needed for checkpoints:
///
///     State::fields(state, f)           calls f(name, x) for each array T[Extent] and number in the state
///     fields(optimizer, f)              the same for each setting, to be compared
template <class O, class T = float>
concept Optimizer = detail::HasLearningRate<O> && detail::HasState<O, T> && detail::HasUpdate<O, T>;

/// A learning-rate schedule: computes the rate of a step from the optimiser's rate and the number of steps
/// before it. One that depends on the length of the run takes the number of all its steps too:
///
///     double operator()(double learning_rate, std::int64_t iteration) const
///     double operator()(double learning_rate, std::int64_t iteration, std::int64_t steps) const
template <class S>
concept Schedule =
    !detail::TakesWholeRates<S> &&
    (detail::TakesSteps<S> || requires(const S& schedule, double learning_rate, std::int64_t iteration) {
        { schedule(learning_rate, iteration) } -> std::convertible_to<double>;
    });

/// The rate of a step in a run of `steps` steps, for both kinds of schedules.
template <Schedule S>
[[nodiscard]] constexpr double rate_of_step(const S& schedule, double learning_rate, std::int64_t iteration,
                                            std::int64_t steps) {
    if constexpr (detail::TakesSteps<S>)
        return static_cast<double>(schedule(learning_rate, iteration, steps));
    else
        return static_cast<double>(schedule(learning_rate, iteration));
}

} // namespace lamina::inline LAMINA_ABI
