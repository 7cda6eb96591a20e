// Operations as code: a layer with the sum, the activation or the max pool that are computed along with it,
// and joins of branches. They take views; they know nothing of buffers.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/topology/facts.hpp>
#include <lamina/topology/operation_arguments.hpp>
#include <lamina/topology/placed.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// A layer, then the sum with another value or not, then an activation or none.
template <class P, class Activation>
struct Single {
    using placed = P;
    using L = typename P::layer;
    using input = typename P::input;
    using output = typename P::output;
    static constexpr bool is_plain = P::is_plain;
    static constexpr int saved = elements_of<typename P::template saved<float>>;
    /// Whether its layer adds to dx itself. What another writes goes through scratch memory.
    static constexpr bool layer_adds = AddsInputGradient<P>;
    template <bool Adds, bool InputGradient>
    static constexpr long long scratch_extent = scratch_of<P>().backward +
                                                (Adds && !layer_adds ? input::size : 0);

    template <bool Training, class M>
    [[gnu::noinline]] static constexpr void forward(M m, auto y, auto addend_, auto x_) noexcept {
        kernels::has_effects();
        if constexpr (!Training || !EndsInTime<input>) // what trains has filled it: see `CarriedState`
            fill_halo_with_zeros(x_);
        auto addend = as_const(addend_);
        const auto x = as_const(x_);
        using E = typename M::element;
        const auto p = P::parameters(m.trained);
        if constexpr (requires { L{}.forward(x, p, y); }) {
            L{}.forward(x, p, y);
        } else {
            const Epilogue<Activation, decltype(addend)> after{addend};
            if constexpr (GivesScratch<M>) {
                L{}.forward(x, p, y,
                            ScratchContext<typename M::room, Epilogue<Activation, decltype(addend)>>{
                                after, m.scratch});
            } else if constexpr (P::is_plain) {
                L{}.forward(x, p, y,
                            ContextOf<P, Training, M, Epilogue<Activation, decltype(addend)>>{
                                after, {}, {}, {}, {}, 0, {}, 0});
            } else if constexpr (!Training && saved > 0 && !SavesForBackwardAlone<L> && !StreamShape<input>) {
                E without_backward[std::size_t{saved}];
                m.saved = without_backward;
                L{}.forward(x, p, y, context_of<P, Training>(m, after));
            } else {
                L{}.forward(x, p, y, context_of<P, Training>(m, after));
            }
        }
    }

    /// Takes dy back through the activation and the sum, then through the layer.
    template <Part Of>
    [[gnu::noinline]] static constexpr void backward(auto b, auto x_, auto dx) noexcept {
        using kernels::Store;
        kernels::has_effects();
        const auto x = as_const(x_);
        if constexpr (Of == Part::whole)
            fill_halo_with_zeros(b.dy);
        if constexpr (Of == Part::to_layer)
            gather_gradient(b, x);
        else if constexpr (Of == Part::whole &&
                           (!std::is_same_v<Activation, NoActivation> || is_wanted<decltype(b.daddend)>))
            through_activation_and_sum(b);
        if constexpr (Of == Part::whole && PreparesGradients<P>)
            L{}.prepare_gradients(x, b.y, b.dy, P::parameters(b.memory.trained), context(b));
        if constexpr (Of != Part::to_layer && is_wanted<decltype(dx)>) {
            if constexpr (!dx.adds) {
                input_gradient<Store::overwrite>(b, x, dx.view);
            } else if constexpr (layer_adds) {
                input_gradient<Store::add>(b, x, dx.view);
            } else {
                using E = std::remove_pointer_t<decltype(b.scratch)>;
                const View<E, input> part{b.scratch + scratch_of<P>().backward};
                input_gradient<Store::overwrite>(b, x, part);
                dx(dx.view, Unchanged{}, part);
            }
        }
        if constexpr (Of != Part::to_layer && P::learns && !P::gathers) {
            if constexpr (uses_scratch<P>)
                L{}.parameter_gradient(x, b.y, b.dy, P::parameters(b.gradients), b.overwrite, context(b),
                                       Turn{b.turns, b.number});
            else {
                b.turns->wait(b.number);
                parameter_gradient(b, x);
            }
            b.turns->pass_on(b.number);
        }
    }

