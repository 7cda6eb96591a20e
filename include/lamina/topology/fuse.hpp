// Fusion: turns the list of layers into a list of operations, each of which computes one or more neighbouring
// layers together. The members of the layers decide what is fused. Users do not see it: indices, names and
// weights remain those of their list of layers.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/topology/infer.hpp>

#include <boost/hana/fold_left.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

template <class L>
concept TakesActivation = requires {
    requires L::takes_activation;
};
template <class L>
concept TakesMaxPool = requires {
    requires L::takes_max_pool;
};
template <class L>
concept IsActivation = requires {
    requires L::is_activation;
};
/// An activation whose derivative is a function of its output: its input need not be kept.
template <class L>
concept SlopeOfOutput = IsActivation<L> && requires(float y) {
    L::slope(y);
};
template <class L>
concept NeverDecreases = requires {
    requires L::never_decreases;
};
template <class L>
concept IsPool = requires {
    requires L::is_pool;
};
template <class L>
concept OnlyReshapes = requires {
    requires L::only_reshapes;
};
/// A max pool whose windows tile the input without overlaps or gaps, and are small enough for a register
/// tile.
template <class L>
concept IsTilingMaxPool = requires {
    requires L::is_max_pool;
    requires L::window_size == L::window_stride&& L::window_size <= 3;
};

template <class L, class In, Order O>
inline constexpr int input_halo_of = [] {
    if constexpr (requires { L::template input_halo<In, O>; })
        return L::template input_halo<In, O>;
    else
        return 0;
}();
template <class L, class In>
inline constexpr int gradient_halo_of = [] {
    if constexpr (requires { L::template gradient_halo<In>; })
        return L::template gradient_halo<In>;
    else
        return 0;
}();

template <class L>
inline constexpr Order one_sample_order_of = [] {
    if constexpr (requires { L::one_sample_order; })
        return L::one_sample_order;
    else
        return Order::planes;
}();

/// The activation of an operation that has none.
struct Identity {
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

/// Takes the place of a view that is not needed: of the input's gradient or of the choices.
struct Unwanted {};

/// The turns of a single thread: each pack adds its part to the gradients at once.
struct NoTurns {
    static constexpr void wait(int /*layer*/) noexcept {}
    static constexpr void pass_on(int /*layer*/) noexcept {}
};

/// Adds the gradients of a placed layer to `gradients`, or overwrites them. For a layer whose function has no
/// argument `fresh`, they are set to zero first.
template <class P>
constexpr void parameter_gradient(auto x, auto y, auto dy, auto* gradients, bool fresh) noexcept {
    const auto dp = P::parameters(gradients);
    if constexpr (requires { P::layer::parameter_gradient(x, y, dy, dp, fresh); }) {
        P::layer::parameter_gradient(x, y, dy, dp, fresh);
    } else {
        for (int i = P::weight_offset; fresh && i < P::end_offset; ++i)
            gradients[i] = 0;
        P::layer::parameter_gradient(x, y, dy, dp);
    }
}

template <class P, class Activation, class Pool>
struct Pooled;

/// An operation: one layer, followed by an activation if the layer can apply it. `In` is the shape in which x
/// is stored; it differs from the layer's input shape if a Flatten before it was dropped.
///
/// Every operation has the shapes `input` and `output`, the halos that it needs around x (`input_halo`) and
/// around dy (`gradient_halo`), the number of `choices` that it keeps from forward to backward, and the size
/// of the scratch memory of backward.
template <class P, class Activation = Identity, class In = typename P::input>
struct Single {
    using L = typename P::layer;
    using input = In;
    using output = typename P::output;
    static constexpr Order one_sample_order = one_sample_order_of<L>;
    template <Order O>
    static constexpr int input_halo = input_halo_of<L, typename P::input, O>;
    static constexpr int gradient_halo = gradient_halo_of<L, typename P::input>;
    static constexpr int choices = 0;
    template <bool InputGradient>
    static constexpr long long scratch_extent = 0;

