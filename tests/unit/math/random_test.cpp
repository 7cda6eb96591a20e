#include <lamina/math/random.hpp>

#include <doctest/doctest.h>

#include <set>

using lamina::Random;
using lamina::seed;

TEST_CASE("random: SplitMix64's published numbers for seed 0") {
    Random random{seed{0}};
    CHECK(random.next() == 0xE220A8397B1DCDAFU);
    CHECK(random.next() == 0x6E789E6AA1B965F4U);
    CHECK(random.next() == 0x06C45D188009454FU);
}

TEST_CASE("random: the same seed gives the same numbers, another seed others") {
    Random a{seed{7}}, b{seed{7}}, c{seed{8}};
    const std::uint64_t first = a.next();
    CHECK(first == b.next());
    CHECK(first != c.next());
}

TEST_CASE("random: symmetric numbers are multiples of 2^-23 from -1 to below 1, around 0") {
    Random random{seed{1}};
    constexpr int count = 100'000;
    double sum = 0, squares = 0, lowest = 1, highest = -1;
    for (int i = 0; i < count; ++i) {
        const double x = random.symmetric();
        REQUIRE(static_cast<double>(static_cast<float>(x)) == x);
        REQUIRE(x * 8388608 == static_cast<double>(static_cast<long>(x * 8388608)));
        lowest = x < lowest ? x : lowest;
        highest = x > highest ? x : highest;
        sum += x;
        squares += x * x;
    }
    CHECK(Random{seed{0}}.symmetric() == (0xE220A8 - 8388608) / 8388608.0); // the highest 24 bits
    CHECK(lowest >= -1);
    CHECK(lowest < -0.999); // 50 of 100,000 are expected below
    CHECK(highest < 1);
    CHECK(highest > 0.999);
    // Standard deviations of the means are 0.0018 and 0.0009: five of them.
    CHECK(sum / count == doctest::Approx(0).epsilon(0.01));
    CHECK(squares / count == doctest::Approx(1.0 / 3).epsilon(0.015));
}

TEST_CASE("random: below gives every number under its bound, and no other") {
    Random random{seed{2}};
    std::set<std::uint64_t> found;
    for (int i = 0; i < 200; ++i)
        found.insert(random.below(7));
    CHECK(found == std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6});
    for (int i = 0; i < 20; ++i)
        CHECK(random.below(1) == 0);
    CHECK(Random{seed{0}}.below(256) == 0xE2); // the highest bits of the first number
    CHECK(Random{seed{0}}.below(0xFFFFFFFFFFFFFFFFU) == 0xE220A8397B1DCDAEU);
    CHECK(Random{seed{0}}.below(0xFFFFFFFF00000001U) == 0xE220A83898FD2576U);
    CHECK(Random{seed{0}}.below(0x1FFFFFFFFU) == 0x1C4415072U);
    CHECK(Random{seed{0}}.below(0x8000000000000001U) == 0x7110541CBD8EE6D8U);
}

TEST_CASE("random: numbers can be drawn while compiling") {
    constexpr std::uint64_t first = Random{seed{0}}.next();
    CHECK(first == 0xE220A8397B1DCDAFU);
}
