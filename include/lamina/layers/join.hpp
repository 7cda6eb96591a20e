// Joins: layers that make one output of those of several branches. Sum and Product of equal shapes; Concat
// and Outputs are in append.hpp.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::joins {

/// Base of a layer that makes one output of those of several branches. Its `Operation` is a type with
///
///     name                                      for tables and messages
///     output<In...>                             the Shape of y, from those of the x
///     find_fault<Where, In...>()                refuses them by returning a `fault`
///     void forward(y, x...)                     y = f(x...)
///     void input_gradient<K>(store, dy, dx, x...)   the gradient of the K-th x, by store(dx, f, dy, x...):
///                                               f of their elements is written to dx, or added to it
///
/// and the same of a number of branches that is known at run time, with `dims` for shapes, and `x` an array
/// of so many views: `outputs`, `check`, `forward_all`, `gradient_of`. (A list of arguments has a fixed
/// length.)
template <class Operation, class... Branches>
struct Join {};

/// Takes the place of an input that lies where it belongs already.
template <class S>
struct InPlace {
    using shape = S;
};
template <class X>
inline constexpr bool is_in_place = false;
template <class S>
inline constexpr bool is_in_place<InPlace<S>> = true;

/// Of sum and product: all branches give the same shape.
struct OfOneShape {
    template <class In, class...>
    using output = In;

    template <class Where, class First, class... In>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return first_other<Where, First, 1, In...>();
    }

    [[nodiscard]] static dims outputs(const dims* in, int /*count*/) noexcept { return in[0]; }
    static void require_fit(const dims* in, int count, const auto& where) {
        for (int k = 1; k < count; ++k)
            where.expect(in[k] == in[0], "all branches of a Sum or a Product have outputs of the same shape",
                         "branch<", k, ">::gives<", in[k], ">::where_others_give<", in[0], ">");
    }

  protected:
    /// Any number of branches, known at run time, with `Operation::forward` for two.
    template <class Operation>
    static void forward_one_by_one(auto y, const auto* x, int count) noexcept {
        if (count == 1)
            kernels::copy(x[0], y);
        else
            Operation::forward(y, x[0], x[1]);
        for (int k = 2; k < count; ++k)
            Operation::forward(y, y, x[k]);
    }

  private:
    template <class Where, class First, int K>
    [[nodiscard]] static consteval auto first_other() noexcept {
        return none{};
    }
    template <class Where, class First, int K, class In, class... Rest>
    [[nodiscard]] static consteval auto first_other() noexcept {
        if constexpr (!std::is_same_v<First, In>)
            return fault<
                typename Where::template branch<K>::template gives<In>::template where_others_give<First>>{};
        else
            return first_other<Where, First, K + 1, Rest...>();
    }
};

/// y = x1 + x2 + ...        dx1 = dy, dx2 = dy, ...
struct Add : OfOneShape {
    static constexpr Text name = Text{} << "Sum";
    static constexpr bool is_sum = true;

    static constexpr void forward(auto y, auto... x) noexcept {
        kernels::map(
            y, [](auto... e) __attribute__((always_inline)) { return (e + ...); }, x...);
    }
    template <int K>
    static constexpr void input_gradient(auto store, auto dy, auto dx, auto...) noexcept {
        store(
            dx, [](auto g) __attribute__((always_inline)) { return g; }, dy);
    }

    static void forward_all(auto y, const auto* x, int count) noexcept {
        forward_one_by_one<Add>(y, x, count);
    }
    template <kernels::Store How>
    static void gradient_of(int /*k*/, auto dy, auto dx, const auto* /*x*/, int /*count*/) noexcept {
        kernels::map<How>(
            dx, [](auto g) __attribute__((always_inline)) { return g; }, dy);
    }
};

/// y = x1 x2 ...        dx1 = dy x2 ..., dx2 = dy x1 ..., ...
struct Multiply : OfOneShape {
    static constexpr Text name = Text{} << "Product";

    static constexpr void forward(auto y, auto... x) noexcept {
        kernels::map(
            y, [](auto... e) __attribute__((always_inline)) { return (e * ...); }, x...);
    }
    template <int K>
    static constexpr void input_gradient(auto store, auto dy, auto dx, auto... x) noexcept {
        store(
            dx, [](auto g, auto... e) __attribute__((always_inline)) {
                int k = 0;
                ((k++ == K ? void() : void(g = g * e)), ...);
                return g;
            },
            dy, x...);
    }

    static void forward_all(auto y, const auto* x, int count) noexcept {
        forward_one_by_one<Multiply>(y, x, count);
    }
    template <kernels::Store How>
    static void gradient_of(int k, auto dy, auto dx, const auto* x, int count) noexcept {
        if (count == 2)
            return kernels::map<How>(
                dx, [](auto g, auto e) __attribute__((always_inline)) { return g * e; }, dy, x[1 - k]);
        for (int i = 0; i < dx.size; ++i) {
            auto g = dy[i];
            for (int other = 0; other < count; ++other)
                g = other == k ? g : g * x[other][i];
            kernels::store<How>(dx[i], g);
        }
    }
};

} // namespace lamina::joins

LAMINA_END_IEEE
