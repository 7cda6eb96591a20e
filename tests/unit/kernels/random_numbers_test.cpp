#include <lamina/kernels/dropout.hpp>
#include <lamina/kernels/random_numbers.hpp>

#include "made_images.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace ln = lamina;
using ln::kernels::LayerKey;
using ln::kernels::RandomNumbers;

namespace {

/// The number of these counters.
std::uint32_t bits(std::uint64_t seed, std::uint64_t step, std::uint64_t layer, std::uint32_t sample,
                   std::uint32_t element) {
    return RandomNumbers<float>{LayerKey{ln::seed{seed}, step, layer}, &sample}.bits(element);
}
std::uint32_t bits(const std::array<std::uint32_t, 5>& at) {
    return bits(at[0], at[1], at[2], at[3], at[4]);
}

/// A number of 32 bits as one from -1/2 to 1/2, of variance 1/12.
double centred(std::uint32_t b) {
    return (static_cast<double>(b) + 0.5) / 4294967296.0 - 0.5;
}

/// Visits numbers that are neighbours in every argument.
template <class F>
void for_all_counters(F f) {
    for (std::uint32_t seed = 0; seed < 4; ++seed)
        for (std::uint32_t step = 0; step < 8; ++step)
            for (std::uint32_t layer = 0; layer < 6; ++layer)
                for (std::uint32_t sample = 0; sample < 32; ++sample)
                    for (std::uint32_t element = 0; element < 64; ++element)
                        f(std::array<std::uint32_t, 5>{seed, step, layer, sample, element});
}

/// The same bits in each lane of a pack as for the sample alone.
template <class T>
void check_packs() {
    using P = ln::pack<T>;
    constexpr int L = P::lanes;
    const LayerKey key{ln::seed{42}, 1000, 3};
    std::array<std::uint32_t, std::size_t{L}> samples{};
    for (std::size_t r = 0; r < samples.size(); ++r)
        samples[r] = static_cast<std::uint32_t>(5 + 3 * r);
    const RandomNumbers<P> together{key, samples.data()};
    for (std::uint32_t i = 0; i < 200; ++i)
        for (std::uint32_t threshold : {0U, 1U, 0x7FFFFFFFU, 0x80000000U, 0x80000001U, 0xFFFFFFFFU}) {
            const P kept = together.keep(P(T(2)), i, threshold);
            for (int r = 0; r < L; ++r) {
                const RandomNumbers<T> alone{key, &samples[static_cast<std::size_t>(r)]};
                CHECK(kept[r] == alone.keep(T(2), i, threshold));
                CHECK(kept[r] == (alone.bits(i) >= threshold ? T(2) : T(0)));
            }
        }
}

} // namespace

TEST_CASE("random numbers: the same bits with every compiler and processor") {
    static_assert([] {
        const std::uint32_t sample = 5;
        return RandomNumbers<double>{LayerKey{ln::seed{42}, 1000, 3}, &sample}.bits(17);
    }() == 1248143074U);
    CHECK(bits(42, 1000, 3, 5, 17) == 1248143074U);
    CHECK(bits(0, 0, 0, 0, 0) == 3269149398U);
}

TEST_CASE("random numbers: a sample has the same in any lane of any width") {
    check_packs<float>();
    check_packs<double>();
}

TEST_CASE("random numbers: mean 1/2, variance 1/12, each bit set in half of the cases") {
    double sum = 0, squares = 0, n = 0;
    std::array<double, 32> ones{};
    for_all_counters([&](const auto& at) {
        const std::uint32_t b = bits(at);
        sum += centred(b);
        squares += centred(b) * centred(b);
        for (unsigned k = 0; k < 32; ++k)
            ones[k] += static_cast<double>(b >> k & 1U);
        n += 1;
    });
    // Four standard deviations of what true random numbers would give: of a mean sqrt(1 / (12 n)), of a
    // variance sqrt(1 / (180 n)), of a share of bits 1 / (2 sqrt n).
    CHECK(std::fabs(sum / n) < 4 * std::sqrt(1 / (12 * n)));
    CHECK(std::fabs(squares / n - 1.0 / 12) < 4 * std::sqrt(1 / (180 * n)));
    for (double count : ones)
        CHECK(std::fabs(count / n - 0.5) < 4 * 0.5 / std::sqrt(n));
}

