// How tests compare lamina's tensors with PyTorch's.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace oracle {

/// Calls f(element, i) for every element of a view, i being its place in PyTorch's order. Lamina orders a
/// convolution's weight in/G,KH,KW,out (or in,K,out), PyTorch out,in/G,KH,KW; all other tensors are the same.
template <class View, class F>
void in_torch_order(View view, F f, bool ends_in_outputs = false) {
    using S = typename View::shape;
    if constexpr (S::rank == 4) {
        for (int c = 0; c < S::extents[0]; ++c)
            for (int u = 0; u < S::extents[1]; ++u)
                for (int v = 0; v < S::extents[2]; ++v)
                    for (int o = 0; o < S::extents[3]; ++o)
                        f(view(c, u, v, o),
                          static_cast<std::size_t>(
                              ((o * S::extents[0] + c) * S::extents[1] + u) * S::extents[2] + v));
    } else if constexpr (S::rank == 3) {
        std::size_t place = 0;
        if (ends_in_outputs) {
            for (int o = 0; o < S::extents[2]; ++o)
                for (int c = 0; c < S::extents[0]; ++c)
                    for (int v = 0; v < S::extents[1]; ++v)
                        f(view(c, v, o), place++);
            return;
        }
        for (int c = 0; c < S::extents[0]; ++c)
            for (int i = 0; i < S::extents[1]; ++i)
                for (int j = 0; j < S::extents[2]; ++j)
                    f(view(c, i, j), place++);
    } else {
        for (int i = 0; i < S::size; ++i)
            f(view[i], static_cast<std::size_t>(i));
    }
}

/// The largest difference between numbers found and expected.
class Difference {
  public:
    void add(double found, double expected) noexcept {
        const double difference = std::abs(found - expected);
        // A NaN is a difference, though it is not larger than any.
        largest_ =
            std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(largest_, difference);
        scale_ = std::max(scale_, std::abs(expected));
    }

    /// In units of the largest number expected, but of `least` at least.
    [[nodiscard]] double relative(double least = std::numeric_limits<double>::min()) const noexcept {
        return largest_ / std::max(scale_, least);
    }

  private:
    double largest_ = 0, scale_ = 0;
};

} // namespace oracle
