#include <lamina/optimizers/schedules.hpp>

#include <doctest/doctest.h>

namespace ln = lamina;
using doctest::Approx;

TEST_CASE("schedules: a constant rate stays") {
    CHECK(ln::Constant{}(0.05, 0) == 0.05);
    CHECK(ln::Constant{}(0.05, 1'000'000'000'000) == 0.05);
}

TEST_CASE(
    "schedules: step decay has its full rate to iteration 10,000, a tenth to 30,000, then a hundredth") {
    constexpr ln::StepDecay decay;
    CHECK(decay(0.05, 0) == 0.05);
    CHECK(decay(0.05, 10'000) == 0.05);
    CHECK(decay(0.05, 10'001) == Approx(0.005));
    CHECK(decay(0.05, 30'000) == Approx(0.005));
    CHECK(decay(0.05, 30'001) == Approx(0.0005));
    CHECK(decay(0.05, 1'000'000) == Approx(0.0005));
}

TEST_CASE("schedules: milestones and factor can be named") {
    constexpr ln::StepDecay decay{.milestones = {2, 4}, .factor = 0.5};
    static_assert(decay(1.0, 2) == 1.0 && decay(1.0, 3) == 0.5 && decay(1.0, 4) == 0.5 &&
                  decay(1.0, 5) == 0.25);
    CHECK(decay(8.0, 5) == 2.0);
}

TEST_CASE("schedules: a milestone that is left out is none") {
    constexpr ln::StepDecay once{.milestones = {5'600}}, never{.milestones = {}};
    static_assert(once(1.0, 1) == 1.0 && once(1.0, 5'600) == 1.0);
    CHECK(once(1.0, 5'601) == Approx(0.1));
    CHECK(once(1.0, 1'000'000) == Approx(0.1));
    CHECK(never(1.0, 1'000'000) == 1.0);
}

TEST_CASE("schedules: a cosine begins at the full rate and ends at the lowest, half way at their mean") {
    const ln::Cosine cosine{.iterations = 1000, .lowest = 0.001};
    CHECK(cosine(0.1, 0) == Approx(0.1));
    CHECK(cosine(0.1, 500) == Approx((0.1 + 0.001) / 2));
    CHECK(cosine(0.1, 250) == Approx(0.001 + 0.099 * (1 + 0.70710678118654752) / 2));
    CHECK(cosine(0.1, 999) > 0.001);
    CHECK(cosine(0.1, 999) == Approx(0.001).epsilon(0.001));
    CHECK(cosine(0.1, 1000) == 0.001);
    CHECK(cosine(0.1, 5000) == 0.001);
}

TEST_CASE("schedules: a cosine over no iterations is refused, instead of a rate of 0") {
    CHECK_THROWS_WITH_AS((void)ln::Cosine{}(0.1, 0), "Cosine: iterations must be at least 1, found 0",
                         std::invalid_argument);
    CHECK_THROWS_AS((void)(ln::Cosine{.iterations = -5, .lowest = 0.25}(0.1, 0)), std::invalid_argument);
}