    /// The operation that computes this one and then layer `Next`, or void if they cannot be fused. `Halo` is
    /// the halo that the previous operation needs around the gradient of this one's input: a view with a halo
    /// cannot be reshaped.
    template <class Next, int Halo>
    [[nodiscard]] static consteval auto absorb() noexcept {
        using N = typename Next::layer;
        constexpr bool bare = std::is_same_v<Activation, Identity>;
        constexpr bool reshapes = !std::is_same_v<In, typename P::input>;
        if constexpr (bare && TakesActivation<L> && SlopeOfOutput<N>)
            return hana::type_c<Single<P, N, In>>;
        else if constexpr (OnlyReshapes<L> && bare &&
                           input_halo_of<N, typename Next::input, Order::planes> == 0 && Halo == 0)
            return hana::type_c<Single<Next, Identity, In>>;
        else if constexpr (!reshapes && TakesMaxPool<L> && IsTilingMaxPool<N> && NeverDecreases<Activation>)
            return hana::type_c<Pooled<P, Activation, Next>>;
        else
            return hana::type_c<void>;
    }

    static constexpr void forward(auto x, const auto* parameters, auto y, auto /*choice*/) noexcept {
        kernels::has_effects();
        if constexpr (TakesActivation<L>)
            L::forward(
                own(x), P::parameters(parameters), y,
                [](auto e, auto...) __attribute__((always_inline)) { return Activation::value(e); });
        else
            L::forward(own(x), P::parameters(parameters), y);
    }

    /// Overwrites dy with the gradient before the activation.
    static constexpr void backward(auto x, auto y, auto /*choice*/, auto dy, const auto* parameters, auto dx,
                                   auto* gradients, bool fresh, auto& turns, auto /*scratch*/) noexcept {
        kernels::has_effects();
        if constexpr (!std::is_same_v<Activation, Identity>)
            kernels::map(
                dy, [](auto g, auto e) __attribute__((always_inline)) { return g * Activation::slope(e); },
                dy, y);
        if constexpr (!std::is_same_v<decltype(dx), Unwanted>)
            L::input_gradient(own(x), y, dy, P::parameters(parameters), own(dx));
        if constexpr (P::has_weight) {
            turns.wait(P::index);
            parameter_gradient<P>(own(x), y, dy, gradients, fresh);
            turns.pass_on(P::index);
        }
    }

  private:
    [[nodiscard]] static constexpr auto own(auto x) noexcept {
        if constexpr (std::is_same_v<In, typename P::input>)
            return x;
        else
            return x.template as<typename P::input>();
    }
};

/// A layer, an activation (or none) and a max pool in one operation, whose forward pass stores no
/// intermediate results. `Pool` is the placed pooling layer.
template <class P, class Activation, class Pool>
struct Pooled {
    using L = typename P::layer;
    using input = typename P::input;
    using output = typename Pool::output;
    static constexpr int size = Pool::layer::window_size;
    static constexpr Order one_sample_order = one_sample_order_of<L>;
    template <Order O>
    static constexpr int input_halo = input_halo_of<L, input, O>;
    static constexpr int gradient_halo = 0;
    static constexpr int choices = output::size;
    /// The gradient before pooling, if the layer needs it.
    using scratch_layout = Layout<typename P::output, gradient_halo_of<L, input>>;
    template <bool InputGradient>
    static constexpr long long scratch_extent =
        !InputGradient && L::template blends<size> ? 0 : scratch_layout::extent;

    template <class Next, int Halo>
    [[nodiscard]] static consteval auto absorb() noexcept {
        return hana::type_c<void>;
    }

    static constexpr void forward(auto x, const auto* parameters, auto y, auto choice) noexcept {
        kernels::has_effects();
        L::template forward_pooled<size>(
            x, P::parameters(parameters), y, choice,
            [](auto e, auto...) __attribute__((always_inline)) { return Activation::value(e); });
    }

