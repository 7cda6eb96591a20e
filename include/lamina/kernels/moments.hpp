// Means and sums of squared deviations, for each lane and then for all lanes that count, sound in float.
#pragma once

#include <lamina/kernels/runs.hpp>
#include <lamina/optimized.hpp>
#include <lamina/pack.hpp>

#include <cstddef>

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

    /// Adds rows `from`, `from + stride`, ... of `columns` elements, at most `block` in all.
    [[gnu::always_inline]] constexpr void add(const E* from, std::ptrdiff_t stride, int rows,
                                              int columns) noexcept {
        const E origin = from[0];
        E sums[4] = {E(0), E(0), E(0), E(0)}, squares[4] = {E(0), E(0), E(0), E(0)};
        for (int i = 0; i < rows; ++i, from += stride) {
            int j = 0;
            for (; j + 4 <= columns; j += 4) {
#pragma GCC unroll 4
                for (int k = 0; k < 4; ++k) {
                    const E d = from[j + k] - origin;
                    sums[k] += d;
                    add_product(squares[k], d, d);
                }
            }
            for (; j < columns; ++j) {
                const E d = from[j] - origin;
                sums[0] += d;
                add_product(squares[0], d, d);
            }
        }
        merge(static_cast<double>(rows) * columns, DoubleLanes<E>(origin),
              DoubleLanes<E>((sums[0] + sums[1]) + (sums[2] + sums[3])),
              DoubleLanes<E>((squares[0] + squares[1]) + (squares[2] + squares[3])));
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

/// Two sums over the elements of a plane, for each lane.
template <Element E>
struct TwoSums {
    DoubleLanes<E> first, second;

    /// Calls add(i, j, a, b) for each element of the plane, to add its terms to a and b: partial sums of
    /// blocks, which are added up in double.
    template <class Planes, class Add>
    [[gnu::always_inline]] constexpr void add(Add add) noexcept {
        for_blocks<Planes>(
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
