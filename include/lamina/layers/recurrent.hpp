// What LSTM and GRU have in common.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/recurrent.hpp>
#include <lamina/kernels/recurrent_gradient.hpp>
#include <lamina/layers/recurrent_arguments.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::layer_bases {

/// Base of recurrent layers: `Arguments` are constants or numbers.
template <class Cell, class Arguments>
struct RecurrentOf : Arguments {
    using Arguments::Arguments;

    template <class In>
    using shapes = detail::RecurrentShapes<In, Arguments::constant_units, Cell::gates, Cell::saved>;

    /// PyTorch's tensors and names; the products of x and those of h have a bias each.
    template <class In, class T>
    struct trained {
        View<T, typename shapes<In>::input> weight_ih_l0;
        View<T, typename shapes<In>::hidden> weight_hh_l0;
        View<T, typename shapes<In>::bias> bias_ih_l0, bias_hh_l0;

        static constexpr void fields(auto& list, auto f) {
            f("weight_ih_l0", list.weight_ih_l0, initial_weight<In>());
            f("weight_hh_l0", list.weight_hh_l0, initial_weight<AnyShape>());
            f("bias_ih_l0", list.bias_ih_l0, initial::constant{0});
            f("bias_hh_l0", list.bias_hh_l0, initial::constant{0});
        }
    };
    /// The gates of all steps, and the states before the first; or, if extents are numbers, memory for
    /// states.
    template <class In, class E>
    struct saved {
        View<E, typename shapes<In>::saved> gates;
        View<E, Shape<2 * Arguments::constant_units>> before;

        static constexpr void fields(auto& list, auto f) {
            f("gates", list.gates);
            f("before", list.before);
        }
    };
    template <class E>
    struct saved<AnyShape, E> {
        View<E, AnyShape> gates, states;

        static constexpr void fields(auto& list, auto f) {
            f("gates", list.gates);
            f("states", list.states);
        }
    };

    /// The states after the last step; in backward their gradients, which become those before the first.
    template <class In, class E>
    struct carried {
        View<E, Shape<4 * Arguments::constant_units>> states;

        static constexpr void fields(auto& list, auto f) { f("states", list.states); }
    };

