// Elementwise: the base of activations, which apply a formula to each element.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/problem.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Base of a layer y(i) = value(x(i)) whose derivative is a function of its output: dx(i) = slope(y(i)) *
/// dy(i). `Activation` derives from `Elementwise<Activation>` and has, for any Element E,
///     static constexpr E value(E x);
///     static constexpr E slope(E y);
/// If it never decreases, it may say so: then value(max x) = max value(x), which fusion uses:
///     static constexpr bool never_decreases = true;
/// A rectifier also has `negative_slope`, which asks for He initialisation of the layer before it.
template <class Activation>
struct Elementwise {
    static constexpr bool is_activation = true;

    template <class In>
    using output = In;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        using T = std::remove_cv_t<typename Where::type>;
        if constexpr (!std::is_same_v<Activation, T>)
            return fault<typename Where::template is_elementwise<Activation>::instead_of_itself>{};
        else if constexpr (!requires(float x) { Activation::value(x); })
            return fault<typename Where::has_no_value>{};
        else if constexpr (!requires(float y) { Activation::slope(y); })
            return fault<typename Where::has_no_slope>{};
        else
            return none{};
    }

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        kernels::map(
            y, [](auto e) __attribute__((always_inline)) { return Activation::value(e); }, x);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto y, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::map<How>(
            dx, [](auto g, auto e) __attribute__((always_inline)) { return g * Activation::slope(e); }, dy,
            y);
    }
};

} // namespace lamina

LAMINA_END_IEEE
