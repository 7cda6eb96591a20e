#include <lamina/core.hpp>
#include <lamina/math/functions.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

/// How far `got` is from `exact`, in units in the last place of T at `exact`. (long double has 11 bits more
/// than double, so the reference's own error is below a thousandth of a unit.)
template <class T>
long double ulps(T got, long double exact) {
    using limits = std::numeric_limits<T>;
    if (!std::isfinite(got) || std::fabs(exact) > static_cast<long double>(limits::max()))
        return got == static_cast<T>(exact) ? 0 : std::numeric_limits<long double>::infinity();
    int exponent = 0;
    (void)std::frexp(exact, &exponent);
    exponent = std::max(exponent, limits::min_exponent) - limits::digits;
    return std::fabs(static_cast<long double>(got) - exact) / std::ldexp(1.0L, exponent);
}

/// The largest error of f on numbers spread evenly from `lowest` to `highest`, each computed as a number and
/// in every lane of a pack.
template <class T, class F, class Exact>
long double worst_ulps(T lowest, T highest, F f, Exact exact) {
    constexpr int count = 30'000;
    const T step = (highest - lowest) / T(count);
    long double worst = 0;
    lamina::pack<T> x = lowest;
    for (int i = 0; i <= count; ++i) {
        const int lane = i % lamina::native_lanes<T>;
        x.set(lane, i < count ? lowest + static_cast<T>(i) * step : highest);
        const long double want = exact(static_cast<long double>(x[lane]));
        worst = std::max({worst, ulps(f(x[lane]), want), ulps(f(x)[lane], want)});
    }
    return worst;
}

/// The same on powers of two times 1 to 2: numbers of every size.
template <class T, class F, class Exact>
long double worst_ulps_by_exponent(int lowest, int highest, F f, Exact exact) {
    long double worst = 0;
    for (int e = lowest; e < highest; ++e)
        for (int i = 0; i < 100; ++i) {
            const T x = std::ldexp(T(1) + T(i) / T(99), e);
            const long double want = exact(static_cast<long double>(x));
            worst = std::max({worst, ulps(f(x), want), ulps(f(lamina::pack<T>(x))[0], want)});
        }
    return worst;
}

constexpr auto exp_ = [](auto x) { return lamina::exp(x); };
constexpr auto tanh_ = [](auto x) { return lamina::tanh(x); };
constexpr auto sigmoid_ = [](auto x) { return lamina::sigmoid(x); };
constexpr auto log_ = [](auto x) { return lamina::log(x); };
constexpr auto sqrt_ = [](auto x) { return lamina::sqrt(x); };
constexpr auto erf_ = [](auto x) { return lamina::erf(x); };
constexpr auto exp_minus_one_ = [](auto x) { return lamina::exp_minus_one(x); };
constexpr auto normal_ = [](auto x) { return lamina::detail::normal(x).below; };
constexpr auto normal_density_ = [](auto x) { return lamina::detail::normal(x).density; };
constexpr auto logistic_ = [](auto x) { return lamina::detail::logistic(x).below; };
constexpr auto logistic_density_ = [](auto x) { return lamina::detail::logistic(x).density; };
constexpr auto exact_erf = [](long double x) { return std::erf(x); };
constexpr auto exact_normal = [](long double x) { return std::erfc(-x * std::sqrt(0.5L)) / 2; };
constexpr auto exact_normal_density = [](long double x) {
    return std::exp(-x * x / 2) / std::sqrt(8 * std::atan(1.0L));
};
constexpr auto exact_logistic_density = [](long double x) {
    return 1 / ((1 + std::exp(x)) * (1 + std::exp(-x)));
};
constexpr auto exact_exp = [](long double x) { return std::exp(x); };
constexpr auto exact_tanh = [](long double x) { return std::tanh(x); };
constexpr auto exact_sigmoid = [](long double x) { return 1 / (1 + std::exp(-x)); };
constexpr auto exact_log = [](long double x) { return std::log(x); };
constexpr auto exact_sqrt = [](long double x) { return std::sqrt(x); };

