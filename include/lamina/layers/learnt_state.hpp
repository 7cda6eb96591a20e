// LearntState: a recurrent layer whose states before the first step are parameters.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/layers/recurrent.hpp>
#include <lamina/pack.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/problem.hpp>

#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

struct AroundLearntState {
    static constexpr std::string_view word = "LearntState";
};
/// The number of units as a number.
template <class Cell>
struct LearntStateNumbers : RecurrentNumbersWithin<Cell, AroundLearntState> {
    using Base = RecurrentNumbersWithin<Cell, AroundLearntState>;
    using Base::Base;

    [[nodiscard]] dims tensor(std::string_view name, const dims& in) const noexcept {
        return name.ends_with("_0") ? dims{this->units} : Base::tensor(name, in);
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of `LearntState`: `Arguments` are constants or numbers.
template <class Cell, class Arguments>
struct LearntStateOf : RecurrentOf<Cell, Arguments> {
    using Base = RecurrentOf<Cell, Arguments>;
    using Base::Base;

    template <class In>
    using of_units =
        std::conditional_t<std::is_same_v<In, AnyShape>, AnyShape, Shape<Arguments::constant_units>>;

    template <class In, class T>
    struct trained : Base::template trained<In, T> {
        View<T, of_units<In>> h_0, c_0; // a GRU has no c

        static constexpr void fields(auto& list, auto f) {
            Base::template trained<In, T>::fields(list, f);
            f("h_0", list.h_0, initial::constant{0});
            if constexpr (Cell::has_cell_state)
                f("c_0", list.c_0, initial::constant{0});
        }
    };
    /// Besides: which lanes begin with the learnt states (1, or 0). If extents are numbers, all do, and the
    /// memory for states holds the gradients, and the states.
    template <class In, class E>
    struct saved : Base::template saved<In, E> {
        View<E, Shape<1>> begins;

        static constexpr void fields(auto& list, auto f) {
            Base::template saved<In, E>::fields(list, f);
            f("begins", list.begins);
        }
    };
    template <class E>
    struct saved<AnyShape, E> : Base::template saved<AnyShape, E> {};
    /// Besides: 0 before the first step, then 1.
    template <class In, class E>
    struct carried : Base::template carried<In, E> {
        View<E, Shape<1>> begun;

        static constexpr void fields(auto& list, auto f) {
            Base::template carried<In, E>::fields(list, f);
            f("begun", list.begun);
        }
    };

    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        if constexpr (Base::template goes_on<decltype(y), decltype(pass)>)
            begin(p, pass);
        Base::forward(x, p, y, pass);
    }
    constexpr void prepare_gradients(auto x, auto y, auto dy, auto p, auto pass) const noexcept {
        using E = typename decltype(dy)::element;
        E* const gradients = pass.saved.states.data();
        E* const before = before_at(pass);
        if constexpr (!kernels::ConstantExtents<decltype(y)>) {
            for (int u = 0; u < 2 * p.h_0.size; ++u)
                gradients[u] = E(scalar_of<E>(0));
            Base::begin_with(p, before);
        }
        kernels::recurrent_back_through_time<Cell>(x, y, dy, Base::weights_of(p), before, gradients,
                                                   pass.saved.gates.data());
    }
    constexpr void parameter_gradient(auto x, auto y, auto /*dy*/, auto dp, auto pass) const noexcept {
        using E = typename decltype(y)::element;
        kernels::recurrent_parameter_gradient<Cell>(x, y, before_at(pass), pass.saved.gates.data(),
                                                    Base::gradients_of(dp), false);
        const auto* const gradients = pass.saved.states.data();
        const int H = dp.h_0.size;
        std::remove_const_t<E> counts(scalar_of<E>(1));
        if constexpr (requires { pass.saved.begins; })
            counts = pass.saved.begins[0];
        for (int u = 0; u < H; ++u) {
            dp.h_0[u] += lane_sum(gradients[u] * counts);
            if constexpr (Cell::has_cell_state)
                dp.c_0[u] += lane_sum(gradients[H + u] * counts);
        }
    }

  private:
    /// Puts the learnt states where nothing has begun yet.
    static constexpr void begin(const auto& p, auto pass) noexcept {
        using E = std::remove_cvref_t<decltype(pass.saved.begun[0])>;
        const E begun = pass.saved.begun[0], zero(scalar_of<E>(0)), one(scalar_of<E>(1));
        E* const states = pass.saved.states.data();
        if constexpr (pass.training) {
            E learnt[std::size_t{2 * Arguments::constant_units}] = {};
            Base::begin_with(p, static_cast<E*>(learnt));
            for (int k = 0; k < 2 * Arguments::constant_units; ++k)
                states[k] = select(begun > zero, states[k], learnt[k]);
            pass.saved.begins[0] = one - begun;
        } else if (!(begun > zero)) { // a stream
            Base::begin_with(p, states);
        }
        pass.saved.begun[0] = one;
    }
    [[nodiscard, gnu::always_inline]] static constexpr auto* before_at(const auto& pass) noexcept {
        if constexpr (requires { pass.saved.before; })
            return pass.saved.before.data();
        else
            return pass.saved.states.data() + pass.saved.states.size / 2;
    }
};

/// Base of `LearntState` with numbers for arguments.
template <class Cell>
struct LearntStateByNumbers : LearntStateOf<Cell, detail::LearntStateNumbers<Cell>> {
    using LearntStateOf<Cell, detail::LearntStateNumbers<Cell>>::LearntStateOf;
};

} // namespace lamina::layer_bases

