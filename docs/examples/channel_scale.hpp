// A user's own layer. docs/custom_layer.md explains its members.
#pragma once

#include <lamina/lamina.hpp>

/// y(c, i, j) = a(c) x(c, i, j) + b(c): each channel has a scale and a shift of its own, which are learnt.
///
///     da(c) = sum over i, j of x(c, i, j) dy(c, i, j)     db(c) = sum over i, j of dy(c, i, j)
///     dx(c, i, j) = a(c) dy(c, i, j)
struct ChannelScale {
    static constexpr const char* name = "ChannelScale";

    template <lamina::ImageShape In>
    using output = In;
    template <lamina::ImageShape In>
    using weight = lamina::Shape<lamina::channels<In>>;
    template <lamina::ImageShape In>
    using bias = lamina::Shape<lamina::channels<In>>;
    static constexpr double initial_weight = 1; // at first the layer changes nothing

    static constexpr void forward(auto x, auto p, auto y) noexcept {
        at_each_place(y, [&](int c, int i, int j) { y(c, i, j) = p.weight[c] * x(c, i, j) + p.bias[c]; });
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        at_each_place(dx, [&](int c, int i, int j) { dx(c, i, j) = p.weight[c] * dy(c, i, j); });
    }
    /// Adds to the gradients. An element is a number or, in training, a pack with one sample in each lane:
    /// the gradient of a parameter is the sum over the samples.
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) noexcept {
        using E = typename decltype(dy)::element;
        at_each_place(dy, [&](int c, int i, int j) {
            dp.weight[c] += lamina::lane_sum(E(x(c, i, j) * dy(c, i, j)));
            dp.bias[c] += lamina::lane_sum(E(dy(c, i, j)));
        });
    }

  private:
    static constexpr void at_each_place(auto view, auto f) noexcept {
        using S = typename decltype(view)::shape;
        for (int c = 0; c < lamina::channels<S>; ++c)
            for (int i = 0; i < lamina::height<S>; ++i)
                for (int j = 0; j < lamina::width<S>; ++j)
                    f(c, i, j);
    }
};
