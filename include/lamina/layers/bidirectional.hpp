// Bidirectional: a recurrent layer along a sequence, and another one against it.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/along_time.hpp>
#include <lamina/layers/recurrent.hpp>
#include <lamina/problem/problem.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::layer_bases {

/// Base of `Bidirectional`: `Arguments` are constants or numbers.
template <class Cell, class Arguments>
struct BidirectionalOf : Arguments {
    using Arguments::Arguments;

    template <class In>
    using shapes = detail::RecurrentShapes<In, Arguments::constant_units, Cell::gates, 2 * Cell::saved>;

    /// PyTorch's tensors and names.
    template <class In, class T>
    struct trained {
        View<T, typename shapes<In>::input> weight_ih_l0, weight_ih_l0_reverse;
        View<T, typename shapes<In>::hidden> weight_hh_l0, weight_hh_l0_reverse;
        View<T, typename shapes<In>::bias> bias_ih_l0, bias_hh_l0, bias_ih_l0_reverse, bias_hh_l0_reverse;

        static constexpr void fields(auto& list, auto f) {
            constexpr int units = Arguments::constant_units;
            constexpr initial::drawn of_hidden{units, units}, of_input{inputs<In>(), units};
            f("weight_ih_l0", list.weight_ih_l0, of_input);
            f("weight_hh_l0", list.weight_hh_l0, of_hidden);
            f("bias_ih_l0", list.bias_ih_l0, initial::constant{0});
            f("bias_hh_l0", list.bias_hh_l0, initial::constant{0});
            f("weight_ih_l0_reverse", list.weight_ih_l0_reverse, of_input);
            f("weight_hh_l0_reverse", list.weight_hh_l0_reverse, of_hidden);
            f("bias_ih_l0_reverse", list.bias_ih_l0_reverse, initial::constant{0});
            f("bias_hh_l0_reverse", list.bias_hh_l0_reverse, initial::constant{0});
        }
    };
    /// The gates of all steps, of both directions one behind the other; if extents are numbers, also the
    /// states.
    template <class In, class E>
    struct saved {
        View<E, typename shapes<In>::saved> gates;

        static constexpr void fields(auto& list, auto f) { f("gates", list.gates); }
    };
    template <class E>
    struct saved<AnyShape, E> {
        View<E, AnyShape> gates, states;

        static constexpr void fields(auto& list, auto f) {
            f("gates", list.gates);
            f("states", list.states);
        }
    };