    static constexpr bool weight_ends_in_outputs = true, saves_for_backward_alone = true, takes_halo = true;
    static constexpr Sees sees = Sees::past;
    static constexpr int steps_before = -1; // all
    static constexpr bool carries_gradients = true, carries_saved = true;
    static constexpr Order one_sample_order = Order::channels_last;

    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        using E = typename decltype(y)::element;
        E* gates = nullptr;
        if constexpr (pass.training)
            gates = pass.saved.gates.data();
        constexpr bool continues = goes_on<decltype(y), decltype(pass)>;
        const auto from = [&](E * states) __attribute__((always_inline)) {
            if constexpr (!continues && requires { p.h_0; })
                if (begins<decltype(y)>(pass))
                    begin_with(p, states);
            kernels::recurrent<Cell>(x, weights_of(p), y, states, gates,
                                     pass.training ? 0 : pass.samples.step);
        };
        if constexpr (continues) {
            if constexpr (pass.training)
                for (int i = 0; i < pass.saved.before.size; ++i)
                    pass.saved.before[i] = pass.saved.states[i];
            from(pass.saved.states.data());
        } else {
            with_zeros<E>(y, pass, from);
        }
    }
    constexpr void prepare_gradients(auto x, auto y, auto dy, auto p, auto pass) const noexcept {
        if constexpr (!kernels::ConstantExtents<decltype(y)>)
            fill_with_zeros(pass.saved.states);
        kernels::recurrent_back_through_time<Cell>(x, y, dy, weights_of(p), states_before(pass),
                                                   pass.saved.states.data(), pass.saved.gates.data());
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto y, auto /*dy*/, auto p, auto dx,
                                  auto pass) const noexcept {
        kernels::recurrent_input_gradient<Cell, How>(dx, y, weights_of(p), pass.saved.gates.data());
    }
    constexpr void parameter_gradient(auto x, auto y, auto /*dy*/, auto dp, auto pass) const noexcept {
        kernels::recurrent_parameter_gradient<Cell>(x, y, states_before(pass), pass.saved.gates.data(),
                                                    gradients_of(dp), false);
    }

  protected:
    /// Whether forward begins with states that are carried.
    template <class Y, class Pass>
    static constexpr bool goes_on = [] {
        if constexpr (kernels::ConstantExtents<Y>)
            return Pass::training || StreamShape<typename Y::shape>;
        else
            return false;
    }();

    /// Whether forward begins a sequence. With extents as numbers a stream goes on with the states that it
    /// saved.
    template <class Y>
    [[nodiscard]] static constexpr bool begins(const auto& pass) noexcept {
        return kernels::ConstantExtents<Y> || pass.training || pass.samples.step == 0;
    }

    /// The states that a `LearntState` begins with.
    template <class E>
    [[gnu::always_inline]] static constexpr void begin_with(const auto& p, E* states) noexcept {
        const int units = p.h_0.size;
        for (int u = 0; u < units; ++u) {
            states[u] = E(p.h_0[u]);
            if constexpr (Cell::has_cell_state)
                states[units + u] = E(p.c_0[u]);
        }
    }
    [[nodiscard, gnu::always_inline]] static constexpr auto weights_of(const auto& p) noexcept {
        return kernels::RecurrentWeights{p.weight_ih_l0.data(), p.weight_hh_l0.data(), p.bias_ih_l0.data(),
                                         p.bias_hh_l0.data()};
    }
    [[nodiscard, gnu::always_inline]] static constexpr auto gradients_of(const auto& dp) noexcept {
        return kernels::RecurrentGradients{dp.weight_ih_l0.data(), dp.weight_hh_l0.data(),
                                           dp.bias_ih_l0.data(), dp.bias_hh_l0.data()};
    }

  private:
    static constexpr void fill_with_zeros(auto states) noexcept {
        using E = typename decltype(states)::element;
        for (int i = 0; i < states.size; ++i)
            states[i] = E(scalar_of<E>(0));
    }
    /// f(memory for states, which begin as zero).
    template <class E>
    static constexpr void with_zeros(const auto& y, const auto& pass, auto f) noexcept {
        using Y = std::remove_cvref_t<decltype(y)>;
        if constexpr (!kernels::ConstantExtents<Y>) {
            if (begins<Y>(pass))
                fill_with_zeros(pass.saved.states);
            f(pass.saved.states.data());
        } else {
            E states[std::size_t{4 * Y::layout::channels}];
            for (E& e : states)
                e = E(scalar_of<E>(0));
            f(static_cast<E*>(states));
        }
    }
    /// The states before the first step; null if they are zero.
    [[nodiscard, gnu::always_inline]] static constexpr auto states_before(const auto& pass) noexcept {
        if constexpr (requires { pass.saved.before; })
            return pass.saved.before.data();
        else
            return static_cast<decltype(pass.saved.gates.data())>(nullptr);
    }
    template <class In>
    [[nodiscard, gnu::always_inline]] static constexpr initial::drawn initial_weight() noexcept {
        if constexpr (requires { In::extents; })
            return {In::extents.extent[0], Arguments::constant_units};
        else
            return {Arguments::constant_units, Arguments::constant_units};
    }
};

/// Base of recurrent layers with numbers for arguments.
template <class Cell>
struct RecurrentByNumbers : RecurrentOf<Cell, detail::RecurrentNumbers<Cell>> {
    using RecurrentOf<Cell, detail::RecurrentNumbers<Cell>>::RecurrentOf;
};

/// Base of recurrent layers: their number of units as a constant.
template <int Units>
struct RecurrentConstants {
    static constexpr int constant_units = Units;
};

/// Base of recurrent layers with constants for arguments: the rules of shapes. The arguments besides `Units`
/// may not fit: whoever writes LSTM<1, 16> is told.
template <class Cell, int Units, bool ArgumentsFit>
struct Recurrent : RecurrentOf<Cell, RecurrentConstants<Units>> {
    using cell = Cell;
    static constexpr int units = Units;
    template <template <class> class Of>
    using by_numbers_of = Of<Cell>;
    using by_numbers = RecurrentByNumbers<Cell>;
    static constexpr Text name = named(Cell::name, Units);

    template <class In>
    using output = detail::with_steps<In, Shape<Units>>;
    template <class In>
    static constexpr long long macs = [] {
        const long long steps = In::extents.extent[1], inputs = In::extents.extent[0];
        return steps * Cell::gates * Units * (inputs + Units);
    }();

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (!ArgumentsFit)
            return fault<typename Where::takes_its_units_without_inputs>{};
        else if constexpr (Units < 1)
            return fault<typename Where::template units<Units>::must_be_positive>{};
        else if constexpr (In::rank != 2)
            return fault<typename Where::template input<In>::is_not_a_sequence>{};
        else if constexpr (!detail::recurrent_fits_an_int<Cell>(In::extents, Units))
            return fault<typename Where::template units<Units>::are_too_many>{};
        else
            return none{};
    }
};

} // namespace lamina::layer_bases

LAMINA_END_IEEE
