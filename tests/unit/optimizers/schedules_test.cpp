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

TEST_CASE("schedules: a cosine without its own number falls over all steps it is told of") {
    CHECK(ln::Cosine{}(0.1, 250, 1000) == ln::Cosine{.iterations = 1000}(0.1, 250));
    CHECK(ln::Cosine{.iterations = 100}(0.1, 50, 1000) == Approx(0.05)); // its own number counts
    CHECK_THROWS_AS((void)(ln::Cosine{.iterations = -5}(0.1, 0, 1000)), std::invalid_argument);
}

// Rates at steps 0, 1, 2, ... that PyTorch 1.13.1 gives for a rate of 0.05.
TEST_CASE("schedules: a warm-up has PyTorch's rates, alone and before a cosine") {
    // LinearLR(optimizer, start_factor=0.5, total_iters=4), and LinearLR(optimizer)
    const double half[] = {0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05};
    const double third[] = {0.01666666666666667, 0.02333333333333333, 0.03,
                            0.03666666666666667, 0.04333333333333334, 0.05};
    // SequentialLR(optimizer, [LinearLR(optimizer, start_factor=0.25, total_iters=4),
    //                          CosineAnnealingLR(optimizer, T_max=6, eta_min=0.001)], milestones=[4])
    const double then_cosine[] = {0.0125,
                                  0.021875,
                                  0.03125000000000001,
                                  0.04062500000000001,
                                  0.05,
                                  0.04671762239271875,
                                  0.03775000000000001,
                                  0.0255,
                                  0.01325,
                                  0.004282377607281252,
                                  0.001};
    constexpr ln::Warmup to_full{.iterations = 4, .start_factor = 0.5};
    static_assert(to_full(8.0, 0) == 4.0 && to_full(8.0, 2) == 6.0 && to_full(8.0, 100) == 8.0);
    const ln::Warmup of_a_third{.iterations = 5};
    const ln::Warmup told{.iterations = 4, .start_factor = 0.25, .then = ln::Cosine{.lowest = 0.001}};
    const ln::Warmup alone{
        .iterations = 4, .start_factor = 0.25, .then = ln::Cosine{.iterations = 6, .lowest = 0.001}};
    for (std::int64_t t = 0; t < 11; ++t) {
        CAPTURE(t);
        CHECK(told(0.05, t, 10) == Approx(then_cosine[t]).epsilon(1e-12)); // PyTorch multiplies step by step
        CHECK(alone(0.05, t) == Approx(then_cosine[t]).epsilon(1e-12));
        if (t < 6) {
            CHECK(to_full(0.05, t) == Approx(half[t]).epsilon(1e-12));
            CHECK(of_a_third(0.05, t) == Approx(third[t]).epsilon(1e-12));
        }
    }
}

TEST_CASE("schedules: a warm-up counts the steps of what follows from its own end") {
    const ln::Warmup decay{.iterations = 10, .start_factor = 0, .then = ln::StepDecay{.milestones = {2}}};
    CHECK(decay(1.0, 0) == 0);
    CHECK(decay(1.0, 9) == Approx(0.9));
    CHECK(decay(1.0, 12) == 1);
    CHECK(decay(1.0, 13) == Approx(0.1));
    const auto share = [](double rate, std::int64_t t, std::int64_t steps) {
        return rate * static_cast<double>(t) / static_cast<double>(steps);
    };
    CHECK(ln::Warmup<decltype(share)>{.iterations = 10, .then = share}(1.0, 25, 40) == Approx(15.0 / 30));
}

TEST_CASE("schedules: a warm-up over no steps, or from a share that is none, is refused") {
    CHECK_THROWS_WITH_AS((void)ln::Warmup{}(0.1, 0), "Warmup: iterations must be at least 1, found 0",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)(ln::Warmup{.iterations = 5, .start_factor = 1.5}(0.1, 0)),
                         "Warmup: start_factor must be from 0 to 1, found 1.5", std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)(ln::Warmup{.iterations = 5, .then = ln::Cosine{}}(0.1, 5)),
                         "Cosine: iterations must be at least 1, found 0", std::invalid_argument);
    // In the first step, not when the warm-up is over.
    CHECK_THROWS_WITH_AS((void)(ln::Warmup{.iterations = 5, .then = ln::StepDecay{.factor = -1}}(0.1, 0)),
                         "StepDecay: factor must be at least 0 and finite, found -1", std::invalid_argument);
    CHECK(ln::Warmup{.iterations = 5, .start_factor = 0, .then = ln::Cosine{}}(0.1, 2, 3) == Approx(0.04));
}
