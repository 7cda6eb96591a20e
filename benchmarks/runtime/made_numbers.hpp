// Numbers to measure with, made while the program runs so that nothing can be computed beforehand.
#pragma once

#include <lamina/pack.hpp>
#include <lamina/random.hpp>

#include <cmath>

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

} // namespace bench
