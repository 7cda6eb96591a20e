// Prepared: a model that answers one sample at a time, from weights that were transformed before.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/model.hpp>
#include <lamina/model/forward_arguments.hpp>
#include <lamina/model/stack_budget.hpp>
#include <lamina/problem/forward.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/topology/inference_pass.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The base of a `Prepared` that has no problem.
template <class Model>
class SoundPrepared {
    using plan = typename Model::plan;
    using T = typename Model::scalar;
    static constexpr long long extent = topology::prepared_before<plan, plan::Inference::operations.count>();
    static constexpr bool prepares = extent > 0;

  public:
    using Input = typename Model::Input;
    using Output = typename Model::Output;
    /// Memory for the activations of a forward pass. Each thread needs its own.
    using Workspace = typename topology::choose<prepares>::template of<
        topology::InferencePass<plan, T, topology::Samples::prepared>, typename Model::Workspace>;
    /// Bytes `forward` needs beside the parameters and this object.
    static constexpr long long inference_bytes = sizeof(Workspace);

    explicit SoundPrepared(const Model& model) noexcept : model_{&model} { prepare(); }

    /// Prepares the weights again, after the model's parameters have changed.
    void prepare() noexcept {
        if constexpr (prepares)
            topology::prepare_all<plan>(model_->numbers().data(), numbers_);
    }

    /// The output for one sample, as `Model::forward`. Several threads may call this at the same time, each
    /// with its own workspace, as long as no thread calls `prepare` or changes the model.
    [[nodiscard]] Output forward(const Input& x) const noexcept {
        require_stack<sizeof(Workspace)>();
        Workspace workspace;
        return answer(x.view(), workspace);
    }
    [[nodiscard]] Output forward(const Input& x, Workspace& workspace) const noexcept {
        return answer(x.view(), workspace);
    }
    /// The output for the numbers of a span, a vector or an array. Throws `data_error` unless they are as
    /// many as the input has; an array of another size does not compile.
    template <NumbersOf<T> X>
    [[nodiscard]] Output forward(const X& x) const noexcept(has_known_count<X>) {
        require_stack<sizeof(Workspace)>();
        Workspace workspace;
        return forward(x, workspace);
    }
    template <NumbersOf<T> X>
    [[nodiscard]] Output forward(const X& x, Workspace& workspace) const noexcept(has_known_count<X>) {
        return answer(input_view<typename Model::input_shape, T>(x), workspace);
    }

    /// The arguments that `forward` accepts.
    template <class X, class... W>
    static constexpr bool takes = Model::template takes<X> &&
                                  (sizeof...(W) == 0 ||
                                   detail::convert<detail::types<W...>, detail::types<Workspace&>>);
    // The compilers show this line with its comment.
    // clang-format off
    template <class... X> requires(!takes<X...>)
    Output forward(X&&...) const = delete; // takes one sample: a Model::Input, a span of as many numbers, or an ln::data::Image; and a Prepared::Workspace
    // clang-format on

  private:
    [[nodiscard]] Output answer(View<const T, typename Model::input_shape> x,
                                Workspace& workspace) const noexcept {
        kernels::copy(x, workspace.input());
        if constexpr (prepares)
            workspace.forward(model_->numbers().data(), const_cast<T*>(numbers_), 0); // which it only reads
        else
            workspace.forward(model_->numbers().data());
        Output y;
        kernels::copy(workspace.output(), y.view());
        return y;
    }

    const Model* model_;
    alignas(topology::parameter_alignment) T numbers_[static_cast<std::size_t>(prepares ? extent : 1)] = {};
};

/// Takes the place of one that has a problem.
template <class Model>
struct BrokenPrepared {
    using broken = void;
    using Input = AnyTensor<float>;
    using Output = AnyTensor<float>;
    struct Workspace {};
    static constexpr AnyLong inference_bytes{};

    explicit BrokenPrepared(auto&&...) noexcept {}
    void prepare() noexcept {}
    Output forward(const auto&, auto&&...) const noexcept { return {}; }
};

/// The problem of a `Prepared`, or `none`.
template <class Model>
[[nodiscard]] consteval auto find_preparing_problem() noexcept {
    if constexpr (Broken<Model> || IsModel<Model>)
        return fault<none>{};
    else
        return fault<typename problem::prepared<Model>::needs_a_model>{};
}
template <class Model>
using preparing_problem = typename decltype(find_preparing_problem<Model>())::type;
template <class Model>
using prepared_base =
    typename topology::choose<std::is_same_v<preparing_problem<Model>, none> &&
                              !Broken<Model>>::template of<SoundPrepared<Model>, BrokenPrepared<Model>>;

/// A model that answers one sample at a time, faster: its weights are transformed once, instead of at each
/// call or not at all.
///
///     const Model model = ...;
///     ln::Prepared<Model> prepared{model}; // memory: Prepared<Model>::bytes, no heap
///     y = prepared.forward(x);
///
/// Convolutions of images with a kernel of 3x3, stride and dilation 1 and one group, of as many channels and
/// filters as a vector has lanes or more (8 at least), are computed by Winograd's algorithm where that takes
/// less time, unless another layer reads their input in planes, as `Dense` does. Dense layers whose weights
/// take at most 32 KB are computed with outputs in lanes, from weights in another order, where these fill two
/// vectors of 8 lanes or more. Outputs differ from those of `Model::forward` by rounding errors
/// (docs/limits.md). All else is as in `Model::forward`, and everything is in an `Exact` network, in double,
/// and where a target has no vectors.
///
/// It reads the other parameters of the model, which must outlive it. After these have changed, by a trainer
/// or `load`, call `prepare`.
///
/// Errors: what is no model does not compile.
template <class Model>
class Prepared : problem::report<preparing_problem<Model>>, public prepared_base<Model> {
  public:
    using prepared_base<Model>::prepared_base;
    explicit Prepared(const Model&& model) = delete; // it reads its model, which must outlive it

    /// Memory that it takes, beside the model's.
    static constexpr std::size_t bytes = sizeof(prepared_base<Model>);
};

template <class Model>
Prepared(const Model&) -> Prepared<Model>;

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
