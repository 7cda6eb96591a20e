// A pass through the network: the workspace that the plan has laid out, and the loop over its operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/topology/plan.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// A pass for inference. `E` is a number for one sample, or a pack for as many samples as it has lanes.
/// `OneSample` selects the kernels that compute one sample with channels in lanes; constant expressions
/// cannot use them.
///     pass.input() = ...;  pass.forward(parameters);  ... = pass.output();
template <class Plan, class E, bool OneSample = false>
class InferencePass {
  public:
    [[nodiscard]] constexpr auto input() noexcept { return activation<0>(); }
    [[nodiscard]] constexpr auto output() noexcept { return activation<Plan::count>(); }

    constexpr void forward(const scalar_of<E>* parameters) noexcept {
        for_each_index<Plan::count>([&](auto i) { run<i>(parameters); });
    }

  private:
    template <int B>
    [[nodiscard]] constexpr auto activation() noexcept {
        using layout = typename Plan::template activation_layout<B, OneSample>;
        return View<E, typename Plan::template activation<B>::shape, layout::halo, layout::order>{
            values_ + Plan::template inference_offset<OneSample>(B) + layout::origin};
    }
    template <int I>
    [[gnu::noinline]] constexpr void run(const scalar_of<E>* parameters) noexcept {
        kernels::has_effects();
        const auto x = activation<I>();
        kernels::fill_halo_with_zeros(x);
        Plan::template operation<I>::forward(as_const(x), parameters, activation<I + 1>(), Unwanted{});
    }
    template <class S, int Halo, Order O>
    [[nodiscard]] static constexpr View<const E, S, Halo, O> as_const(View<E, S, Halo, O> v) noexcept {
        return v;
    }

    alignas(64) E values_[static_cast<std::size_t>(Plan::template inference_extent<OneSample>)];
};

/// Takes the place of a pass that is too large, so that its problem is the only error.
template <class Plan, class E, class Problem>
class OversizedPass : problem::report<Problem> {
    template <int B>
    using view = View<E, typename Plan::template activation<B>::shape>;

  public:
    [[nodiscard]] constexpr auto input() noexcept { return view<0>{nullptr}; }
    [[nodiscard]] constexpr auto output() noexcept { return view<Plan::count>{nullptr}; }
    [[nodiscard]] constexpr auto output_gradient() noexcept { return view<Plan::count>{nullptr}; }
    [[nodiscard]] constexpr auto input_gradient() noexcept { return view<0>{nullptr}; }
    constexpr void forward(const auto*) noexcept {}
    constexpr void backward(const auto*, auto*, auto&&...) noexcept {}
};
template <class Plan, class E, bool OneSample>
    requires requires {
        typename decltype(Plan::template find_inference_fault<E>())::type;
    }
class InferencePass<Plan, E, OneSample>
    : public OversizedPass<Plan, E, typename decltype(Plan::template find_inference_fault<E>())::type> {};

/// A pass for training, which keeps what backward needs.
///     pass.input() = ...;  pass.forward(parameters);
///     pass.output_gradient() = ...;  pass.backward(parameters, gradients);
template <class Plan, class E, bool InputGradient = false>
class TrainingPass {
  public:
    [[nodiscard]] constexpr auto input() noexcept { return activation<0>(); }
    [[nodiscard]] constexpr auto output() noexcept { return activation<Plan::count>(); }
    [[nodiscard]] constexpr auto output_gradient() noexcept { return gradient<Plan::count>(); }
    [[nodiscard]] constexpr auto input_gradient() noexcept requires InputGradient { return gradient<0>(); }

    constexpr void forward(const scalar_of<E>* parameters) noexcept {
        for_each_index<Plan::count>([&](auto i) { run_forward<i>(parameters); });
    }

    /// Adds to `gradients`, which have the layout of the parameters, or overwrites them if they are `fresh`.
    /// Overwrites the output's gradient. If several passes share the gradients, `turns` decides whose turn it
    /// is.
    constexpr void backward(const scalar_of<E>* parameters, scalar_of<E>* gradients,
                            bool fresh = false) noexcept {
        NoTurns turns;
        backward(parameters, gradients, fresh, turns);
    }
    constexpr void backward(const scalar_of<E>* parameters, scalar_of<E>* gradients, bool fresh,
                            auto& turns) noexcept {
        for_each_index<Plan::count>(
            [&](auto i) { run_backward<Plan::count - 1 - i>(parameters, gradients, fresh, turns); });
    }

  private:
    template <int B>
    [[nodiscard]] constexpr auto activation() noexcept {
        using layout = typename Plan::template activation_layout<B>;
        return View<E, typename Plan::template activation<B>::shape, layout::halo>{
            values_ + Plan::kept_offset(B) + layout::origin};
    }
    template <int B>
    [[nodiscard]] constexpr auto gradient() noexcept {
        if constexpr (B == 0 && !InputGradient) {
            return Unwanted{};
        } else {
            using layout = typename Plan::template gradient_layout<B>;
            return View<E, typename Plan::template activation<B>::shape, layout::halo>{
                values_ + Plan::gradient_offset(B, InputGradient) + layout::origin};
        }
    }
    template <int I>
    [[gnu::noinline]] constexpr void run_forward(const scalar_of<E>* parameters) noexcept {
        kernels::has_effects();
        const auto x = activation<I>();
        kernels::fill_halo_with_zeros(x);
        Plan::template operation<I>::forward(as_const(x), parameters, activation<I + 1>(),
                                             values_ + Plan::choice_offset(I, InputGradient));
    }
    template <int I>
    [[gnu::noinline]] constexpr void run_backward(const scalar_of<E>* parameters, scalar_of<E>* gradients,
                                                  bool fresh, auto& turns) noexcept {
        kernels::has_effects();
        const auto dy = gradient<I + 1>();
        kernels::fill_halo_with_zeros(dy);
        const E* choices = values_ + Plan::choice_offset(I, InputGradient);
        Plan::template operation<I>::backward(as_const(activation<I>()), as_const(activation<I + 1>()),
                                              choices, dy, parameters, gradient<I>(), gradients, fresh, turns,
                                              values_ + Plan::scratch_offset(I, InputGradient));
    }
    template <class S, int Halo>
    [[nodiscard]] static constexpr View<const E, S, Halo> as_const(View<E, S, Halo> v) noexcept {
        return v;
    }

    alignas(64) E values_[static_cast<std::size_t>(Plan::training_extent(InputGradient))];
};

template <class Plan, class E, bool InputGradient>
    requires requires {
        typename decltype(Plan::template find_training_fault<E, InputGradient>())::type;
    }
class TrainingPass<Plan, E, InputGradient>
    : public OversizedPass<Plan, E,
                           typename decltype(Plan::template find_training_fault<E, InputGradient>())::type> {
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
