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
#include <lamina/topology/placed.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// The activation of an operation that has none.
struct NoActivation {
    static constexpr bool never_decreases = true;
    template <class E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return x;
    }
    template <class E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E) noexcept {
        return E(1);
    }
};

/// Takes the place of a view that is not needed.
struct Unwanted {
    constexpr Unwanted() noexcept = default;
    constexpr explicit Unwanted(const void* /*first*/) noexcept {}
};

/// The turns of a single thread: each pack adds its part to the gradients at once.
struct NoTurns {
    static constexpr void wait(int /*operation*/) noexcept {}
    static constexpr void pass_on(int /*operation*/) noexcept {}
};

/// The gradient of a value: written by the first operation that comes to it, in the order of backward, and
/// added to by the others.
template <class V>
struct Overwritten {
    static constexpr bool adds = false;
    V view;

    constexpr void operator()(V dx, auto f, auto... x) const noexcept { kernels::map(dx, f, x...); }
    constexpr void part(V dx, auto whole, int first) const noexcept {
        kernels::map_part(
            whole, first, dx, [](const auto& from, auto& to) __attribute__((always_inline)) { to = from; });
    }
};
template <class V>
struct AddedTo {
    static constexpr bool adds = true;
    V view;

    constexpr void operator()(V dx, auto f, auto... x) const noexcept {
        kernels::map<kernels::Store::add>(dx, f, x...);
    }
    constexpr void part(V dx, auto whole, int first) const noexcept {
        kernels::map_part(
            whole, first, dx, [](const auto& from, auto& to) __attribute__((always_inline)) { to += from; });
    }
};
template <class D>
inline constexpr bool is_wanted = !std::is_same_v<D, Unwanted>;

template <class E, class S, int Halo, Order O>
[[nodiscard]] constexpr View<const E, S, Halo, O> as_const(View<E, S, Halo, O> v) noexcept {
    return v;
}
[[nodiscard]] constexpr Unwanted as_const(Unwanted u) noexcept {
    return u;
}
template <class S>
[[nodiscard]] constexpr joins::InPlace<S> as_const(joins::InPlace<S> x) noexcept {
    return x;
}
template <class S>
constexpr void fill_halo_with_zeros(joins::InPlace<S> /*x*/) noexcept {}
using kernels::fill_halo_with_zeros;

// What is done to elements. (A lambda would have the name of the operation in its own.)
template <class Activation>
struct Slope {
    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(E e) const noexcept {
        return Activation::slope(e);
    }
};
template <class Activation>
struct TimesSlope {
    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(E g, E e) const noexcept {
        return g * Activation::slope(e);
    }
};
struct Unchanged {
    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(E g) const noexcept {
        return g;
    }
};

/// Memory of an operation beside its views: the tensors of its layer, and what it saves from forward to
/// backward.
template <class T, class E>
struct Memory {
    using scalar = T;
    using element = E;
    const T* trained;
    E* saved;

    constexpr Memory(const T* trained_, E* saved_, const T* /*kept*/, double* /*gathered*/,
                     double* /*gathered_gradient*/, const PassSamples& /*samples*/, int /*layer*/) noexcept
        : trained{trained_}, saved{saved_} {}
};
/// The same for a layer that asks for more: its kept tensors, the statistics of the batch (each `gathered`
/// and `gathered_gradient` is a count of elements and the tensors behind it), and which samples pass.
template <class T, class E>
struct FullMemory : Memory<T, E> {
    const T* kept;
    double* gathered;
    double* gathered_gradient;
    PassSamples samples;
    int layer;

    constexpr FullMemory(const T* trained_, E* saved_, const T* kept_, double* gathered_,
                         double* gathered_gradient_, const PassSamples& samples_, int layer_) noexcept
        : Memory<T, E>{trained_, saved_, kept_, gathered_, gathered_gradient_, samples_, layer_}, kept{kept_},
          gathered{gathered_}, gathered_gradient{gathered_gradient_}, samples{samples_}, layer{layer_} {}
};
/// One of two types. (Unlike `std::conditional` it is instantiated twice in all.)
template <bool First>
struct choose {
    template <class A, class>
    using of = A;
};
template <>
struct choose<false> {
    template <class, class B>
    using of = B;
};
template <class Code, class E>
using MemoryOf =
    typename choose<Code::is_plain>::template of<Memory<scalar_of<E>, E>, FullMemory<scalar_of<E>, E>>;