  private:
    /// The gradient before the activation is that of the addend, too.
    static constexpr void through_activation_and_sum(const auto& b) noexcept {
        if constexpr (!std::is_same_v<Activation, NoActivation>)
            kernels::map(b.dy, TimesSlope<Activation>{}, b.dy, b.y);
        if constexpr (is_wanted<decltype(b.daddend)>)
            b.daddend(b.daddend.view, Unchanged{}, b.dy);
    }
    /// The same, and the gathering of the gradients' statistics.
    static constexpr void gather_gradient(const auto& b, auto x) noexcept {
        const auto all = list_at<typename P::gathered, false>(b.memory.gathered + 1);
        const auto own = list_at<typename P::gathered_gradient, false>(b.memory.gathered_gradient + 1);
        if constexpr (requires { L{}.gather_gradient(x, b.dy, all, own, through_activation(b)); }) {
            L{}.gather_gradient(x, b.dy, all, own, through_activation(b));
            if constexpr (is_wanted<decltype(b.daddend)>)
                b.daddend(b.daddend.view, Unchanged{}, b.dy);
        } else {
            through_activation_and_sum(b);
            L{}.gather_gradient(x, b.dy, all, own);
        }
    }
    /// What becomes of an element of dy on its way back through the activation.
    [[nodiscard]] static constexpr auto through_activation(const auto& b) noexcept {
        if constexpr (std::is_same_v<Activation, NoActivation>)
            return [](auto g, auto...) __attribute__((always_inline)) {
                return g;
            };
        else
            return [y = b.y](auto g, auto... index) __attribute__((always_inline)) {
                return decltype(g)(g * Activation::slope(y(index...)));
            };
    }

  private:
    template <kernels::Store How>
    static constexpr void input_gradient(const auto& b, auto x, auto dx) noexcept {
        const auto p = P::parameters(b.memory.trained);
        if constexpr (uses_scratch<P>)
            L{}.template input_gradient<How>(x, b.y, b.dy, p, dx, context(b));
        else if constexpr (requires { L{}.template input_gradient<How>(x, b.y, b.dy, p, dx); })
            L{}.template input_gradient<How>(x, b.y, b.dy, p, dx);
        else if constexpr (requires { L{}.input_gradient(x, b.y, b.dy, p, dx); })
            L{}.input_gradient(x, b.y, b.dy, p, dx);
        else if constexpr (requires { L{}.template input_gradient<How>(x, b.y, b.dy, p, dx, context(b)); })
            L{}.template input_gradient<How>(x, b.y, b.dy, p, dx, context(b));
        else
            L{}.input_gradient(x, b.y, b.dy, p, dx, context(b));
    }
    /// Adds the gradients of the layer's tensors, or overwrites them. For a layer whose function has no
    /// argument `overwrite`, they are set to zero first.
    static constexpr void parameter_gradient(const auto& b, auto x) noexcept {
        const auto dp = P::parameters(b.gradients);
        constexpr bool takes_pass = requires(const detail::AnyContext<L, input>& pass) {
            L{}.parameter_gradient(x, b.y, b.dy, dp, pass);
        };
        if constexpr (!takes_pass && requires { L{}.parameter_gradient(x, b.y, b.dy, dp, b.overwrite); }) {
            L{}.parameter_gradient(x, b.y, b.dy, dp, b.overwrite);
        } else {
            for (long long i = 0; b.overwrite && i < P::trained_extent; ++i)
                b.gradients[i] = 0;
            if constexpr (requires { L{}.parameter_gradient(x, b.y, b.dy, dp); })
                L{}.parameter_gradient(x, b.y, b.dy, dp);
            else
                L{}.parameter_gradient(x, b.y, b.dy, dp, context(b));
        }
    }
    [[nodiscard]] static constexpr auto context(const auto& b) noexcept {
        const Epilogue<NoActivation, Unwanted> none;
        if constexpr (uses_scratch<P>)
            return ScratchContext<decltype(b.scratch), Unwanted>{{}, b.scratch};
        else if constexpr (P::is_plain)
            return ContextOf<P, true, std::remove_cvref_t<decltype(b.memory)>,
                             Epilogue<NoActivation, Unwanted>>{none, {}, {}, {}, {}, 0, {}, 0};
        else
            return context_of<P, true>(b.memory, none);
    }
};

