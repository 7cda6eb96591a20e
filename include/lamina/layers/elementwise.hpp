// Elementwise: the base of activations, which apply a formula to each element.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/problem.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Base of a layer y(i) = value(x(i)). `Activation` derives from `Elementwise<Activation>` and has, for any
/// Element E, the value and the derivative. The derivative is a function of the output or of the input:
///     static constexpr E value(E x);
///     static constexpr E slope(E y);             dx(i) = slope(y(i)) * dy(i)
///     static constexpr E slope_of_input(E x);    dx(i) = slope_of_input(x(i)) * dy(i)
/// `slope` costs less where it can be written: the layer before then applies the activation to its results,
/// and x is not kept for backward.
/// If it never decreases, it may say so: then value(max x) = max value(x), which fusion uses:
///     static constexpr bool never_decreases = true;
/// With `negative_slope` the layer before it gets He's initial weights. It is the slope of a rectifier below
/// zero; 0 for what is like a ReLU far from zero.
template <class Activation>
struct Elementwise {
    static constexpr bool is_activation = true;
    static constexpr Sees sees = Sees::step;

    template <class In>
    using output = In;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        using T = std::remove_cv_t<typename Where::type>;
        if constexpr (!std::is_same_v<Activation, T>)
            return fault<typename Where::template is_elementwise<Activation>::instead_of_itself>{};
        else if constexpr (!requires(float x) { Activation::value(x); })
            return fault<typename Where::has_no_value>{};
        else if constexpr (!has_slope<Activation> && !has_slope_of_input<Activation>)
            return fault<typename Where::has_no_slope>{};
        else if constexpr (has_slope<Activation> && has_slope_of_input<Activation>)
            return fault<typename Where::has_two_slopes>{};
        else
            return none{};
    }

    constexpr void forward(auto x, auto /*p*/, auto y) const noexcept {
        kernels::map(
            y, [f = own()](auto e) __attribute__((always_inline)) { return f.value(e); }, x);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto x, auto y, auto dy, auto /*p*/, auto dx) const noexcept {
        if constexpr (has_slope<Activation>)
            kernels::map<How>(
                dx, [f = own()](auto g, auto e) __attribute__((always_inline)) { return g * f.slope(e); }, dy,
                y);
        else
            kernels::map<How>(
                dx,
                [f = own()](auto g, auto e)
                    __attribute__((always_inline)) { return g * f.slope_of_input(e); },
                dy, x);
    }

  private:
    template <class A>
    static constexpr bool has_slope = requires(const A& a, float y) {
        a.slope(y);
    };
    template <class A>
    static constexpr bool has_slope_of_input = requires(const A& a, float x) {
        a.slope_of_input(x);
    };
    /// Of an activation whose arguments are numbers, this object. (Inlined always, because its name does not
    /// tell the target: see abi.hpp.)
    [[nodiscard, gnu::always_inline]] constexpr Activation own() const noexcept {
        return static_cast<const Activation&>(*this);
    }
};

} // namespace lamina

LAMINA_END_IEEE
