// What operations are called with: memory, gradients that are overwritten or added to, and what is applied to
// each result before it is stored.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/placed.hpp>
#include <lamina/topology/storage.hpp>

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
    static constexpr int threads = 1;
    static constexpr void wait(int /*operation*/ = 0) noexcept {}
    static constexpr void pass_on(int /*operation*/) noexcept {}
    [[nodiscard]] static constexpr int after_all_layers() noexcept { return 0; }
};

/// The turn of an operation in one pack.
template <class Turns>
struct Turn {
    Turns* turns;
    int number;

    void wait() const noexcept { turns->wait(number); }
};
template <class Turns> // Clang 14 does not make it
Turn(Turns*, int)->Turn<Turns>;

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

template <class E, class S, pad Halo, Order O>
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
                     double* /*gathered_gradient*/, E* /*scratch*/, const PassSamples& /*samples*/,
                     int /*layer*/) noexcept
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
                         double* gathered_gradient_, E* scratch_, const PassSamples& samples_,
                         int layer_) noexcept
        : Memory<T, E>{trained_, saved_, kept_, gathered_, gathered_gradient_, scratch_, samples_, layer_},
          kept{kept_}, gathered{gathered_},
          gathered_gradient{gathered_gradient_}, samples{samples_}, layer{layer_} {}
};
/// The same for a layer that asks for scratch memory in forward.
template <class T, class E>
struct ScratchMemory : Memory<T, E> {
    using room = E*;
    room scratch;

    constexpr ScratchMemory(const T* trained_, E* saved_, const T* kept_, double* gathered_,
                            double* gathered_gradient_, E* scratch_, const PassSamples& samples_,
                            int layer_) noexcept
        : Memory<T, E>{trained_, saved_, kept_, gathered_, gathered_gradient_, scratch_, samples_, layer_},
          scratch{scratch_} {}
};
/// The same for a layer whose parameters a `Prepared` model has prepared.
template <class T>
struct PreparedMemory {
    using scalar = T;
    using element = T;
    using room = PreparedScratch<T>;
    const T* trained;
    room scratch;
};
template <class M>
concept GivesScratch = requires {
    typename M::room;
};
template <class Code, class E>
using MemoryOf = typename choose<uses_scratch<typename Code::placed>>::template of<
    ScratchMemory<scalar_of<E>, E>,
    typename choose<Code::is_plain>::template of<Memory<scalar_of<E>, E>, FullMemory<scalar_of<E>, E>>>;

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
        else // of one sample, a pack of neighbouring channels
            return Activation::value(E(e + kernels::one::element_at<E>(addend, index...)));
    }
};

/// Whether the layer's function can add to dx.
template <class P>
concept AddsInputGradient = requires(View<const float, typename P::input> x,
                                     View<float, typename P::output> y, View<float, typename P::input> dx,
                                     typename P::template trained<const float> p, typename P::layer layer) {
    layer.template input_gradient<kernels::Store::add>(x, y, y, p, dx);
}
|| requires(View<const float, typename P::input> x, View<float, typename P::output> y,
            View<float, typename P::input> dx, typename P::template trained<const float> p,
            const detail::AnyContext<typename P::layer, typename P::input>& pass, typename P::layer layer) {
    layer.template input_gradient<kernels::Store::add>(x, y, y, p, dx, pass);
};

template <class L>
concept SavesForBackwardAlone = requires {
    requires L::saves_for_backward_alone;
};
/// Whether the layer has something to do before both of its gradients.
template <class P>
concept PreparesGradients = requires(View<const float, typename P::input> x,
                                     View<float, typename P::output> y,
                                     typename P::template trained<const float> p,
                                     const detail::AnyContext<typename P::layer, typename P::input>& pass,
                                     typename P::layer layer) {
    layer.prepare_gradients(x, y, y, p, pass);
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
    typename P::template saved<typename M::element> saved{};
    if constexpr (Training || !SavesForBackwardAlone<typename P::layer> || StreamShape<typename P::input>)
        saved = list_at<typename P::template saved<typename M::element>, false>(m.saved);
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

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
