// What a pass does at each of its operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/operation.hpp>
#include <lamina/topology/placed.hpp>
#include <lamina/topology/table.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

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

// These are no members of a pass, so that operations that are the same, in one network or in several, are
// compiled once.

template <class Code, bool Training, class M, class Y, class R, class... X>
[[gnu::noinline]] constexpr void run_forward(M memory, Y y, R addend, X... x) noexcept {
    kernels::has_effects();
    (fill_halo_with_zeros(x), ...);
    Code::template forward<Training>(memory, y, as_const(addend), as_const(x)...);
}
template <class Code, Part Of, class B, class X, class DX>
[[gnu::noinline]] constexpr void run_backward(B b, X x, DX dx) noexcept {
    kernels::has_effects();
    if constexpr (Of == Part::whole)
        kernels::fill_halo_with_zeros(b.dy);
    Code::template backward<Of>(b, as_const(x), dx);
}
/// The first part of the backward of a layer that needs the whole batch: up to the gathering of its
/// gradients' statistics.
template <class Code, class B, class X>
[[gnu::noinline]] constexpr void run_backward_to_layer(B b, X x) noexcept {
    kernels::has_effects();
    using P = typename Code::placed;
    const auto all = list_at<typename P::gathered, false>(b.memory.gathered + 1);
    const auto own = list_at<typename P::gathered_gradient, false>(b.memory.gathered_gradient + 1);
    if constexpr (requires {
                      P::layer::gather_gradient(as_const(x), b.dy, all, own, Code::through_activation(b));
                  }) {
        P::layer::gather_gradient(as_const(x), b.dy, all, own, Code::through_activation(b));
        if constexpr (is_wanted<decltype(b.daddend)>)
            Code::hand_on(b);
    } else {
        Code::template backward<Part::to_layer>(b, as_const(x), Unwanted{});
        P::layer::gather_gradient(as_const(x), b.dy, all, own);
    }
}
/// The gradient of the K-th branch of a join.
template <class Join, int K, class DY, class DX, class... X>
[[gnu::noinline]] constexpr void run_join_backward(DY dy, DX dx, X... x) noexcept {
    kernels::has_effects();
    Join::template input_gradient<K>(dx, dy, dx.view, as_const(x)...);
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
