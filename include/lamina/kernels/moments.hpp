// Means and sums of squared deviations, for each lane and then for all lanes that count, sound in float.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// A double for each lane of an element.
template <Element E>
struct DoubleLanes {
    static constexpr int lanes = lanes_of<E>;
    double lane[static_cast<std::size_t>(lanes)];

    constexpr DoubleLanes() noexcept : lane{} {}
    [[gnu::always_inline]] constexpr explicit DoubleLanes(const E& e) noexcept : lane{} {
        if constexpr (std::is_floating_point_v<E>) {
            lane[0] = static_cast<double>(e);
        } else {
            scalar_of<E> numbers[static_cast<std::size_t>(lanes)];
            e.store(numbers);
            for (int r = 0; r < lanes; ++r)
                lane[r] = static_cast<double>(numbers[r]);
        }
    }

    [[gnu::always_inline]] constexpr void add(const DoubleLanes& more) noexcept {
        for (int r = 0; r < lanes; ++r)
            lane[r] += more.lane[r];
    }

    /// The lanes below `samples`; 0 in the others.
    [[nodiscard, gnu::always_inline]] constexpr DoubleLanes below(int samples) const noexcept {
        DoubleLanes some = *this;
        for (int r = samples; r < lanes; ++r)
            some.lane[r] = 0;
        return some;
    }

    /// The numbers as an element.
    [[nodiscard, gnu::always_inline]] constexpr E rounded() const noexcept {
        E e = E(scalar_of<E>(0));
        for (int r = 0; r < lanes; ++r)
            set_lane(e, r, static_cast<scalar_of<E>>(lane[r]));
        return e;
    }

    /// The sum over the lanes, pairs of halves at a time.
    [[nodiscard, gnu::always_inline]] constexpr double sum() const noexcept {
        DoubleLanes s = *this;
        for (int half = lanes / 2; half > 0; half /= 2)
            for (int r = 0; r < half; ++r)
                s.lane[r] += s.lane[r + half];
        return s.lane[0];
    }
};

/// The mean of numbers, and the sum of their squared deviations from it.
struct Moments {
    double count, mean, squares;
};

/// The moments of two sets together: Chan, Golub & LeVeque, "Updating Formulae and a Pairwise Algorithm for
/// Computing Sample Variances", COMPSTAT 1982, equation 2.1. One set may be empty.
[[nodiscard, gnu::always_inline]] constexpr Moments merged(const Moments& a, const Moments& b) noexcept {
    const double count = a.count + b.count;
    if (!(count > 0))
        return a;
    const double distance = b.mean - a.mean, share = b.count / count;
    return {count, a.mean + distance * share,
            a.squares + b.squares + distance * distance * (a.count * share)};
}

/// The moments of each lane. Elements come in blocks of a bounded size. Within a block everything is relative
/// to the block's first element, so that numbers far from zero lose no digits: because that element is one of
/// them, the sum of squares is at most `block` times the sum of squared deviations, and cancels no more than
/// that. Blocks are merged in double.
template <Element E>
class LaneMoments {
  public:
    static constexpr int block = 256;

    /// Adds the elements at(i, j) of `rows` rows and `columns` columns, at most `block` in all.
    template <class At>
    [[gnu::always_inline]] constexpr void add(int rows, int columns, At at) noexcept {
        const E origin = at(0, 0);
        E sums[4] = {E(0), E(0), E(0), E(0)}, squares[4] = {E(0), E(0), E(0), E(0)};
        const auto add_to = [&](int k, const E& e) __attribute__((always_inline)) {
            const E d = e - origin;
            sums[k] += d;
            add_product(squares[k], d, d);
        };
        for (int i = 0; i < rows; ++i) {
            int j = 0;
            for (; j + 4 <= columns; j += 4) {
#pragma GCC unroll 4
                for (int k = 0; k < 4; ++k)
                    add_to(k, at(i, j + k));
            }
            for (; j < columns; ++j)
                add_to(0, at(i, j));
        }
        merge(static_cast<double>(rows) * columns, DoubleLanes<E>(origin),
              DoubleLanes<E>((sums[0] + sums[1]) + (sums[2] + sums[3])),
              DoubleLanes<E>((squares[0] + squares[1]) + (squares[2] + squares[3])));
    }
    /// Adds all elements at(i, j) of a plane, block by block.
    template <class Plane, class At>
    [[gnu::always_inline]] constexpr void add_plane(const Plane& plane, At at) noexcept {
        for_blocks(
            plane, block, [&](int i0, int j0, int rows, int columns) __attribute__((always_inline)) {
                add(
                    rows,
                    columns, [&](int i, int j) __attribute__((always_inline)) { return at(i0 + i, j0 + j); });
            });
    }

    /// How many elements a lane has had.
    [[nodiscard]] constexpr double count() const noexcept {
        return count_;
    }
    [[nodiscard, gnu::always_inline]] constexpr const DoubleLanes<E>& mean() const noexcept {
        return mean_;
    }
    [[nodiscard, gnu::always_inline]] constexpr const DoubleLanes<E>& squares() const noexcept {
        return squares_;
    }

