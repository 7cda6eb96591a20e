// What Concat and Outputs compute: the outputs of their branches, one behind the other.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::joins {

/// y = x1, x2, ... one behind the other along the first axis: channels of images, elements of vectors.
struct Append {
    static constexpr Text name = Text{} << "Concat";
    /// Its branches may write their shares of y themselves: they are then `InPlace`.
    static constexpr bool is_concat = true;

    /// The extents of S with another one in front.
    template <class S, int Count>
    static constexpr dims beginning_with = [] {
        dims d = S::extents;
        d.extent[0] = Count;
        return d;
    }();
    template <class First, class... In>
    using output = detail::shape_with<beginning_with<First, (First::extents[0] + ... + In::extents[0])>>;

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
            first += channels_in(decltype(part)::shape::extents);
        };
        (put(x), ...);
    }
    template <int K>
    static constexpr void input_gradient(auto store, auto dy, auto dx, auto... x) noexcept {
        int first = 0, k = 0;
        ((first += k++ < K ? channels_in(decltype(x)::shape::extents) : 0), ...);
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
            first += channels_in(x[k].geometry().extents);
        }
    }
    template <kernels::Store How>
    static void gradient_of(int k, auto dy, auto dx, const auto* x, int /*count*/) noexcept {
        int first = 0;
        for (int other = 0; other < k; ++other)
            first += channels_in(x[other].geometry().extents);
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
        if constexpr (beginning_with<First, 1> != beginning_with<In, 1>)
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
