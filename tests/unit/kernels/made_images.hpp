// Views of packs or numbers with any halo, filled with made-up numbers of each lane.
#pragma once

#include <lamina/kernels/map.hpp>
#include <lamina/math/random.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <vector>

namespace made {

/// An array of elements with a view; everything around the view's elements is a number that must not be read.
template <class E, class S, lamina::pad Halo = 0, lamina::Order O = lamina::Order::planes>
struct Image {
    using layout = lamina::Layout<S, Halo, O>;
    using T = lamina::scalar_of<E>;
    static constexpr T outside = T(1e30);
    std::vector<E> memory = std::vector<E>(static_cast<std::size_t>(layout::extent), E(outside));

    [[nodiscard]] lamina::View<E, S, Halo, O> view() {
        return lamina::View<E, S, Halo, O>{memory.data() + layout::origin};
    }
    /// Element i of lane r is f(i, r).
    template <class F>
    void fill(F f) {
        const auto v = view();
        for (int i = 0; i < S::size; ++i)
            for (int r = 0; r < lamina::lanes_of<E>; ++r)
                lamina::set_lane(v[i], r, static_cast<T>(f(i, r)));
    }
    [[nodiscard]] double at(int i, int r) { return static_cast<double>(lamina::lane(view()[i], r)); }
    /// Whether nothing was written beside the view's elements.
    [[nodiscard]] bool halo_is_untouched() {
        std::size_t untouched = 0;
        for (const E& e : memory) {
            bool all = true;
            for (int r = 0; r < lamina::lanes_of<E>; ++r)
                all = all && lamina::is_equal(lamina::lane(e, r), outside);
            untouched += all ? 1U : 0U;
        }
        return untouched == memory.size() - static_cast<std::size_t>(S::size);
    }
};

/// Numbers around `mean`, within `spread` of it, that are in no pattern.
struct Numbers {
    lamina::Random random{lamina::seed{7}};
    double mean = 0, spread = 1;

    double operator()(int, int) { return mean + spread * random.symmetric(); }
};

} // namespace made