/// f(x) as a number, having checked that a pack gives the same. NaN and NaN are the same.
template <class F, class T>
T everywhere(F f, T x) {
    const T one = f(x), lane = f(lamina::pack<T>(x))[lamina::native_lanes<T> - 1];
    CHECK((one == lane || (std::isnan(one) && std::isnan(lane))));
    return one;
}

constexpr float inf = std::numeric_limits<float>::infinity(),
                not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr double large = std::numeric_limits<double>::infinity();

} // namespace

// The bounds are those that math/functions.hpp states.

TEST_CASE(
    "math: exp is within 2 units in the last place, down to the smallest number and up to the largest") {
    CHECK(worst_ulps(-110.0F, 100.0F, exp_, exact_exp) <= 2);
    CHECK(worst_ulps(-760.0, 720.0, exp_, exact_exp) <= 2);
    CHECK(worst_ulps(-1.0F, 1.0F, exp_, exact_exp) <= 2);
    CHECK(worst_ulps(-1.0, 1.0, exp_, exact_exp) <= 2);
}

TEST_CASE("math: tanh is within 4 units in the last place, also near zero") {
    CHECK(worst_ulps(-25.0F, 25.0F, tanh_, exact_tanh) <= 4);
    CHECK(worst_ulps(-25.0, 25.0, tanh_, exact_tanh) <= 4);
    CHECK(worst_ulps_by_exponent<float>(-140, 10, tanh_, exact_tanh) <= 4);
    CHECK(worst_ulps_by_exponent<double>(-1060, 10, tanh_, exact_tanh) <= 4);
    // The worst of all floats, with fused multiply-adds (3.5) and without (3.95).
    CHECK(worst_ulps(2.9988F, 2.999F, tanh_, exact_tanh) <= 4);
    CHECK(worst_ulps(6.5476F, 6.5478F, tanh_, exact_tanh) <= 4);
}

TEST_CASE("math: sigmoid is within 4 units in the last place, down to the smallest number") {
    CHECK(worst_ulps(-110.0F, 110.0F, sigmoid_, exact_sigmoid) <= 4);
    CHECK(worst_ulps(-760.0, 760.0, sigmoid_, exact_sigmoid) <= 4);
    CHECK(worst_ulps(-16.65F, -16.63F, sigmoid_, exact_sigmoid) <= 4); // the worst of all floats (2.5)
}

TEST_CASE("math: exp_minus_one is within 3 units in the last place below 0, also near it") {
    const auto exact = [](long double x) { return std::expm1(x); };
    CHECK(worst_ulps(-110.0F, 0.0F, exp_minus_one_, exact) <= 3);
    CHECK(worst_ulps(-760.0, 0.0, exp_minus_one_, exact) <= 3);
    CHECK(worst_ulps(-1.0F, 0.0F, exp_minus_one_, exact) <= 3);
    CHECK(worst_ulps(-1.0, 0.0, exp_minus_one_, exact) <= 3);
    CHECK(worst_ulps(-1e-30F, 0.0F, exp_minus_one_, exact) <= 3);
}

TEST_CASE("math: erf is within 3 units in the last place, also near zero") {
    CHECK(worst_ulps(-7.0F, 7.0F, erf_, exact_erf) <= 3);
    CHECK(worst_ulps(-7.0, 7.0, erf_, exact_erf) <= 3);
    CHECK(worst_ulps(-1.0F, 1.0F, erf_, exact_erf) <= 3);
    CHECK(worst_ulps(-1.0, 1.0, erf_, exact_erf) <= 3);
    CHECK(worst_ulps_by_exponent<float>(-120, 10, erf_, exact_erf) <= 3);
    CHECK(worst_ulps_by_exponent<double>(-1000, 10, erf_, exact_erf) <= 3);
}

