// Stream: a model that runs along time, step by step or block by block.
#pragma once

#include <lamina/error.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/flush_subnormals.hpp>
#include <lamina/model.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/problem/sequences.hpp>
#include <lamina/shape.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/inference_pass.hpp>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

// clang++ can check that a function neither allocates nor locks (-Wfunction-effects, -fsanitize=realtime).
#if defined(__has_cpp_attribute)
    #if __has_cpp_attribute(clang::nonblocking)
        #define LAMINA_NONBLOCKING [[clang::nonblocking]]
    #endif
#endif
#if !defined(LAMINA_NONBLOCKING)
    #define LAMINA_NONBLOCKING
#endif

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// How many steps before its own an output of a network depends on; -1 if all. (Value by value: a walk from
/// the output back would go through each branch of a residual network again and again.)
template <class Inferred>
inline constexpr int steps_before_output = [] {
    constexpr auto& table = Inferred::table;
    int before[std::size_t{Inferred::count + 1}] = {};
    for (int e = 0; e < table.count; ++e) {
        bool sees_all = table.elements[e].facts.steps_before < 0;
        int most = 0;
        for (int k = 0; k < table.elements[e].inputs; ++k) {
            const int own = before[table.input(e, k)];
            sees_all = sees_all || own < 0;
            most = own > most ? own : most;
        }
        before[e + 1] = sees_all ? -1 : most + table.elements[e].facts.steps_before;
    }
    return before[table.result];
}();

/// The base of a `Stream` that has no problem.
template <class Model, int BlockSteps>
class SoundStream {
    using InputStep = step_of<typename Model::input_shape>;
    template <int Steps>
    using inferred =
        topology::Inferred<typename Model::topology, StreamBlock<Steps, InputStep>, typename Model::scalar>;
    template <int Steps>
    using Pass = topology::InferencePass<topology::Plan<inferred<Steps>>, typename Model::scalar,
                                         native_lanes<typename Model::scalar> != 1 ? topology::Samples::one
                                                                                   : topology::Samples::pack>;
    static constexpr auto& table = inferred<1>::table;
    using OutputStep = step_of<typename inferred<1>::template shape_at<table.result>>;
    static constexpr bool is_mono = InputStep::size == 1 && OutputStep::size == 1;

  public:
    using scalar = typename Model::scalar;
    /// A step of the input, and of the output.
    using Input = Tensor<scalar, InputStep>;
    using Output = Tensor<scalar, OutputStep>;

    /// What the layers remember.
    struct State {
        alignas(
            64) scalar carried[std::size_t{Pass<1>::carried_extent > 0 ? Pass<1>::carried_extent : 1}] = {};
        std::uint64_t steps = 0; ///< that have gone by

        friend constexpr bool operator==(const State&, const State&) noexcept = default;
    };

    /// How many steps of the input an output depends on, its own among them; INT_MAX if a recurrent layer
    /// remembers all.
    static constexpr int receptive_field =
        steps_before_output<inferred<1>> < 0 ? INT_MAX : steps_before_output<inferred<1>> + 1;
    /// How many steps an output comes after its input.
    static constexpr int latency = 0;

    explicit SoundStream(const Model& model) noexcept : numbers_{model.numbers().data()} {}

    /// The output for the next step.
    [[nodiscard]] Output step(const Input& x) noexcept LAMINA_NONBLOCKING {
        const FlushSubnormals scope;
        Output y;
        run<1>(one_, &x, &y);
        return y;
    }
    /// The same where steps are single numbers.
    [[nodiscard]] scalar step(scalar x) noexcept LAMINA_NONBLOCKING requires is_mono {
        const FlushSubnormals scope;
        scalar y;
        run<1>(one_, &x, &y);
        return y;
    }
    /// The outputs for the next steps, as many as x has. y may be x. Throws `data_error` if y has fewer
    /// elements.
    void block(std::span<const Input> x, std::span<Output> y) { run_all(x, y); }
    void block(std::span<const scalar> x, std::span<scalar> y) requires is_mono { run_all(x, y); }

    /// Forgets all steps: what comes next is the first one.
    void reset() noexcept LAMINA_NONBLOCKING { state_ = {}; }
    /// What it remembers, to be copied, and to go on from there, in this stream or in another of the model.
    [[nodiscard]] const State& state() const noexcept { return state_; }
    void restore(const State& state) noexcept { state_ = state; }

