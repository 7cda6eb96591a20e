// Samples into lanes: row r of `rows`, a sample's elements in C,H,W order, becomes lane r of the packs of x.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/run_time_view.hpp>
#include <lamina/tensor.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Converts a vector of integers to numbers, by way of 32-bit integers, because g++ has instructions only for
/// these.
template <class T, class V>
[[nodiscard, gnu::always_inline]] inline typename pack<T>::vector to_numbers(V v) noexcept {
    using integers = typename detail::vector_of<std::int32_t, native_lanes<T>>::type;
    if constexpr (std::is_same_v<V, typename pack<T>::vector>)
        return v;
    else
        return __builtin_convertvector(__builtin_convertvector(v, integers), typename pack<T>::vector);
}

/// A transposed block: N neighbouring elements of N samples.
template <class S, class T>
struct LanesBlock {
    static constexpr int N = native_lanes<T>, elements = N;

    [[gnu::always_inline]] static void load(const S* const (&rows)[static_cast<std::size_t>(N)],
                                            std::ptrdiff_t at, pack<T>* to, auto convert) noexcept {
        typename detail::vector_of<S, N>::type block[static_cast<std::size_t>(N)];
#pragma GCC unroll 16
        for (int r = 0; r < N; ++r)
            std::memcpy(&block[r], rows[r] + at, sizeof block[r]);
        transpose<N>(block);
#pragma GCC unroll 16
        for (int i = 0; i < N; ++i)
            to[i] = convert(to_numbers<T>(block[i]));
    }
};

/// The same for bytes and floats, by words of four neighbouring elements: a block of 16 bytes or 4 floats per
/// sample takes 8 shuffles. (g++ would take vectors of bytes apart one by one.)
template <class S, class T>
    requires(native_lanes<T> >= 4 && native_lanes<T> <= 16 && (sizeof(S) == 1 || sizeof(S) == 4))
struct LanesBlock<S, T> {
    static constexpr int N = native_lanes<T>, elements = 16 / static_cast<int>(sizeof(S));
    using Word = std::conditional_t<sizeof(S) == 1, std::uint32_t, S>;
    template <int Words>
    using words = typename detail::vector_of<Word, Words>::type;

    [[gnu::always_inline]] static void load(const S* const (&rows)[static_cast<std::size_t>(N)],
                                            std::ptrdiff_t at, pack<T>* to, auto convert) noexcept {
        // Part j has the words of samples j, 4 + j, 8 + j, ..., of which a round of interleaving each makes
        // pairs and quartets: word w of all samples in order.
        const words<N> a = samples<N>(rows, 0, at), b = samples<N>(rows, 1, at), c = samples<N>(rows, 2, at),
                       d = samples<N>(rows, 3, at);
        const words<N> low_ac = interleave_quarters<false>(a, c), high_ac = interleave_quarters<true>(a, c);
        const words<N> low_bd = interleave_quarters<false>(b, d), high_bd = interleave_quarters<true>(b, d);
        const words<N> of_all[4] = {
            interleave_quarters<false>(low_ac, low_bd), interleave_quarters<true>(low_ac, low_bd),
            interleave_quarters<false>(high_ac, high_bd), interleave_quarters<true>(high_ac, high_bd)};
#pragma GCC unroll 16
        for (int i = 0; i < elements; ++i) {
            if constexpr (sizeof(S) == 1) {
                const int shift = 8 * (std::endian::native == std::endian::little ? i % 4 : 3 - i % 4);
                to[i] = convert(to_numbers<T>((of_all[i / 4] >> shift) & 255U));
            } else {
                to[i] = convert(to_numbers<T>(of_all[i]));
            }
        }
    }

  private:
    /// Four words each of samples `first`, `first` + 4, ... below `first` + `Words`.
    template <int Words>
    [[gnu::always_inline]] static words<Words> samples(const S* const* rows, int first,
                                                       std::ptrdiff_t at) noexcept {
        if constexpr (Words == 4) {
            words<4> four;
            std::memcpy(&four, rows[first] + at, sizeof four);
            return four;
        } else {
            return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
                return __builtin_shufflevector(samples<Words / 2>(rows, first, at),
                                               samples<Words / 2>(rows, first + Words / 2, at),
                                               static_cast<int>(I)...);
            }
            (std::make_index_sequence<std::size_t{Words}>{});
        }
    }

    /// In each quarter of four words: the lower two of a and b, or the upper two, alternating.
    template <bool Upper>
    [[gnu::always_inline]] static words<N> interleave_quarters(words<N> a, words<N> b) noexcept {
        return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            return __builtin_shufflevector(
                a, b, static_cast<int>(I / 4 * 4 + I % 4 / 2 + (Upper ? 2 : 0) + I % 2 * N)...);
        }
        (std::make_index_sequence<std::size_t{N}>{});
    }
};