TEST_CASE("math: distribution functions keep their digits far below zero") {
    CHECK(worst_ulps(-15.0F, 15.0F, normal_, exact_normal) <= 8);
    CHECK(worst_ulps(-40.0, 40.0, normal_, exact_normal) <= 8);
    CHECK(worst_ulps(-1.0F, 1.0F, normal_, exact_normal) <= 8);
    CHECK(worst_ulps(-1.0, 1.0, normal_, exact_normal) <= 8);
    CHECK(worst_ulps(-15.0F, 15.0F, normal_density_, exact_normal_density) <= 4);
    CHECK(worst_ulps(-40.0, 40.0, normal_density_, exact_normal_density) <= 4);
    CHECK(worst_ulps(-110.0F, 110.0F, logistic_, exact_sigmoid) <= 4);
    CHECK(worst_ulps(-760.0, 760.0, logistic_, exact_sigmoid) <= 4);
    CHECK(worst_ulps(-110.0F, 110.0F, logistic_density_, exact_logistic_density) <= 6);
    CHECK(worst_ulps(-760.0, 760.0, logistic_density_, exact_logistic_density) <= 6);
    CHECK(worst_ulps(-4.0F, 4.0F, logistic_density_, exact_logistic_density) <= 6);
    CHECK(worst_ulps(-4.0, 4.0, logistic_density_, exact_logistic_density) <= 6);
}

TEST_CASE("math: log is within 3 units in the last place for all normal numbers") {
    CHECK(worst_ulps(0.5F, 2.0F, log_, exact_log) <= 3);
    CHECK(worst_ulps(0.5, 2.0, log_, exact_log) <= 3);
    CHECK(worst_ulps_by_exponent<float>(-126, 128, log_, exact_log) <= 3);
    CHECK(worst_ulps_by_exponent<double>(-1022, 1024, log_, exact_log) <= 3);
}

TEST_CASE("math: sqrt is within 1 unit in the last place but for tiny numbers, of which it is small") {
    CHECK(worst_ulps(1.0F, 4.0F, sqrt_, exact_sqrt) <= 1);
    CHECK(worst_ulps(1.0, 4.0, sqrt_, exact_sqrt) <= 1);
    CHECK(worst_ulps_by_exponent<float>(-99, 128, sqrt_, exact_sqrt) <= 1);    // 2^-99 is below 1e-29
    CHECK(worst_ulps_by_exponent<double>(-963, 1024, sqrt_, exact_sqrt) <= 1); // 2^-963 is below 1e-289
    for (int e = -149; e < -99; ++e)
        CHECK(std::fabs(everywhere(sqrt_, std::ldexp(1.3F, e)) - std::sqrt(std::ldexp(1.3F, e))) < 1e-20F);
    for (int e = -1074; e < -963; ++e)
        CHECK(std::fabs(everywhere(sqrt_, std::ldexp(1.3, e)) - std::sqrt(std::ldexp(1.3, e))) < 1e-155);
}