/// A layer, an activation (or none) and a max pool in one operation, whose forward pass stores no
/// intermediate results. `Pool` is the placed pooling layer.
template <class P, class Activation, class Pool>
struct Pooled {
    using placed = P;
    using L = typename P::layer;
    using input = typename P::input;
    using output = typename Pool::output;
    static constexpr bool is_plain = P::is_plain;
    static constexpr int size = Pool::layer::window_size;
    static constexpr int saved = output::size; ///< for each result, which of its window was the largest
    /// The gradient before pooling, if the layer needs it.
    using scratch_layout = Layout<typename P::output, facts_of<L, input>.gradient_halo>;
    static constexpr bool layer_adds = Single<P, Activation>::layer_adds;
    template <bool Adds, bool InputGradient>
    static constexpr long long scratch_extent =
        (!InputGradient && L::template blends<size> ? 0 : scratch_layout::extent) + scratch_of<P>().backward +
        (Adds && !layer_adds ? input::size : 0);

    template <bool Training>
    [[gnu::noinline]] static constexpr void forward(auto m, auto y, auto /*addend*/, auto x) noexcept {
        kernels::has_effects();
        fill_halo_with_zeros(x);
        const auto argmax = [&] {
            if constexpr (Training)
                return m.saved;
            else
                return Unwanted{};
        }();
        const Epilogue<Activation, Unwanted> after;
        if constexpr (GivesScratch<decltype(m)>)
            L{}.template forward_pooled<size>(as_const(x), P::parameters(m.trained), y, argmax, after,
                                              m.scratch);
        else
            L{}.template forward_pooled<size>(as_const(x), P::parameters(m.trained), y, argmax, after);
    }

    template <Part>
    [[gnu::noinline]] static constexpr void backward(auto b, auto x_, auto dx) noexcept {
        kernels::has_effects();
        fill_halo_with_zeros(b.dy);
        const auto x = as_const(x_);
        using E = std::remove_pointer_t<decltype(b.scratch)>;
        const E* argmax = b.memory.saved;
        if constexpr (!is_wanted<decltype(dx)> && L::template blends<size>) {
            b.turns->wait(b.number);
            L{}.template parameter_gradient_pooled<size>(x, b.y, b.dy, argmax, P::parameters(b.gradients),
                                                         Slope<Activation>{}, b.overwrite);
            b.turns->pass_on(b.number);
        } else {
            const View<E, typename P::output, scratch_layout::halo> dz{b.scratch + scratch_layout::origin};
            kernels::fill_halo_with_zeros(dz);
            kernels::max_pool_scatter<size>(b.y, b.dy, argmax, dz, Slope<Activation>{});
            Single<P, NoActivation>::template backward<Part::through_layer>(
                Backward{b.memory, b.gradients, b.overwrite, dz, dz, Unwanted{},
                         b.scratch + scratch_layout::extent, b.turns, b.number},
                x, dx);
        }
    }
};

/// The join of several branches.
template <class Join, class Out>
struct Joined {
    using placed = void;
    using join = Join;
    using output = Out;
    static constexpr bool is_plain = true;
    static constexpr int saved = 0;
    template <bool Adds, bool InputGradient>
    static constexpr long long scratch_extent = 0;

    template <bool Training>
    [[gnu::noinline]] static constexpr void forward(auto /*m*/, auto y, auto /*addend*/, auto... x) noexcept {
        kernels::has_effects();
        if constexpr (!Training || !EndsInTime<Out>)
            (fill_halo_with_zeros(x), ...);
        join::forward(y, as_const(x)...);
    }
    /// The gradient of the K-th branch.
    template <int K>
    [[gnu::noinline]] static constexpr void backward(auto dy, auto dx, auto... x) noexcept {
        kernels::has_effects();
        join::template input_gradient<K>(dx, dy, dx.view, as_const(x)...);
    }
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