    static constexpr bool weight_ends_in_outputs = true, saves_for_backward_alone = true, takes_halo = true;
    static constexpr Sees sees = Sees::all;
    static constexpr Order one_sample_order = Order::channels_last;

    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        in_direction<Way::forward>(x, p, y, pass);
        in_direction<Way::reverse>(x, p, y, pass);
    }
    constexpr void prepare_gradients(auto x, auto y, auto dy, auto p, auto pass) const noexcept {
        back_through_time<Way::forward>(x, y, dy, p, pass);
        back_through_time<Way::reverse>(x, y, dy, p, pass);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto y, auto /*dy*/, auto p, auto dx,
                                  auto pass) const noexcept {
        of_input<Way::forward, How>(dx, y, p, pass);
        of_input<Way::reverse, kernels::Store::add>(dx, y, p, pass);
    }
    constexpr void parameter_gradient(auto x, auto y, auto /*dy*/, auto dp, auto pass) const noexcept {
        of_parameters<Way::forward>(x, y, dp, pass);
        of_parameters<Way::reverse>(x, y, dp, pass);
    }

  private:
    using Way = kernels::Direction;
    template <Way W>
    static constexpr int index = W == Way::forward ? 0 : 1;

    template <class In>
    [[nodiscard, gnu::always_inline]] static constexpr int inputs() noexcept {
        if constexpr (requires { In::extents; })
            return In::extents.extent[0];
        else
            return Arguments::constant_units;
    }

    template <Way W>
    [[gnu::always_inline]] static constexpr void in_direction(auto x, auto p, auto y, auto pass) noexcept {
        using E = typename decltype(y)::element;
        const auto share = half<W>(y);
        E* gates = nullptr;
        if constexpr (pass.training)
            gates = gates_of<W>(share, pass);
        with_zeros<4, E>(
            share, pass, [&](E * states) __attribute__((always_inline)) {
                kernels::recurrent<Cell>(whole<W>(x), weights_of<W>(p), share, states, gates);
            });
    }
    template <Way W>
    [[gnu::always_inline]] static constexpr void back_through_time(auto x, auto y, auto dy, auto p,
                                                                   auto pass) noexcept {
        using E = typename decltype(dy)::element;
        const auto share = half<W>(y);
        with_zeros<2, E>(
            share, pass, [&](E * states) __attribute__((always_inline)) {
                kernels::recurrent_back_through_time<Cell>(whole<W>(x), share, half<W>(dy), weights_of<W>(p),
                                                           nullptr, states, gates_of<W>(share, pass));
            });
    }
    template <Way W, kernels::Store How>
    [[gnu::always_inline]] static constexpr void of_input(auto dx, auto y, auto p, auto pass) noexcept {
        const auto share = half<W>(y);
        kernels::recurrent_input_gradient<Cell, How>(whole<W>(dx), share, weights_of<W>(p),
                                                     gates_of<W>(share, pass));
    }
    template <Way W>
    [[gnu::always_inline]] static constexpr void of_parameters(auto x, auto y, auto dp, auto pass) noexcept {
        const auto share = half<W>(y);
        kernels::recurrent_parameter_gradient<Cell>(
            whole<W>(x), share, nullptr, gates_of<W>(share, pass),
            of_direction<W>(
                dp, [](auto*... tensors)
                        __attribute__((always_inline)) { return kernels::RecurrentGradients{tensors...}; }),
            false);
    }

    /// All channels of x; the first half of y's, or the second.
    template <Way W>
    [[nodiscard, gnu::always_inline]] static constexpr auto whole(const auto& x) noexcept {
        return kernels::along_time<W, 1>(x, 0);
    }
    template <Way W>
    [[nodiscard, gnu::always_inline]] static constexpr auto half(const auto& y) noexcept {
        return kernels::along_time<W, 2>(y, index<W>);
    }
    template <Way W>
    [[nodiscard, gnu::always_inline]] static constexpr auto* gates_of(const auto& share,
                                                                      const auto& pass) noexcept {
        const auto g = share.geometry();
        return pass.saved.gates.data() + index<W> * (std::ptrdiff_t{Cell::saved} * g.channels * g.width);
    }
    /// f(the four tensors of a direction).
    template <Way W>
    [[nodiscard, gnu::always_inline]] static constexpr auto of_direction(const auto& p, auto f) noexcept {
        if constexpr (W == Way::forward)
            return f(p.weight_ih_l0.data(), p.weight_hh_l0.data(), p.bias_ih_l0.data(), p.bias_hh_l0.data());
        else
            return f(p.weight_ih_l0_reverse.data(), p.weight_hh_l0_reverse.data(),
                     p.bias_ih_l0_reverse.data(), p.bias_hh_l0_reverse.data());
    }
    template <Way W>
    [[nodiscard, gnu::always_inline]] static constexpr auto weights_of(const auto& p) noexcept {
        return of_direction<W>(
            p, [](auto*... tensors)
                   __attribute__((always_inline)) { return kernels::RecurrentWeights{tensors...}; });
    }
    /// f(memory for the states of a direction, which are zero).
    template <int Count, class E>
    static constexpr void with_zeros(const auto& share, const auto& pass, auto f) noexcept {
        using Y = std::remove_cvref_t<decltype(share)>;
        const auto clear = [](E * states, int count) __attribute__((always_inline)) {
            for (int i = 0; i < count; ++i)
                states[i] = E(scalar_of<E>(0));
        };
        if constexpr (kernels::ConstantExtents<Y>) {
            E states[std::size_t{Count * Y::layout::channels}];
            clear(states, Count * Y::layout::channels);
            f(static_cast<E*>(states));
        } else {
            E* const states = pass.saved.states.data();
            clear(states, pass.saved.states.size);
            f(states);
        }
    }
};