TEST_CASE("math: zero, infinity and the ends of a format's range") {
    CHECK(everywhere(exp_, 0.0F) == 1);
    CHECK(everywhere(exp_, -inf) == 0);
    CHECK(everywhere(exp_, inf) == inf);
    CHECK(everywhere(exp_, 3e38F) == inf);
    CHECK(everywhere(exp_, -3e38F) == 0);
    CHECK(everywhere(exp_, -large) == 0);
    CHECK(everywhere(exp_, large) == large);

    CHECK(everywhere(tanh_, 0.0F) == 0);
    CHECK(std::signbit(everywhere(tanh_, -0.0F)));
    CHECK(everywhere(tanh_, std::numeric_limits<float>::denorm_min()) > 0);
    CHECK(everywhere(tanh_, -large) == -1);
    CHECK(everywhere(tanh_, 9.0F) == 1);
    CHECK(everywhere(tanh_, -9.0F) == -1);
    CHECK(everywhere(tanh_, inf) == 1);
    CHECK(everywhere(tanh_, -inf) == -1);
    CHECK(everywhere(tanh_, -large) == -1);
    CHECK(everywhere(sigmoid_, 0.0F) == 0.5F);
    CHECK(everywhere(sigmoid_, inf) == 1);
    CHECK(everywhere(sigmoid_, -inf) == 0);
    CHECK(everywhere(sigmoid_, -90.0F) > 0);
    CHECK(everywhere(sigmoid_, -large) == 0);

    CHECK(everywhere(exp_minus_one_, 0.0F) == 0);
    CHECK(everywhere(exp_minus_one_, -inf) == -1);
    CHECK(everywhere(exp_minus_one_, -large) == -1);
    CHECK(everywhere(erf_, 0.0F) == 0);
    CHECK(std::signbit(everywhere(erf_, -0.0F)));
    CHECK(everywhere(erf_, inf) == 1);
    CHECK(everywhere(erf_, -inf) == -1);
    CHECK(everywhere(erf_, -large) == -1);
    CHECK(everywhere(erf_, 1e300) == 1);
    CHECK(everywhere(normal_, 0.0F) == 0.5F);
    CHECK(everywhere(normal_, -inf) == 0);
    CHECK(everywhere(normal_, inf) == 1);
    CHECK(everywhere(normal_density_, -large) == 0);

    CHECK(everywhere(log_, 1.0F) == 0);
    CHECK(everywhere(log_, inf) == inf);
    CHECK(everywhere(log_, large) == large);
    CHECK(everywhere(sqrt_, 0.0F) == 0);
    CHECK(everywhere(sqrt_, 0.0) == 0);
    CHECK(everywhere(sqrt_, inf) == inf);
    CHECK(everywhere(sqrt_, large) == large);
}