  private:
    template <class X, class Y>
    void run_all(std::span<const X> x, std::span<Y> y) {
        if (y.size() < x.size())
            raise<data_error>("stream: expected room for ", x.size(), " steps of the output, found ",
                              y.size());
        const FlushSubnormals scope;
        const X* from = x.data();
        Y* to = y.data();
        // What is left is counted, because g++ warns of the ends of a loop over addresses that no span
        // reaches.
        std::size_t left = x.size();
        for (; left >= BlockSteps; left -= BlockSteps, from += BlockSteps, to += BlockSteps)
            run<BlockSteps>(many_, from, to);
        for (; left > 0; --left, ++from, ++to)
            run<1>(one_, from, to);
    }
    template <int Steps, class X, class Y>
    void run(Pass<Steps>& pass, const X* x, Y* y) noexcept {
        const auto in = pass.input();
        for (int t = 0; t < Steps; ++t)
            for (int i = 0; i < InputStep::size; ++i)
                at_step(in, t, i) = number(x[t], i);
        pass.forward(numbers_, state_.carried, state_.steps);
        state_.steps += Steps;
        const auto out = pass.output();
        for (int t = 0; t < Steps; ++t)
            for (int i = 0; i < OutputStep::size; ++i)
                number(y[t], i) = at_step(out, t, i);
    }
    template <class X>
    [[nodiscard, gnu::always_inline]] static auto& number(X& step, int i) noexcept {
        if constexpr (std::is_arithmetic_v<X>)
            return step;
        else
            return step[i];
    }

    const scalar* numbers_;
    State state_;
    Pass<1> one_;
    Pass<BlockSteps> many_;
};

/// Takes the place of a stream that has a problem.
template <class Model>
struct BrokenStream {
    using broken = void;
    using scalar = float;
    using Input = AnyTensor<float>;
    using Output = AnyTensor<float>;
    struct State {
        friend constexpr bool operator==(const State&, const State&) noexcept = default;
    };
    static constexpr AnyInt receptive_field{}, latency{};

    explicit BrokenStream(auto&&...) noexcept {}
    Output step(const Input& = {}) noexcept { return {}; }
    template <class X>
    auto step(const X&) noexcept {
        return std::conditional_t<std::is_arithmetic_v<X>, X, Output>{};
    }
    void block(auto&&...) noexcept {}
    void reset() noexcept {}
    [[nodiscard]] State state() const noexcept { return {}; }
    void restore(auto&&) noexcept {}
};

/// The problem of a stream, or `none`.
template <class Model, int BlockSteps>
[[nodiscard]] consteval auto find_stream_problem() noexcept {
    if constexpr (Broken<Model>) {
        return fault<none>{};
    } else if constexpr (!SequenceShape<typename Model::input_shape>) {
        return fault<typename problem::stream_of<Model>::needs_a_model_on_a_sequence>{};
    } else if constexpr (BlockSteps < 1) {
        return fault<
            typename problem::stream_of<Model>::template blocks<BlockSteps>::must_have_at_least_one_step>{};
    } else {
        using found = typename topology::Inferred<typename Model::topology,
                                                  StreamBlock<1, step_of<typename Model::input_shape>>,
                                                  typename Model::scalar>::problem;
        return fault<found>{};
    }
}
template <class Model, int BlockSteps>
using stream_problem = typename decltype(find_stream_problem<Model, BlockSteps>())::type;
template <class Model, int BlockSteps>
using stream_base =
    typename topology::choose<std::is_same_v<stream_problem<Model, BlockSteps>, none> && !Broken<Model>>::
        template of<SoundStream<Model, BlockSteps>, BrokenStream<Model>>;

/// A model that runs along time without an end, one step of its input after another or in blocks: what its
/// layers remember lies in here. It gives the same numbers as the model does for the whole sequence, whatever
/// the blocks are.
///
///     const Model model = ...;
///     ln::Stream<Model> stream{model};     // memory: sizeof(stream), no heap
///     y = stream.step(x);                  // or: stream.block(xs, ys)
///
/// Its parameters are those of the model, which must outlive it: many streams can share a model. `step` and
/// `block` do not allocate, lock or call the system, and count subnormal numbers as zero
/// (`FlushSubnormals`). A `CausalConv` remembers as many steps as it sees, a recurrent layer its states.
///
/// Arguments: `Model`, on a `Sequence`, of any length; `BlockSteps`, how many steps `block` computes at a
/// time, 16 by default: more are faster and take more memory.
///
/// Errors: a model that is not on a sequence, and a layer that sees later steps or all of them, such as
/// `Conv1D` or `Last`, do not compile.
template <class Model, int BlockSteps>
class Stream : problem::report<stream_problem<Model, BlockSteps>>, public stream_base<Model, BlockSteps> {
  public:
    explicit Stream(const Model& model) noexcept : stream_base<Model, BlockSteps>{model} {}
    explicit Stream(const Model&& model) = delete; // a stream reads its model, which must outlive it

    /// Memory that it takes, beside the model's.
    static constexpr std::size_t bytes = sizeof(stream_base<Model, BlockSteps>);
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