    static constexpr void backward(auto x, auto y, auto choice, auto dy, const auto* parameters, auto dx,
                                   auto* gradients, bool fresh, auto& turns, auto* scratch) noexcept {
        kernels::has_effects();
        constexpr auto slope = [](auto e) __attribute__((always_inline)) {
            return Activation::slope(e);
        };
        if constexpr (std::is_same_v<decltype(dx), Unwanted> && L::template blends<size>) {
            turns.wait(P::index);
            L::template parameter_gradient_pooled<size>(x, y, dy, choice, P::parameters(gradients), slope,
                                                        fresh);
            turns.pass_on(P::index);
        } else {
            using E = std::remove_pointer_t<decltype(scratch)>;
            View<E, typename P::output, scratch_layout::halo> dz{scratch + scratch_layout::origin};
            kernels::fill_halo_with_zeros(dz);
            kernels::max_pool_scatter<size>(y, dy, choice, dz, slope);
            if constexpr (!std::is_same_v<decltype(dx), Unwanted>)
                L::input_gradient(x, dz, dz, P::parameters(parameters), dx);
            turns.wait(P::index);
            parameter_gradient<P>(x, dz, dz, gradients, fresh);
            turns.pass_on(P::index);
        }
    }
};

/// The operations found so far: the last one, which may still absorb a layer, and the halo that the one
/// before it needs; and for each operation, as numbers, its first layer and that halo.
template <class Last, int HaloBefore, std::size_t Layers>
struct Operations {
    std::array<int, Layers> first_layers = {};
    std::array<int, Layers> halos_before = {};
    int count = 0;
};

/// Appends a layer to the operations so far, or lets the last of them absorb it.
template <bool Fusion>
struct Fuse {
    template <class Last, int HaloBefore, std::size_t Layers, class P>
    constexpr auto operator()(Operations<Last, HaloBefore, Layers> so_far, hana::basic_type<P>) const {
        if constexpr (std::is_void_v<Last>) {
            return append<P, 0>(so_far);
        } else if constexpr (!Fusion) {
            return append<P, Last::gradient_halo>(so_far);
        } else {
            // A view with a halo cannot be reshaped, so the halo that the previous operation needs matters,
            // too.
            using both = typename decltype(Last::template absorb<P, HaloBefore>())::type;
            if constexpr (std::is_void_v<both>)
                return append<P, Last::gradient_halo>(so_far);
            else
                return Operations<both, HaloBefore, Layers>{so_far.first_layers, so_far.halos_before,
                                                            so_far.count};
        }
    }

  private:
    template <class P, int Halo, class Last, int HaloBefore, std::size_t Layers>
    [[nodiscard]] static constexpr auto append(Operations<Last, HaloBefore, Layers> so_far) {
        const auto i = static_cast<std::size_t>(so_far.count);
        so_far.first_layers[i] = P::index;
        so_far.halos_before[i] = Halo;
        return Operations<Single<P>, Halo, Layers>{so_far.first_layers, so_far.halos_before,
                                                   so_far.count + 1};
    }
};

/// The operation that computes `Operation` and then the layers from `Next` up to, but not including, `End`.
template <class Inferred, class Operation, int Halo, int Next, int End>
struct joined {
    using both =
        typename decltype(Operation::template absorb<typename Inferred::template at<Next>, Halo>())::type;
    static_assert(!std::is_void_v<both>, "this repeats what Fuse has decided");
    using type = typename joined<Inferred, both, Halo, Next + 1, End>::type;
};
template <class Inferred, class Operation, int Halo, int End>
struct joined<Inferred, Operation, Halo, End, End> {
    using type = Operation;
};

/// The operations of a network, in order.
template <class Inferred, bool Fusion>
struct Fused {
    static constexpr auto operations = hana::fold_left(
        typename Inferred::layers{}, Operations<void, 0, std::size_t{Inferred::count}>{}, Fuse<Fusion>{});
    static constexpr int count = operations.count;

    template <int I>
    static constexpr int first_layer =
        I < count ? operations.first_layers[static_cast<std::size_t>(I < count ? I : 0)] : Inferred::count;
    template <int I>
    using at = typename joined<Inferred, Single<typename Inferred::template at<first_layer<I>>>,
                               operations.halos_before[std::size_t{I}], first_layer<I> + 1,
                               first_layer<I + 1>>::type;
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
