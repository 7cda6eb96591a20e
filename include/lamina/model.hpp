// Model: a topology on an input shape, with its parameters.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/math/random.hpp>
#include <lamina/model/broken_model.hpp>
#include <lamina/model/forward_arguments.hpp>
#include <lamina/model/model_facts.hpp>
#include <lamina/model/stack_budget.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/inference_pass.hpp>
#include <lamina/topology/initialize.hpp>
#include <lamina/topology/paired_pass.hpp>
#include <lamina/topology/training_pass.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Whether `X` is a model, with or without a problem.
template <class X>
concept IsModel = requires {
    typename X::scalar;
    typename X::input_shape;
    typename X::output_shape;
    X::parameter_extent;
};

template <class Model, class O, int Batch>
struct TrainingMemory;

/// The base of a `Model` that has no problem.
template <class Topology, class In, class T>
class SoundModel : public ModelFacts<topology::Inferred<Topology, In, T>> {
  public:
    using inferred = topology::Inferred<Topology, In, T>;
    using plan = topology::Plan<inferred>;
    using scalar = T;
    using input_shape = In;
    using output_shape = typename inferred::template shape_at<inferred::table.result>;
    using Input = Tensor<T, input_shape>;
    using Output = Tensor<T, output_shape>;
    using ModelFacts<inferred>::tensors, ModelFacts<inferred>::parameter_extent, ModelFacts<inferred>::extent;

    template <class Scalar, int Count>
    using Numbers = std::span<Scalar, static_cast<std::size_t>(Count)>;

    /// Memory for the activations of a forward pass: of one sample, and of a batch, which passes as many
    /// samples at a time as a pack has lanes, or two packs. Each thread needs its own.
    using Workspace =
        topology::InferencePass<plan, T,
                                native_lanes<T> != 1 ? topology::Samples::one : topology::Samples::pack>;
    using BatchWorkspace =
        topology::InferencePass<plan, pack<T>, topology::samples_of_batch(inferred::table)>;
    /// Bytes `forward` needs beside the parameters.
    static constexpr long long inference_bytes = sizeof(Workspace);
    /// Bytes a `Trainer` with optimiser `O` needs beside the parameters: activations, gradients and the
    /// optimiser's state. It does not depend on the batch size, unless a layer needs the whole batch, as
    /// BatchNorm does: then it is for at most 64 samples. Needs train/trainer.hpp.
    template <class O>
    static constexpr long long training_bytes = sizeof(TrainingMemory<SoundModel, O>);

    /// The arguments that `forward` accepts: one sample, its numbers, or many samples, and possibly a
    /// workspace.
    template <class X, class... W>
    static constexpr bool takes_numbers = NumbersOf<std::remove_cvref_t<X>, T> &&
                                          (sizeof...(W) == 0 ||
                                           detail::convert<detail::types<W...>, detail::types<Workspace&>>);
    template <class... X>
    static constexpr bool takes = [] {
        using namespace detail;
        if constexpr (requires { requires takes_numbers<X...>; })
            return true;
        return convert<types<X...>, types<const Input&>> ||
               convert<types<X...>, types<const Input&, Workspace&>> ||
               convert<types<X...>, types<std::span<const Input>, std::span<Output>>> ||
               convert<types<X...>, types<std::span<const Input>, std::span<Output>, BatchWorkspace&>>;
    }();

    /// All parameters that are drawn at random otherwise are zero, and all others what they begin with.
    constexpr SoundModel() noexcept {
        constexpr bool are_zeros = [] {
            for (const ModelTensor& t : tensors)
                if (!is_equal(t.initial.value, 0.0))
                    return false;
            return true;
        }();
        if constexpr (!are_zeros)
            for (const ModelTensor& t : tensors)
                for (std::size_t i = t.offset; !t.initial.is_drawn && i < t.offset + t.size; ++i)
                    numbers_[i] = static_cast<T>(t.initial.value);
    }

    /// Weights drawn from `start` by He's or Glorot's rule (see `topology::initialize`), biases zero.
    explicit SoundModel(seed start) noexcept {
        topology::initialize(numbers_, std::size_t{extent}, ModelTensors{tensors}, start);
    }