namespace lamina {

/// A recurrent layer that begins a sequence with states that it learns, where others begin with zero.
///
///     h' = h_0 and c' = c_0 at the first step, then as `Layer`
///
/// A window of `data::Recordings` that goes on where another ended begins with that state, which moves
/// neither h_0 nor c_0. A `Stream` begins with them, also after `reset`.
///
/// Arguments: `Layer`, a recurrent layer: `LSTM` or `GRU`, of H units.
///
/// Shapes: x a sequence C,L; y H,L.
///
/// Parameters: those of `Layer`, h_0 H and, of an `LSTM`, c_0 H, which begin as zero.
///
/// Errors: those of `Layer`; another layer does not compile.
///
/// PyTorch: `torch.nn.LSTM(C, H)` with two `nn.Parameter`s given as (h_0, c_0).
///
/// Source: the LSTM of Neural Amp Modeler has such states.
///
/// Example:
///
///     using Amplifier = ln::Net<ln::LearntState<ln::LSTM<24>>, ln::Dense<1>>;
///     using Model = ln::Model<Amplifier, ln::Sequence<64, ln::Shape<1>>>;
///     static_assert(Model::layers[0].parameters == 4 * 24 * (1 + 24 + 2) + 2 * 24);
///     Model model{ln::seed{42}};
template <class Layer>
struct LearntState
    : layer_bases::LearntStateOf<typename Layer::cell, layer_bases::RecurrentConstants<Layer::units>> {
    using by_numbers = typename Layer::template by_numbers_of<layer_bases::LearntStateByNumbers>;
    static constexpr Text name = Text{} << "LearntState<" << std::string_view{Layer::name} << ">";

    template <class In>
    using output = typename Layer::template output<In>;
    template <class In>
    static constexpr long long macs = Layer::template macs<In>;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return Layer::template find_fault<In, Where>();
    }
};

/// Of a layer that is not recurrent, LearntState is the error that says so.
template <class Layer>
    requires(!requires { typename Layer::cell; })
struct LearntState<Layer> {
    static constexpr Text name = Text{} << "LearntState";

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename Where::is_not_of_a_recurrent_layer>{};
    }
};

} // namespace lamina

LAMINA_END_IEEE