    /// Adds what others have counted.
    constexpr void merge(const Moments& more) noexcept requires(lanes_of<E> == 1) {
        const Moments both = merged({count_, mean_.lane[0], squares_.lane[0]}, more);
        count_ = both.count;
        mean_.lane[0] = both.mean;
        squares_.lane[0] = both.squares;
    }

    /// The moments of the lanes below `samples` together, by the formula of Chan et al. for sets of equal
    /// size.
    [[nodiscard, gnu::always_inline]] constexpr Moments of_lanes(int samples) const noexcept {
        const double mean = mean_.below(samples).sum() / samples;
        DoubleLanes<E> distances;
        for (int r = 0; r < lanes_of<E>; ++r)
            distances.lane[r] = squares_.lane[r] + count_ * (mean_.lane[r] - mean) * (mean_.lane[r] - mean);
        return {count_ * samples, mean, distances.below(samples).sum()};
    }

  private:
    [[gnu::always_inline]] constexpr void merge(double count, const DoubleLanes<E>& origin,
                                                const DoubleLanes<E>& sums,
                                                const DoubleLanes<E>& squares) noexcept {
        const double total = count_ + count, share = count / total, one = 1 / count, both = count_ * share;
        for (int r = 0; r < lanes_of<E>; ++r) {
            const double offset = sums.lane[r] * one, distance = origin.lane[r] + offset - mean_.lane[r];
            mean_.lane[r] += distance * share;
            squares_.lane[r] += squares.lane[r] - sums.lane[r] * offset + distance * distance * both;
        }
        count_ = total;
    }

    double count_ = 0;
    DoubleLanes<E> mean_, squares_;
};

/// A plane, of vectors of neighbours or of what is left of its rows.
template <int Rows, int Columns>
struct Plane {
    static constexpr int rows = Rows, columns = Columns;
};
struct RunTimePlane {
    int rows, columns;
};
template <int Lanes, class R>
[[nodiscard, gnu::always_inline]] constexpr auto vectors_of(const R& r) noexcept {
    if constexpr (std::is_empty_v<R>)
        return Plane<R::rows, R::columns / Lanes>{};
    else
        return RunTimePlane{r.rows, r.columns / Lanes};
}
template <int Lanes, class R>
[[nodiscard, gnu::always_inline]] constexpr auto after_vectors_of(const R& r) noexcept {
    if constexpr (std::is_empty_v<R>)
        return Plane<R::rows, R::columns % Lanes>{};
    else
        return RunTimePlane{r.rows, r.columns % Lanes};
}

/// The moments of all elements of a view: of a view of packs those of each lane; of numbers, computed a
/// vector of neighbours at a time.
template <class X>
[[nodiscard, gnu::always_inline]] constexpr LaneMoments<typename X::element> moments_of(X x) noexcept {
    using E = typename X::element;
    const auto all = long_rows(x);
    LaneMoments<E> moments;
    const auto add_numbers = [&](const auto& plane, int c, int first) __attribute__((always_inline)) {
        if (plane.columns > 0)
            moments.add_plane(
                plane, [&](int i, int j)
                           __attribute__((always_inline)) { return E(all.row(x, c, i)[first + j]); });
    };
    if constexpr (std::is_floating_point_v<E> && native_lanes < E >> 1) {
        constexpr int L = native_lanes<E>;
        if (!std::is_constant_evaluated() && all.columns >= L) {
            LaneMoments<pack<E>> vectors;
            const auto plane = vectors_of<L>(all);
            const auto rest = after_vectors_of<L>(all);
            for (int c = 0; c < all.count; ++c) {
                vectors.add_plane(
                    plane, [&](int i, int j) __attribute__((always_inline)) {
                        return pack<E>::load(all.row(x, c, i) + j * L);
                    });
                add_numbers(rest, c, plane.columns * L);
            }
            moments.merge(vectors.of_lanes(L));
            return moments;
        }
    }
    for (int c = 0; c < all.count; ++c)
        add_numbers(all, c, 0);
    return moments;
}

/// Two sums over the elements of a plane, for each lane.
template <Element E>
struct TwoSums {
    DoubleLanes<E> first, second;

    /// Calls add(i, j, a, b) for each element of the plane, to add its terms to a and b: partial sums of
    /// blocks, which are added up in double.
    template <class Plane, class Add>
    [[gnu::always_inline]] constexpr void add(const Plane& plane, Add add) noexcept {
        for_blocks(
            plane,
            LaneMoments<E>::block, [&](int i0, int j0, int rows, int columns) __attribute__((always_inline)) {
                E a[4] = {E(0), E(0), E(0), E(0)}, b[4] = {E(0), E(0), E(0), E(0)};
                for (int i = i0; i < i0 + rows; ++i) {
                    int j = j0;
                    for (; j + 4 <= j0 + columns; j += 4) {
#pragma GCC unroll 4
                        for (int k = 0; k < 4; ++k)
                            add(i, j + k, a[k], b[k]);
                    }
                    for (; j < j0 + columns; ++j)
                        add(i, j, a[0], b[0]);
                }
                first.add(DoubleLanes<E>((a[0] + a[1]) + (a[2] + a[3])));
                second.add(DoubleLanes<E>((b[0] + b[1]) + (b[2] + b[3])));
            });
    }
};

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