    /// All parameters as one array, layer by layer: each weight and each bias begins at a multiple of 64
    /// bytes, and the padding between them is zero.
    [[nodiscard]] constexpr Numbers<T, parameter_extent> parameters() noexcept {
        return Numbers<T, parameter_extent>{numbers_, std::size_t{parameter_extent}};
    }
    [[nodiscard]] constexpr Numbers<const T, parameter_extent> parameters() const noexcept {
        return Numbers<const T, parameter_extent>{numbers_, std::size_t{parameter_extent}};
    }

    /// All numbers of the model: the parameters, and behind them the tensors that are kept.
    [[nodiscard]] constexpr Numbers<T, extent> numbers() noexcept {
        return Numbers<T, extent>{numbers_, std::size_t{extent}};
    }
    [[nodiscard]] constexpr Numbers<const T, extent> numbers() const noexcept {
        return Numbers<const T, extent>{numbers_, std::size_t{extent}};
    }

    /// The element at these positions, or -1 if there is none.
    template <int... Position>
    static constexpr int element_at = inferred::table.layer_at({Position...});
    template <int Element>
        requires(Element >= 0)
    using placed = typename inferred::template at<Element>;
    template <int... Position>
    [[nodiscard]] static constexpr auto parameters_at(auto* numbers) noexcept {
        return placed<element_at<Position...>>::parameters(
            numbers + inferred::table.elements[element_at<Position...>].trained_offset);
    }

    /// Whether there is a layer at these positions, and it has a weight, or a bias: `has_weight<2>` of layer
    /// 2, `has_weight<3, 0>` of the first layer of the Net at 3.
    template <int... Position>
    static constexpr bool has_weight = requires(T* numbers) {
        placed<element_at<Position...>>::parameters(numbers).weight;
    };
    template <int... Position>
    static constexpr bool has_bias = requires(T* numbers) {
        placed<element_at<Position...>>::parameters(numbers).bias;
    };

    /// The weight of a layer, as a View: in,K,K,out for a convolution, out,in for a dense layer.
    template <int... Position>
        requires has_weight<Position...>
    [[nodiscard]] constexpr auto weight() noexcept { return parameters_at<Position...>(numbers_).weight; }
    template <int... Position>
        requires has_weight<Position...>
    [[nodiscard]] constexpr auto weight() const noexcept {
        return parameters_at<Position...>(numbers_).weight;
    }
    template <int... Position>
        requires has_bias<Position...>
    [[nodiscard]] constexpr auto bias() noexcept { return parameters_at<Position...>(numbers_).bias; }
    template <int... Position>
        requires has_bias<Position...>
    [[nodiscard]] constexpr auto bias() const noexcept { return parameters_at<Position...>(numbers_).bias; }
    // The compilers show these lines with their comments.
    // clang-format off
    template <int... I> requires(!has_weight<I...>)
    AnyTensor<T> weight() const = delete; // there is no layer I, or it has no weight: see Model::layers
    template <int... I> requires(!has_bias<I...>)
    AnyTensor<T> bias() const = delete; // there is no layer I, or it has no bias: see Model::layers
    // clang-format on

    /// The number of an output of the network, or -1 if there is none of that number or name.
    template <HeadKey Key>
    static constexpr int head_number = topology::head_number<inferred>(Key);
    /// One of the outputs of the network, `head<0>(y)` or, of a `Named` one, `head<"policy">(y)`: a View of
    /// its shape in the outputs `y`, which are an `Output` or a View of one.
    template <HeadKey Key, class Y>
        requires(head_number<Key> >= 0 &&
                 std::is_same_v<typename std::remove_cvref_t<Y>::shape, output_shape> &&
                 !std::is_same_v<Y, Output>)
    [[nodiscard]] static constexpr auto head(Y&& y) noexcept {
        if constexpr (requires { y.view(); })
            return topology::head_of<inferred, head_number<Key>>(y.view());
        else
            return topology::head_of<inferred, head_number<Key>>(y);
    }
    // The compilers show these lines with their comments.
    // clang-format off
    template <HeadKey Key> requires(head_number<Key> >= 0)
    static AnyTensor<T> head(const Output&&) = delete; // a head is a view of the output: make a variable of that first
    template <HeadKey Key> requires(head_number<Key> < 0)
    static AnyTensor<T> head(const auto&) = delete; // the network has no output of that number or name: see Model::heads
    // clang-format on