/// The whole backward of an operation, or one of its two parts: up to its layer, and through that. The parts
/// of a layer that needs the whole batch are segments apart.
enum class Part { whole, to_layer, through_layer };

/// The arguments of an operation's backward. dy is overwritten with the gradient before the activation. Each
/// of `daddend` and dx is an Overwritten, an AddedTo, or Unwanted.
template <class M, class Y, class DY, class DR, class Turns>
struct Backward {
    M memory;
    typename M::scalar* gradients; ///< of its layer's tensors
    bool overwrite;                ///< these gradients, instead of adding to them
    Y y;
    DY dy;
    DR daddend;
    typename M::element* scratch;
    Turns* turns;
    int number; ///< of the operation, for its turn
};
template <class M, class Y, class DY, class DR, class Turns> // Clang 14 does not make it
Backward(M, typename M::scalar*, bool, Y, DY, DR, typename M::element*, Turns*, int)
    ->Backward<M, Y, DY, DR, Turns>;

/// What the operation applies to each result of its layer before that is stored: the sum with the addend's
/// element, and the activation.
template <class Activation, class R>
struct Epilogue {
    R addend;

    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(E e, auto... index) const noexcept {
        if constexpr (std::is_same_v<R, Unwanted>)
            return Activation::value(e);
        else if constexpr (std::is_same_v<E, typename R::element>)
            return Activation::value(E(e + addend(index...)));
        else // neighbouring channels of one sample
            return Activation::value(E(e + E::load(&addend(index...))));
    }
};

/// Whether the layer's function can add to dx.
template <class P>
concept AddsInputGradient = requires(View<const float, typename P::input> x,
                                     View<float, typename P::output> y, View<float, typename P::input> dx,
                                     typename P::template trained<const float> p) {
    P::layer::template input_gradient<kernels::Store::add>(x, y, y, p, dx);
}
|| requires(View<const float, typename P::input> x, View<float, typename P::output> y,
            View<float, typename P::input> dx, typename P::template trained<const float> p,
            const detail::AnyContext<typename P::layer, typename P::input>& pass) {
    P::layer::template input_gradient<kernels::Store::add>(x, y, y, p, dx, pass);
};

/// The context of a layer's functions. (That of a plain layer is made where it is needed.)
template <class P, bool Training, class M, class After>
using ContextOf =
    PassContext<typename M::element, Training, After, typename P::template kept<const typename M::scalar>,
                typename P::template saved<typename M::element>, typename P::gathered,
                typename P::gathered_gradient>;
template <class P, bool Training, class M, class After>
[[nodiscard]] constexpr ContextOf<P, Training, M, After> context_of(const M& m, After after) noexcept {
    const auto kept = P::kept_at(m.kept);
    const auto saved = list_at<typename P::template saved<typename M::element>, false>(m.saved);
    if constexpr (P::gathers && Training)
        return {after,
                kept,
                saved,
                list_at<typename P::gathered, false>(m.gathered + 1),
                list_at<typename P::gathered_gradient, false>(m.gathered_gradient + 1),
                m.gathered[0],
                m.samples,
                m.layer};
    else
        return {after, kept, saved, {}, {}, 0, m.samples, m.layer};
}

