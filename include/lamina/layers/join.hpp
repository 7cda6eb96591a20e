// What Sum, Product, Concat and Outputs compute from the outputs of their branches.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

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

/// y = x1, x2, ... one behind the other along the first axis: channels of images, elements of vectors.
struct Append {
    static constexpr Text name = Text{} << "Concat";
    /// Its branches may write their shares of y themselves: they are then `InPlace`.
    static constexpr bool is_concat = true;

    template <class S, int Count>
    struct with;
    template <int First, int... Rest, int Count>
    struct with<Shape<First, Rest...>, Count> {
        using type = Shape<Count, Rest...>;
        using rest = std::integer_sequence<int, Rest...>;
    };
    template <int Steps, int First, int Count>
    struct with<StreamBlock<Steps, Shape<First>>, Count> {
        using type = StreamBlock<Steps, Shape<Count>>;
        using rest = StreamBlock<Steps, Shape<1>>;
    };
    template <int Steps, int First, int Count>
    struct with<Sequence<Steps, Shape<First>>, Count> {
        using type = Sequence<Steps, Shape<Count>>;
        using rest = Sequence<Steps, Shape<1>>;
    };
    template <class First, class... In>
    using output = typename with<First, (First::extents[0] + ... + In::extents[0])>::type;

    template <class Where, class First, class... In>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return first_other<Where, First, 1, In...>();
    }

    static constexpr void forward(auto y, auto... x) noexcept {
        int first = 0;
        const auto put = [&](auto part) {
            if constexpr (!is_in_place<decltype(part)>)
                kernels::map_part(
                    y, first, part, [](auto& whole, auto e) __attribute__((always_inline)) { whole = e; });
            first += decltype(part)::shape::extents[0];
        };
        (put(x), ...);
    }
    template <int K>
    static constexpr void input_gradient(auto store, auto dy, auto dx, auto... x) noexcept {
        int first = 0, k = 0;
        ((first += k++ < K ? decltype(x)::shape::extents[0] : 0), ...);
        store.part(dx, dy, first);
    }

    [[nodiscard]] static dims outputs(const dims* in, int count) noexcept {
        dims out = in[0];
        for (int k = 1; k < count; ++k)
            out.extent[0] += in[k].extent[0];
        return out;
    }
    static void require_fit(const dims* in, int count, const auto& where) {
        for (int k = 1; k < count; ++k) {
            dims alike = in[k];
            alike.extent[0] = in[0].extent[0];
            where.expect(
                alike == in[0],
                "the outputs of a Concat's branches differ in their first extent alone: all have the "
                "same height and width, or length",
                "branch<", k, ">::gives<", in[k], ">::beside<", in[0], ">");
        }
    }
    /// What lies where it belongs already is left there.
    static void forward_all(auto y, const auto* x, int count) noexcept {
        for (int k = 0, first = 0; k < count; ++k) {
            if (x[k].data() != first_of(y, first))
                kernels::map_part(
                    y, first, x[k], [](auto& whole, auto e) __attribute__((always_inline)) { whole = e; });
            first += x[k].geometry().extents.extent[0];
        }
    }
    template <kernels::Store How>
    static void gradient_of(int k, auto dy, auto dx, const auto* x, int /*count*/) noexcept {
        int first = 0;
        for (int other = 0; other < k; ++other)
            first += x[other].geometry().extents.extent[0];
        kernels::map_part(
            dy, first, dx,
            [](const auto& from, auto& to) __attribute__((always_inline)) { kernels::store<How>(to, from); });
    }

  private:
    /// Where the part begins that has that index on the first axis.
    [[nodiscard]] static auto* first_of(auto y, int index) noexcept {
        const auto& g = y.geometry();
        return g.extents.rank == 3 ? y.at(index, 0, 0)
                                   : y.data() + std::ptrdiff_t{index} * (y.size / g.extents.extent[0]);
    }
    template <class Where, class First, int K>
    [[nodiscard]] static consteval auto first_other() noexcept {
        return none{};
    }
    template <class Where, class First, int K, class In, class... Rest>
    [[nodiscard]] static consteval auto first_other() noexcept {
        if constexpr (!std::is_same_v<typename with<First, 1>::rest, typename with<In, 1>::rest>)
            return fault<typename Where::template branch<K>::template gives<In>::template beside<First>>{};
        else
            return first_other<Where, First, K + 1, Rest...>();
    }
};

/// Base of Outputs: y = x1, x2, ... one behind the other, each flattened.
struct AppendFlat {
    static constexpr Text name = Text{} << "Outputs";
    static constexpr bool is_outputs = true;

    template <class... In>
    using output = Shape<(0 + ... + In::size)>;

    template <class Where, class... In>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return none{};
    }

    static constexpr void forward(auto y, auto... x) noexcept {
        int first = 0;
        (([&] {
             kernels::map_part(
                 y, first, x, [](auto& whole, auto e) __attribute__((always_inline)) { whole = e; });
             first += x.size;
         }()),
         ...);
    }
    template <int K>
    static constexpr void input_gradient(auto store, auto dy, auto dx, auto... x) noexcept {
        int first = 0, k = 0;
        ((first += k++ < K ? x.size : 0), ...);
        store.part(dx, dy, first);
    }

    [[nodiscard]] static dims outputs(const dims* in, int count) noexcept {
        std::size_t size = 0;
        for (int k = 0; k < count; ++k)
            size += in[k].size();
        return {size};
    }
    static void require_fit(const dims* /*in*/, int /*count*/, const auto& /*where*/) noexcept {}
    static void forward_all(auto y, const auto* x, int count) noexcept {
        for (int k = 0, first = 0; k < count; first += x[k++].size)
            kernels::map_part(
                y, first, x[k], [](auto& whole, auto e) __attribute__((always_inline)) { whole = e; });
    }
    template <kernels::Store How>
    static void gradient_of(int k, auto dy, auto dx, const auto* x, int /*count*/) noexcept {
        int first = 0;
        for (int other = 0; other < k; ++other)
            first += x[other].size;
        kernels::map_part(
            dy, first, dx,
            [](const auto& from, auto& to) __attribute__((always_inline)) { kernels::store<How>(to, from); });
    }
};

} // namespace lamina::joins

LAMINA_END_IEEE
