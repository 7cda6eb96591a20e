// Numbers to measure with, made while the program runs so that nothing can be computed beforehand.
#pragma once

#include <lamina/math/random.hpp>
#include <lamina/pack.hpp>

#include <algorithm>
#include <cmath>
#include <span>

namespace bench {

/// Numbers between -1 and 1 into every element of a view, each lane its own.
template <class V>
void fill(V view, std::uint64_t start) {
    lamina::Random random{lamina::seed{start}};
    using E = typename V::element;
    for (int i = 0; i < V::size; ++i)
        for (int r = 0; r < lamina::lanes_of<E>; ++r)
            lamina::set_lane(view[i], r, static_cast<lamina::scalar_of<E>>(random.symmetric()));
}

/// Whether all elements of a view are finite and not all of them zero: what a work that was done leaves.
template <class V>
[[nodiscard]] bool computed(V view) {
    double sum = 0;
    for (int i = 0; i < V::size; ++i)
        for (int r = 0; r < lamina::lanes_of<typename V::element>; ++r)
            sum += std::abs(static_cast<double>(lamina::lane(view[i], r)));
    return std::isfinite(sum) && sum > 0;
}

/// Whether two sides gave the same numbers, but for rounding: to `tolerance` times the largest.
[[nodiscard]] inline bool agree(std::span<const float> a, std::span<const float> b, float tolerance) {
    if (a.size() != b.size())
        return false;
    float largest = 0, difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        largest = std::max(largest, std::abs(a[i]));
        if (!(std::abs(a[i] - b[i]) <= difference))
            difference = std::abs(a[i] - b[i]); // NaN stays
    }
    return largest > 0 && difference <= tolerance * largest;
}

} // namespace bench