/// Base of `Bidirectional` with numbers for arguments.
template <class Cell>
struct BidirectionalByNumbers : BidirectionalOf<Cell, detail::BidirectionalNumbers<Cell>> {
    using BidirectionalOf<Cell, detail::BidirectionalNumbers<Cell>>::BidirectionalOf;
};

} // namespace lamina::layer_bases

namespace lamina {

/// A recurrent layer along the sequence, and one of the same kind against it, with parameters of its own.
///
///     y(t) = forward(x)(t), then reverse(x)(t)        reverse(x)(t) = layer(x(L - 1), ..., x(0))(L - 1 - t)
///
/// Each step knows what comes before it and what comes after. Such a network has no `Stream`, because a
/// stream knows no later steps. At the last step, which `Last` takes, the reverse layer has seen that step
/// alone: for one answer take `GlobalAvgPool` or `GlobalMaxPool`.
///
/// Arguments: `Layer`, a recurrent layer: `LSTM` or `GRU`, of H units.
///
/// Shapes: x a sequence C,L; y 2H,L: H channels of the forward layer, then H of the reverse one.
///
/// Parameters: those of `Layer`, and the same again under the names weight_ih_l0_reverse,
/// weight_hh_l0_reverse, bias_ih_l0_reverse and bias_hh_l0_reverse.
///
/// Errors: those of `Layer`; another layer does not compile, nor does a stream.
///
/// PyTorch: `torch.nn.LSTM(C, H, bidirectional=True)`, whose steps come first.
///
/// Source: Schuster & Paliwal, "Bidirectional Recurrent Neural Networks", IEEE Transactions on Signal
/// Processing 45(11), 1997.
///
/// Example:
///
///     using Topology = ln::Net<ln::Bidirectional<ln::GRU<16>>, ln::GlobalAvgPool, ln::Dense<10>>;
///     using Model = ln::Model<Topology, ln::Sequence<28, ln::Shape<28>>>;
///     static_assert(Model::layers[0].output == ln::dims::sequence(28, 32));
///     static_assert(Model::layers[0].parameters == 2 * 3 * 16 * (28 + 16 + 2));
///     Model model{ln::seed{42}};
template <class Layer>
struct Bidirectional
    : layer_bases::BidirectionalOf<typename Layer::cell, layer_bases::RecurrentConstants<Layer::units>> {
    using by_numbers = typename Layer::template by_numbers_of<layer_bases::BidirectionalByNumbers>;
    static constexpr Text name = Text{} << "Bidirectional<" << std::string_view{Layer::name} << ">";

    template <class In>
    using output = detail::with_steps<In, Shape<2 * Layer::units>>;
    template <class In>
    static constexpr long long macs = 2 * Layer::template macs<In>;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        using Cell = typename Layer::cell;
        using Fault = decltype(Layer::template find_fault<In, Where>());
        if constexpr (!std::is_same_v<Fault, none>) {
            return Fault{};
        } else {
            constexpr long long numbers = 2LL * Cell::saved * Layer::units;
            if constexpr (numbers > 2'147'483'647 / In::extents.extent[1])
                return fault<typename Where::template units<Layer::units>::are_too_many>{};
            else
                return none{};
        }
    }
};

/// Of a layer that is not recurrent, Bidirectional is the error that says so.
template <class Layer>
    requires(!requires { typename Layer::cell; })
struct Bidirectional<Layer> {
    static constexpr Text name = Text{} << "Bidirectional";

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename Where::is_not_of_a_recurrent_layer>{};
    }
};

} // namespace lamina

LAMINA_END_IEEE
