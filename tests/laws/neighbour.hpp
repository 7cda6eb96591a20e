// A layer that asks for halos: the plainest that does, to stand beside the layer under test.
#pragma once

#include <lamina/pack.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

namespace laws {

/// A fixed filter of three taps on a diagonal, each on zeros beyond the borders:
///     y(c, i, j) = x(c, i - 1, j - 1) + 2 x(c, i, j) - 3 x(c, i + 1, j + 1)
struct Neighbour {
    static constexpr lamina::Text name = lamina::Text{} << "Neighbour";
    template <class In, lamina::Order>
    static constexpr int input_halo = 1;
    template <class In>
    static constexpr int gradient_halo = 1;

    template <lamina::ImageShape In>
    using output = In;

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept { filter(x, y, 1); }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        filter(dy, dx, -1);
    }

  private:
    static constexpr void filter(auto from, auto to, int direction) noexcept {
        using E = typename decltype(to)::element;
        using S = typename decltype(to)::shape;
        for (int c = 0; c < lamina::channels<S>; ++c)
            for (int i = 0; i < lamina::height<S>; ++i)
                for (int j = 0; j < lamina::width<S>; ++j)
                    to(c, i, j) = from(c, i - direction, j - direction) + E(2) * from(c, i, j) -
                                  E(3) * from(c, i + direction, j + direction);
    }
};

} // namespace laws