TEST_CASE("math: what is not a number stays so") {
    CHECK(std::isnan(everywhere(exp_, not_a_number)));
    CHECK(std::isnan(everywhere(tanh_, not_a_number)));
    CHECK(std::isnan(everywhere(sigmoid_, not_a_number)));
    CHECK(std::isnan(everywhere(exp_minus_one_, not_a_number)));
    CHECK(std::isnan(everywhere(erf_, not_a_number)));
    CHECK(std::isnan(everywhere(normal_, not_a_number)));
    CHECK(std::isnan(everywhere(logistic_, not_a_number)));
    CHECK(std::isnan(everywhere(log_, not_a_number)));
    CHECK(std::isnan(everywhere(sqrt_, not_a_number)));
    CHECK(std::isnan(everywhere(exp_, std::numeric_limits<double>::quiet_NaN())));
    CHECK(std::isnan(everywhere(log_, std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("math: functions are the same while compiling") {
    constexpr float e = lamina::exp(1.0F), t = lamina::tanh(0.5F), s = lamina::sigmoid(-2.0F);
    constexpr double l = lamina::log(10.0), r = lamina::sqrt(2.0);
    CHECK(ulps(e, exact_exp(1)) <= 2);
    CHECK(ulps(t, exact_tanh(0.5L)) <= 4);
    CHECK(ulps(s, exact_sigmoid(-2)) <= 4);
    CHECK(ulps(l, exact_log(10)) <= 3);
    CHECK(ulps(r, exact_sqrt(2)) <= 1);
    static_assert(lamina::exp(100.0F) == inf && lamina::exp(1000.0) == large && lamina::exp(-1000.0) == 0);
    static_assert(lamina::exp(inf) == inf && lamina::exp(-inf) == 0 && lamina::exp(3e38F) == inf);
    static_assert(lamina::sigmoid(-100.0F) > 0 && lamina::sigmoid(-3e38F) == 0 &&
                  lamina::sigmoid(3e38F) == 1);
    static_assert(lamina::sigmoid(-1000.0) == 0 && lamina::sigmoid(-inf) == 0 && lamina::sigmoid(inf) == 1);
    static_assert(lamina::tanh(-3e38F) == -1 && lamina::tanh(3e38F) == 1 && lamina::tanh(1e308) == 1);
    static_assert(lamina::tanh(inf) == 1 && lamina::tanh(-inf) == -1);
    static_assert(lamina::erf(3e38F) == 1 && lamina::erf(-1e308) == -1 && lamina::erf(inf) == 1);
    static_assert(lamina::exp_minus_one(-3e38F) == -1 && lamina::exp_minus_one(-inf) == -1);
    static_assert(lamina::log(3e38F) > 88 && lamina::log(inf) == inf);
    static_assert(lamina::sqrt(3e38F) > 1.7e19F && lamina::sqrt(1e308) > 9.99e153 && lamina::sqrt(0.0F) == 0);
    static_assert(lamina::sqrt(inf) == inf && lamina::sqrt(1e-45F) < 1e-20F);
}

namespace {

using Scores = lamina::Tensor<float, lamina::Shape<4>>;
constexpr float most = std::numeric_limits<float>::max();
constexpr Scores far_apart{{-most, most, -3e38F, 3e38F}};

constexpr auto probabilities =
    lamina::Model<lamina::Net<lamina::Softmax>, lamina::Shape<4>>{}.forward(far_apart);
static_assert(probabilities[0] == 0 && probabilities[1] == 1 && probabilities[2] == 0 &&
              probabilities[3] == 0);

/// A network whose sums and activations saturate: all of it in a constant expression.
constexpr float saturated() {
    lamina::Model<
        lamina::Net<lamina::Dense<4>, lamina::Sigmoid, lamina::Dense<3>, lamina::Tanh, lamina::Softmax>,
        lamina::Shape<4>>
        model;
    for (float& p : model.parameters())
        p = 0.25F;
    return model.forward({{-3e38F, -3e38F, 1e38F, -100}})[0];
}
static_assert(saturated() > 0.33F && saturated() < 0.34F);

template <class Loss>
constexpr float loss_of(Loss loss, Scores y, Scores t) {
    Scores dy{};
    return loss.loss_and_gradient(y.view(), t.view(), dy.view());
}
static_assert(loss_of(lamina::SoftmaxCrossEntropy{}, far_apart, {{0, 1, 0, 0}}) == 0);
static_assert(loss_of(lamina::SoftmaxCrossEntropy{}, {{3e38F, 0, 0, 0}}, {{0, 0, 0, 1}}) == 3e38F);
static_assert(loss_of(lamina::SoftmaxCrossEntropy{.label_smoothing = 1}, {{8, 8, 8, 8}}, {{0, 0, 0, 1}}) >
              1.386F);
static_assert(loss_of(lamina::WeightedCrossEntropy<4>{.class_weights = {1, 1, 1, 0.5}}, {{3e38F, 0, 0, 0}},
                      {{0, 0, 0, 1}}) == 1.5e38F);
static_assert(loss_of(lamina::BinaryCrossEntropy{}, {{3e38F, -3e38F, 100, -100}}, {{1, 0, 1, 0}}) < 1e-38F);
static_assert(loss_of(lamina::BinaryCrossEntropy{.positive_weight = 2}, {{-1e38F, 3e38F, 0, 0}},
                      {{1, 1, 0, 1}}) == 0.5e38F);
static_assert(loss_of(lamina::Huber{.delta = 2}, {{1.5e38F, 1, 0, -3}}, {{-1.5e38F, 0, 0, 0}}) == 1.5e38F);
static_assert(loss_of(lamina::MeanAbsoluteError{}, {{1.5e38F, 1, 0, -1.5e38F}},
                      {{-1.5e38F, 0, 0, 1.5e38F}}) == 1.5e38F);
static_assert(loss_of(lamina::MeanSquaredError{}, {{1.8e19F, -1.8e19F, 1.8e19F, 0}}, {}) > 2.4e38F);

} // namespace