/// Loads a run of `count` neighbouring elements block by block; the last block overlaps the one before.
template <class S, class T, class Convert>
[[gnu::always_inline]] inline void
lanes_run(const S* const (&rows)[static_cast<std::size_t>(native_lanes<T>)], std::ptrdiff_t at, int count,
          pack<T>* to, Convert convert) noexcept {
    using Block = LanesBlock<S, T>;
    if (native_lanes<T> == 1 || count < Block::elements) {
        for (int i = 0; i < count; ++i)
            for (int r = 0; r < native_lanes<T>; ++r)
                to[i].set(r, static_cast<T>(rows[r][at + i]));
        for (int i = 0; i < count; ++i)
            to[i] = convert(to[i].v);
        return;
    }
    if constexpr (native_lanes < T >> 1) {
        for (int start = 0; start < count; start += Block::elements) {
            const int i0 = start < count - Block::elements ? start : count - Block::elements;
            Block::load(rows, at + i0, to + i0, convert);
        }
    }
}

/// Fills x, but not its halo. `convert` turns a vector of the stored numbers into a pack.
template <class S, class T, class Shape, pad Halo, class Convert>
inline void load_lanes(const S* const (&rows)[static_cast<std::size_t>(native_lanes<T>)],
                       View<pack<T>, Shape, Halo> x, Convert convert) noexcept {
    has_effects();
    if constexpr (Halo == pad{}) {
        lanes_run<S, T>(rows, 0, Shape::size, x.data(), convert);
    } else {
        using L = Layout<Shape, Halo>;
        for (int c = 0; c < L::channels; ++c)
            for (int i = 0; i < L::height; ++i)
                lanes_run<S, T>(rows, std::ptrdiff_t{c * L::height + i} * L::width, L::width,
                                x.data() + std::ptrdiff_t{c} * L::plane + std::ptrdiff_t{i} * L::row, convert);
    }
}

/// The same of extents that are numbers.
template <class S, class T, class Convert>
inline void load_lanes(const S* const (&rows)[static_cast<std::size_t>(native_lanes<T>)],
                       View<pack<T>, AnyShape> x, Convert convert) noexcept {
    has_effects();
    std::ptrdiff_t at = 0;
    for_runs(x, x, [&](pack<T>* run, pack<T>* /*the same*/, int count) {
        lanes_run<S, T>(rows, at, count, run, convert);
        at += count;
    });
}

/// The opposite: stores lane r of x to `rows[r]`, for the first `count` rows.
template <class T, class X>
inline void store_lanes(X x, T* const* rows, int count) noexcept {
    has_effects();
    constexpr int N = native_lanes<T>, size = X::size;
    if constexpr (N == 1 || size < N / 4) {
        for (int r = 0; r < count; ++r)
            for (int i = 0; i < size; ++i)
                rows[r][i] = x[i][r];
    } else {
        constexpr int step = size < N ? size : N;
        for (int start = 0; start < size; start += step) {
            const int i0 = start < size - step ? start : size - step;
            typename pack<T>::vector block[std::size_t{N}];
#pragma GCC unroll 16
            for (int i = 0; i < N; ++i)
                block[i] = vector_or_zero(&x[i0], i, step);
            transpose<N>(block);
            for (int r = 0; r < count; ++r)
                std::memcpy(rows[r] + i0, &block[r], step * sizeof(T));
        }
    }
}

/// For a kernel that calls it before it reads input i of two packs: inputs that are in lanes.
struct InLanes {
    [[gnu::always_inline]] void operator()(int /*i*/) const noexcept {}
};
/// Inputs that it puts into lanes, a block just before the kernel reads it: part of that work is done while
/// the processor multiplies. A pack takes as many samples from the first on as it has lanes.
template <class Sample>
struct IntoLanes {
    using T = typename Sample::value_type;
    using Block = LanesBlock<T, T>;
    static constexpr int size = Sample::size;
    static constexpr bool can = Block::N > 1 && size >= Block::elements;

    const Sample *samples, *other_samples;
    pack<T>*x, *other_x;

    [[gnu::always_inline]] void operator()(int i) const noexcept {
        if (i % Block::elements == 0) {
            const int at = i < size - Block::elements ? i : size - Block::elements;
            load(samples, at, x + at);
            load(other_samples, at, other_x + at);
        }
    }

  private:
    [[gnu::always_inline]] static void load(const Sample* samples, int at, pack<T>* to) noexcept {
        const T* rows[std::size_t{Block::N}];
#pragma GCC unroll 16
        for (int r = 0; r < Block::N; ++r)
            rows[r] = samples[r].data();
        Block::load(rows, at, to, [](auto v) { return pack<T>{v}; });
    }
};

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
