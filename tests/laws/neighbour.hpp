// A layer that asks for halos: the plainest that does, to stand beside the layer under test.
#pragma once

#include <lamina/pack.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

namespace laws {

/// A fixed filter of three taps on a diagonal of an image, or in a row of a sequence, each on zeros beyond
/// the borders:
///     y(c, i, j) = x(c, i - 1, j - 1) + 2 x(c, i, j) - 3 x(c, i + 1, j + 1)
struct Neighbour {
    static constexpr lamina::Text name = lamina::Text{} << "Neighbour";
    static constexpr lamina::Sees sees = lamina::Sees::all;
    template <class In, lamina::Order>
    static constexpr lamina::pad input_halo = In::rank == 2 ? lamina::pad{0, 0, 1, 1} : lamina::pad{1};
    template <class In>
    static constexpr lamina::pad gradient_halo = input_halo<In, lamina::Order::planes>;

    template <class In>
    using output = In;

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept { filter(x, y, 1); }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        filter(dy, dx, -1);
    }

  private:
    static constexpr void filter(auto from, auto to, int direction) noexcept {
        using E = typename decltype(to)::element;
        using S = typename decltype(to)::shape;
        constexpr bool is_sequence = S::rank == 2;
        for (int c = 0; c < S::extents[0]; ++c)
            for (int i = 0; i < (is_sequence ? 1 : S::extents[1]); ++i)
                for (int j = 0; j < S::extents[S::rank - 1]; ++j) {
                    const auto at = [&](auto& v, int step) -> auto& {
                        if constexpr (is_sequence)
                            return v(c, j + step);
                        else
                            return v(c, i + step, j + step);
                    };
                    at(to, 0) = at(from, -direction) + E(2) * at(from, 0) - E(3) * at(from, direction);
                }
    }
};

} // namespace laws