// `forward` and `backward` are no members of a pass, so that operations that are the same, in one network or
// in several, are compiled once.

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
    static constexpr long long scratch_extent = Adds && !layer_adds ? input::size : 0;

    template <bool Training, class M>
    [[gnu::noinline]] static constexpr void forward(M m, auto y, auto addend_, auto x_) noexcept {
        kernels::has_effects();
        fill_halo_with_zeros(x_);
        auto addend = as_const(addend_);
        const auto x = as_const(x_);
        using E = typename M::element;
        const auto p = P::parameters(m.trained);
        if constexpr (requires { L::forward(x, p, y); }) {
            L::forward(x, p, y);
        } else {
            const Epilogue<Activation, decltype(addend)> after{addend};
            if constexpr (P::is_plain) {
                L::forward(x, p, y,
                           ContextOf<P, Training, M, Epilogue<Activation, decltype(addend)>>{
                               after, {}, {}, {}, {}, 0, {}, 0});
            } else if constexpr (!Training && saved > 0) {
                E without_backward[std::size_t{saved}];
                m.saved = without_backward;
                L::forward(x, p, y, context_of<P, Training>(m, after));
            } else {
                L::forward(x, p, y, context_of<P, Training>(m, after));
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
        if constexpr (Of != Part::to_layer && is_wanted<decltype(dx)>) {
            if constexpr (!dx.adds) {
                input_gradient<Store::overwrite>(b, x, dx.view);
            } else if constexpr (layer_adds) {
                input_gradient<Store::add>(b, x, dx.view);
            } else {
                using E = std::remove_pointer_t<decltype(b.scratch)>;
                const View<E, input> part{b.scratch};
                input_gradient<Store::overwrite>(b, x, part);
                dx(dx.view, Unchanged{}, part);
            }
        }
        if constexpr (Of != Part::to_layer && P::learns && !P::gathers) {
            b.turns->wait(b.number);
            parameter_gradient(b, x);
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
        if constexpr (requires { L::gather_gradient(x, b.dy, all, own, through_activation(b)); }) {
            L::gather_gradient(x, b.dy, all, own, through_activation(b));
            if constexpr (is_wanted<decltype(b.daddend)>)
                b.daddend(b.daddend.view, Unchanged{}, b.dy);
        } else {
            through_activation_and_sum(b);
            L::gather_gradient(x, b.dy, all, own);
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
        if constexpr (requires { L::template input_gradient<How>(x, b.y, b.dy, p, dx); })
            L::template input_gradient<How>(x, b.y, b.dy, p, dx);
        else if constexpr (requires { L::input_gradient(x, b.y, b.dy, p, dx); })
            L::input_gradient(x, b.y, b.dy, p, dx);
        else if constexpr (requires { L::template input_gradient<How>(x, b.y, b.dy, p, dx, context(b)); })
            L::template input_gradient<How>(x, b.y, b.dy, p, dx, context(b));
        else
            L::input_gradient(x, b.y, b.dy, p, dx, context(b));
    }
    /// Adds the gradients of the layer's tensors, or overwrites them. For a layer whose function has no
    /// argument `overwrite`, they are set to zero first.
    static constexpr void parameter_gradient(const auto& b, auto x) noexcept {
        const auto dp = P::parameters(b.gradients);
        constexpr bool takes_pass = requires(const detail::AnyContext<L, input>& pass) {
            L::parameter_gradient(x, b.y, b.dy, dp, pass);
        };
        if constexpr (!takes_pass && requires { L::parameter_gradient(x, b.y, b.dy, dp, b.overwrite); }) {
            L::parameter_gradient(x, b.y, b.dy, dp, b.overwrite);
        } else {
            for (long long i = 0; b.overwrite && i < P::trained_extent; ++i)
                b.gradients[i] = 0;
            if constexpr (requires { L::parameter_gradient(x, b.y, b.dy, dp); })
                L::parameter_gradient(x, b.y, b.dy, dp);
            else
                L::parameter_gradient(x, b.y, b.dy, dp, context(b));
        }
    }
    [[nodiscard]] static constexpr auto context(const auto& b) noexcept {
        const Epilogue<NoActivation, Unwanted> none;
        if constexpr (P::is_plain)
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
    static constexpr long long
        scratch_extent = (!InputGradient && L::template blends<size> ? 0 : scratch_layout::extent) +
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
        L::template forward_pooled<size>(as_const(x), P::parameters(m.trained), y, argmax,
                                         Epilogue<Activation, Unwanted>{});
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
            L::template parameter_gradient_pooled<size>(x, b.y, b.dy, argmax, P::parameters(b.gradients),
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