    /// Calls f(weights) with each tensor that penalties count (weights, not biases) as a span of `flat`, an
    /// array with the layout of the parameters.
    template <class Scalar, class F>
    static constexpr void for_each_weight(Numbers<Scalar, parameter_extent> flat, F f) {
        for (const ModelTensor& t : tensors)
            if (t.is_weight && t.lifetime == Lifetime::trained)
                f(flat.subspan(t.offset, t.size));
    }

    /// The output for one sample. Several threads may call this at the same time, each with its own
    /// workspace, as long as no thread changes the model through `load`, a trainer or `parameters`.
    [[nodiscard]] constexpr Output forward(const Input& x) const noexcept {
        require_stack<sizeof(Workspace)>();
        return answer(x.view());
    }
    [[nodiscard]] Output forward(const Input& x, Workspace& workspace) const noexcept {
        return answer(x.view(), workspace);
    }
    /// The output for the numbers of a span, a vector or an array, in the order of `Input`; with a
    /// `Workspace&` or without. Throws `data_error` unless they are as many as the input has; an array of
    /// another size does not compile. (clang++ would show more lines for a `requires`.)
    template <class X, class... W, std::enable_if_t<takes_numbers<X, W&...>, int> = 0>
    [[nodiscard]] constexpr Output forward(const X& x, W&... workspace) const noexcept(has_known_count<X>) {
        if constexpr (sizeof...(W) == 0)
            require_stack<sizeof(Workspace)>();
        return answer(input_view<input_shape, T>(x), workspace...);
    }

    /// The outputs for many samples, computed as many at a time as a pack has lanes, or two; if that takes
    /// more than the stack budget, without Winograd's algorithm, or, if one sample then takes less, one by
    /// one. Throws `data_error` if `y` has fewer elements than `x`, or overlaps it, unless each output
    /// exactly replaces its own input.
    void forward(std::span<const Input> x, std::span<Output> y) const {
        using Pass = typename decltype(topology::pass_within<inferred, BatchWorkspace, stack_budget>())::type;
        require_outputs(x, y);
        if constexpr (sizeof(Pass) > stack_budget && sizeof(Workspace) <= stack_budget) {
            Workspace workspace;
            for (std::size_t i = 0; i < x.size(); ++i)
                y[i] = answer(x[i].view(), workspace);
        } else {
            require_stack<sizeof(Pass)>();
            Pass workspace;
            topology::forward_samples(x, y, numbers_, workspace);
        }
    }
    void forward(std::span<const Input> x, std::span<Output> y, BatchWorkspace& workspace) const {
        require_outputs(x, y);
        topology::forward_samples(x, y, numbers_, workspace);
    }

    // clang-format off
    template <class... X> requires(!takes<X...>)
    Output forward(X&&...) const = delete; // takes a Model::Input, a span of as many numbers of its type, an ln::data::Image, or spans of Input and of Output; and a workspace
    // clang-format on

  private:
    [[nodiscard]] constexpr Output answer(View<const T, In> x) const noexcept {
        if (std::is_constant_evaluated()) {
            topology::InferencePass<plan, T> pass;
            return answer(x, pass);
        }
        Workspace workspace;
        return answer(x, workspace);
    }
    template <class Pass>
    [[nodiscard]] constexpr Output answer(View<const T, In> x, Pass& pass) const noexcept {
        kernels::copy(x, pass.input());
        pass.forward(numbers_);
        Output y;
        kernels::copy(pass.output(), y.view());
        return y;
    }

    alignas(topology::parameter_alignment) T numbers_[static_cast<std::size_t>(extent > 0 ? extent : 1)] = {};
};

template <class Topology, class In, class T>
using model_base =
    typename topology::choose<std::is_same_v<typename topology::Inferred<Topology, In, T>::problem, none>>::
        template of<SoundModel<Topology, In, T>, BrokenModel<In, T>>;

/// A network with its parameters: `Topology`, a `Net<Layers...>`, on inputs of shape `In`. It computes in
/// `T`, which is float (the default) or double. Shapes are inferred and checked here: a layer that does not
/// fit is one compile-time error, which names the layer, what it needs and what it got.
template <class Topology, class In, class T>
class Model : problem::report<typename topology::Inferred<Topology, In, T>::problem>,
              public model_base<Topology, In, T> {
  public:
    /// The `Net`.
    using topology = typename lamina::topology::plain<Topology>::type;
    using model_base<Topology, In, T>::model_base;
    constexpr Model() noexcept = default;
    Model(std::integral auto) = delete; // a seed is written Model{ln::seed{42}}
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