TEST_CASE("random numbers: no correlation between neighbours in any of the five arguments") {
    for (std::size_t argument = 0; argument < 5; ++argument)
        for (std::uint32_t distance : {1U, 2U, 3U, 16U, 1024U}) {
            double product = 0, equal_bits = 0, n = 0;
            std::array<double, 32> changed{};
            for_all_counters([&](auto at) {
                const std::uint32_t here = bits(at);
                at[argument] += distance;
                const std::uint32_t there = bits(at);
                product += centred(here) * centred(there) * 12;
                equal_bits += std::popcount(here ^ there);
                for (unsigned k = 0; k < 32; ++k)
                    changed[k] += static_cast<double>((here ^ there) >> k & 1U);
                n += 1;
            });
            CAPTURE(argument);
            CAPTURE(distance);
            CHECK(std::fabs(product / n) < 4.5 / std::sqrt(n)); // 25 of them: 4.5 standard deviations
            CHECK(std::fabs(equal_bits / n - 16) < 4.5 * std::sqrt(8 / n));
            for (double count : changed) // 800 of them
                CHECK(std::fabs(count / n - 0.5) < 5 * 0.5 / std::sqrt(n));
        }
}

TEST_CASE("random numbers: pairs of neighbours fill the square evenly") {
    // The numbers of elements i and i + 1 of a sample, in 16 x 16 cells: chi squared has 255 degrees of
    // freedom, mean 255 and standard deviation sqrt(510).
    std::vector<double> cells(256);
    double n = 0;
    for (std::uint32_t sample = 0; sample < 64; ++sample) {
        const RandomNumbers<float> random{LayerKey{ln::seed{1}, 2, 3}, &sample};
        for (std::uint32_t i = 0; i < 4096; ++i, n += 1)
            cells[(random.bits(i) >> 28U) * 16 + (random.bits(i + 1) >> 28U)] += 1;
    }
    double chi_squared = 0;
    for (double count : cells)
        chi_squared += (count - n / 256) * (count - n / 256) / (n / 256);
    CHECK(std::fabs(chi_squared - 255) < 4 * std::sqrt(510.0));
}

TEST_CASE("random numbers: the threshold of a percentage") {
    using ln::kernels::drop_threshold;
    static_assert(drop_threshold(0) == 0);
    static_assert(drop_threshold(25) == 0x40000000U);
    static_assert(drop_threshold(50) == 0x80000000U);
    static_assert(drop_threshold(20) == 858993459U); // 2^32 / 5
    static_assert(drop_threshold(100) == 0xFFFFFFFFU);
}

namespace {

template <class E, class S, ln::pad HaloX, ln::pad HaloY>
void check_dropout(int percent) {
    constexpr int L = ln::lanes_of<E>;
    made::Image<E, S, HaloX> x;
    made::Image<E, S, HaloY> y, twice;
    x.fill([](int i, int r) { return 1 + i + 100 * r; });
    twice.fill([](int, int) { return 1; });
    std::array<std::uint32_t, std::size_t{L}> samples{};
    for (std::size_t r = 0; r < samples.size(); ++r)
        samples[r] = static_cast<std::uint32_t>(r + 9);
    const LayerKey key{ln::seed{3}, 4, 5};
    const RandomNumbers<E> random{key, samples.data()};
    ln::kernels::dropout(x.view(), random, percent, y.view());
    ln::kernels::dropout<ln::kernels::Store::add>(x.view(), random, percent, twice.view());
    int wrong = 0, dropped = 0;
    for (int i = 0; i < S::size; ++i)
        for (int r = 0; r < L; ++r) {
            const bool kept = RandomNumbers<float>{key, &samples[static_cast<std::size_t>(r)]}.bits(
                                  static_cast<std::uint32_t>(i)) >= ln::kernels::drop_threshold(percent);
            const double want = kept && percent < 100 ? x.at(i, r) * 100 / (100 - percent) : 0;
            wrong += std::fabs(y.at(i, r) - want) > 1e-6 * want ? 1 : 0;                 // rounded twice
            wrong += std::fabs(twice.at(i, r) - (1 + want)) > 2e-6 * (1 + want) ? 1 : 0; // three times
            dropped += kept ? 0 : 1;
        }
    CHECK(wrong == 0);
    CHECK(y.halo_is_untouched());
    const double n = double{S::size} * L, p = percent / 100.0;
    CHECK(std::fabs(dropped - n * p) <= 4 * std::sqrt(n * p * (1 - p))); // standard deviations
}

} // namespace

TEST_CASE("dropout: drops by the random number of the element in row-major order, whatever the halos") {
    for (int percent : {0, 1, 20, 50, 99, 100}) {
        CAPTURE(percent);
        check_dropout<ln::pack<float>, ln::Shape<3, 5, 7>, 0, 0>(percent);
        check_dropout<ln::pack<float>, ln::Shape<3, 5, 7>, 1, 0>(percent);
        check_dropout<ln::pack<double>, ln::Shape<3, 5, 7>, 0, 2>(percent);
        check_dropout<float, ln::Shape<2, 4, 6>, 1, 1>(percent);
        check_dropout<double, ln::Shape<301>, 0, 0>(percent);
    }
}
