// What must hold for every loss.
#include "checks.hpp"

#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/dc.hpp>
#include <lamina/losses/esr.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/loss_sum.hpp>
#include <lamina/losses/mean_absolute_error.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/losses/weighted_cross_entropy.hpp>
#include <lamina/tensor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ln = lamina;
using laws::Numbers;

namespace {

/// Losses of samples, and their gradients sample by sample.
struct Evaluated {
    Numbers losses, dy;
};

/// The loss of as many samples of N numbers as E has lanes.
template <int N, class E, class Loss>
Evaluated evaluate(const Loss& of, const Numbers& y, const Numbers& t) {
    using T = ln::scalar_of<E>;
    constexpr int lanes = ln::lanes_of<E>;
    ln::Tensor<E, ln::Shape<N>> y_, t_, dy_;
    for (int i = 0; i < lanes * N; ++i) {
        ln::set_lane(y_[i % N], i / N, static_cast<T>(y[static_cast<std::size_t>(i)]));
        ln::set_lane(t_[i % N], i / N, static_cast<T>(t[static_cast<std::size_t>(i)]));
    }
    const E loss = of.loss_and_gradient(y_.view(), t_.view(), dy_.view());
    Evaluated all;
    for (int s = 0; s < lanes; ++s) {
        all.losses.push_back(double{ln::lane(loss, s)});
        for (int i = 0; i < N; ++i)
            all.dy.push_back(double{ln::lane(dy_[i], s)});
    }
    return all;
}

/// Samples' targets: distributions over N classes, with no class left out.
Numbers distributions(int samples, int classes) {
    Numbers t = laws::numbers(static_cast<std::size_t>(samples * classes), 17);
    for (auto first = t.begin(); first != t.end(); first += classes) {
        std::transform(first, first + classes, first, [](double e) { return e + 1.5; });
        const double sum = std::accumulate(first, first + classes, 0.0);
        std::transform(first, first + classes, first, [sum](double e) { return e / sum; });
    }
    return t;
}

/// 1 at the label, 0 elsewhere.
Numbers one_hot(int label, int classes) {
    Numbers t(static_cast<std::size_t>(classes));
    t[static_cast<std::size_t>(label)] = 1;
    return t;
}

/// Any weights of N classes: none, each 1, or of a sum that depends on the sample.
Numbers weights(int samples, int classes) {
    Numbers t = distributions(samples, classes);
    for (std::size_t i = 0; i < t.size(); ++i) {
        const auto sample = i / static_cast<std::size_t>(classes);
        t[i] = sample == 1 ? 0 : sample == 2 ? 1 : t[i] * (0.25 + static_cast<double>(sample));
    }
    return t;
}
Numbers times(double factor, Numbers t) {
    for (double& e : t)
        e *= factor;
    return t;
}

template <int N, class Loss>
void gradient_equals_differences(const Loss& loss, const Numbers& t) {
    // As for layers: far more than the differences' own error.
    constexpr double step = 1e-5, tolerance = 1e-6;
    Numbers y = laws::separated(N, 5), differences;
    const Numbers dy = evaluate<N, double>(loss, y, t).dy;
    for (double& number : y) {
        const double here = number;
        number = here + step;
        const double above = evaluate<N, double>(loss, y, t).losses[0];
        number = here - step;
        const double below = evaluate<N, double>(loss, y, t).losses[0];
        number = here;
        differences.push_back((above - below) / (2 * step));
    }
    laws::check_close("gradient", dy, differences, tolerance);
}

template <int N, class T, class Loss>
void packs_equal_scalars(const Loss& loss) {
    constexpr int lanes = ln::native_lanes<T>;
    const Numbers y = laws::numbers(lanes * N, 23), t = weights(lanes, N);
    Evaluated scalars;
    for (int s = 0; s < lanes; ++s) {
        const auto from = [s](const Numbers& all) {
            return Numbers{all.begin() + s * N, all.begin() + (s + 1) * N};
        };
        const Evaluated one = evaluate<N, T>(loss, from(y), from(t));
        scalars.losses.push_back(one.losses[0]);
        scalars.dy.insert(scalars.dy.end(), one.dy.begin(), one.dy.end());
    }
    const Evaluated packs = evaluate<N, ln::pack<T>>(loss, y, t);
    laws::check_close("losses", packs.losses, scalars.losses, laws::rounding<T>);
    laws::check_close("gradients", packs.dy, scalars.dy, laws::rounding<T>);
}

/// A number that is none is noticed.
template <int N, class E, class Loss>
void passes_on_nan(const Loss& loss) {
    constexpr auto size = static_cast<std::size_t>(ln::lanes_of<E> * N);
    for (std::size_t at = 0; at < N; ++at) {
        Numbers y(size, 0.25);
        y[at] = std::nan("");
        CHECK(std::isnan(evaluate<N, E>(loss, y, Numbers(size, 0.5)).losses[0]));
    }
}

template <int... N, class Loss>
void loss_laws(const Loss& loss) {
    (gradient_equals_differences<N>(loss, one_hot(N / 2, N)), ...);
    (gradient_equals_differences<N>(loss, distributions(1, N)), ...);
    (packs_equal_scalars<N, double>(loss), ...);
    (packs_equal_scalars<N, float>(loss), ...);
    (passes_on_nan<N, double>(loss), ...);
    (passes_on_nan<N, ln::pack<float>>(loss), ...);
}

/// Scores of +-1000, whose exponentials no float holds: class 0 is ahead by 2000.
template <class T>
void huge_scores() {
    const Numbers y{1000, -1000, -1000};
    const Evaluated right = evaluate<3, T>(ln::SoftmaxCrossEntropy{}, y, one_hot(0, 3));
    CHECK(right.losses == Numbers{0});
    CHECK(right.dy == Numbers{0, 0, 0});
    const Evaluated wrong = evaluate<3, T>(ln::SoftmaxCrossEntropy{}, y, one_hot(2, 3));
    CHECK(wrong.losses == Numbers{2000});
    CHECK(wrong.dy == Numbers{1, 0, -1});
}

} // namespace

TEST_CASE("SoftmaxCrossEntropy obeys the laws of losses") {
    loss_laws<1, 2, 10, 17>(ln::SoftmaxCrossEntropy{});
    loss_laws<1, 2, 10>(ln::SoftmaxCrossEntropy{.label_smoothing = 0.2});
}

TEST_CASE("SoftmaxCrossEntropy of targets that do not sum to 1 has the gradient of its own loss") {
    constexpr int n = 10;
    for (const Numbers& t :
         {times(0.5, distributions(1, n)), times(3, one_hot(4, n)), Numbers(n, 1.0), Numbers(n, 0.0)})
        gradient_equals_differences<n>(ln::SoftmaxCrossEntropy{}, t);
}

TEST_CASE("WeightedCrossEntropy obeys the laws of losses") {
    loss_laws<2>(ln::WeightedCrossEntropy<2>{.class_weights = {0.25, 3}});
    loss_laws<5>(ln::WeightedCrossEntropy<5>{.class_weights = {1, 0, 2, 3, 0.5}, .label_smoothing = 0.125});
}

TEST_CASE("losses of numbers obey the laws of losses") {
    loss_laws<1, 2, 10, 17>(ln::MeanSquaredError{});
    loss_laws<1, 2, 10, 17>(ln::MeanAbsoluteError{});
    loss_laws<1, 2, 10, 17>(ln::Huber{});
    loss_laws<1, 10>(ln::Huber{.delta = 0.125});
}

TEST_CASE("losses of sound obey the laws of losses") {
    loss_laws<1, 10>(ln::ESR{});
    loss_laws<1, 17>(ln::ESR{.pre_emphasis = 0.85, .epsilon = 0.25});
    loss_laws<1, 10>(ln::DC{});
}

TEST_CASE("LossSum obeys the laws of losses") {
    loss_laws<10>(ln::LossSum{ln::ESR{.pre_emphasis = 0.95}, ln::DC{}}.weighted(0.75, 0.25));
    const ln::LossSum inner{ln::Huber{.delta = 0.125}, ln::BinaryCrossEntropy{}};
    loss_laws<3>(ln::LossSum{ln::MeanAbsoluteError{}, inner.weighted(3, 2), ln::MeanSquaredError{}});
}

TEST_CASE("BinaryCrossEntropy obeys the laws of losses") {
    loss_laws<1, 2, 10, 17>(ln::BinaryCrossEntropy{});
    loss_laws<1, 10>(ln::BinaryCrossEntropy{.positive_weight = 2.5});
}

TEST_CASE("SoftmaxCrossEntropy does not overflow") {
    huge_scores<float>();
    huge_scores<double>();
}

TEST_CASE("SoftmaxCrossEntropy of soft targets is the mean of the labels' losses") {
    constexpr int n = 5;
    const Numbers y = laws::numbers(n, 3), t = distributions(1, n);
    double mean = 0;
    for (int label = 0; label < n; ++label)
        mean += t[static_cast<std::size_t>(label)] *
                evaluate<n, double>(ln::SoftmaxCrossEntropy{}, y, one_hot(label, n)).losses[0];
    CHECK(evaluate<n, double>(ln::SoftmaxCrossEntropy{}, y, t).losses[0] ==
          doctest::Approx(mean).epsilon(laws::rounding<double>));
}

TEST_CASE("SoftmaxCrossEntropy of any weights of the classes is the weighted sum of the labels' losses") {
    constexpr int n = 4;
    const Numbers y = laws::numbers(n, 3);
    for (const Numbers& t :
         {Numbers{1, 1, 0, 0}, Numbers{0.5, 0, 0, 0}, Numbers{0, 0, 0, 0}, Numbers{2, 1, 3, 0.5}}) {
        Evaluated sum{{0}, Numbers(n)};
        for (int label = 0; label < n; ++label) {
            const Evaluated one = evaluate<n, double>(ln::SoftmaxCrossEntropy{}, y, one_hot(label, n));
            sum.losses[0] += t[static_cast<std::size_t>(label)] * one.losses[0];
            for (std::size_t i = 0; i < n; ++i)
                sum.dy[i] += t[static_cast<std::size_t>(label)] * one.dy[i];
        }
        const Evaluated found = evaluate<n, double>(ln::SoftmaxCrossEntropy{}, y, t);
        laws::check_close("loss", found.losses, sum.losses, laws::rounding<double>);
        laws::check_close("gradient", found.dy, sum.dy, laws::rounding<double>);
    }
}

TEST_CASE("SoftmaxCrossEntropy is the logarithm of the share of the label") {
    constexpr int n = 5;
    const Numbers y = laws::numbers(n, 3);
    double sum = 0;
    for (const double score : y)
        sum += std::exp(score);
    CHECK(evaluate<n, double>(ln::SoftmaxCrossEntropy{}, y, one_hot(3, n)).losses[0] ==
          doctest::Approx(-std::log(std::exp(y[3]) / sum)).epsilon(laws::rounding<double>));
}

TEST_CASE("MeanSquaredError is the mean of the squares of what is missing") {
    const Evaluated found = evaluate<4, double>(ln::MeanSquaredError{}, {1, 2, 3, 4}, {1, 0, 4, 4});
    CHECK(found.losses == Numbers{1.25});
    CHECK(found.dy == Numbers{0, 1, -0.5, 0});
}

TEST_CASE("MeanAbsoluteError: gradients are signs, 0 where nothing is missing") {
    const Evaluated found = evaluate<4, double>(ln::MeanAbsoluteError{}, {1, 2, 3, 4}, {1, 0, 7, 4});
    CHECK(found.losses == Numbers{1.5});
    CHECK(found.dy == Numbers{0, 0.25, -0.25, 0});
}

TEST_CASE("Huber is half a square up to delta and a line beyond") {
    const Evaluated found = evaluate<4, double>(ln::Huber{.delta = 2}, {1, 2, 3, -8}, {1, 0, 4, 2});
    CHECK(found.losses == Numbers{(0 + 2 + 0.5 + 2 * (10 - 1)) / 4});
    CHECK(found.dy == Numbers{0, 0.5, -0.25, -0.5});
}

namespace {

/// The exact loss and derivative of a logit, or what is nearest in long double.
struct Exact {
    long double loss, slope;
};
Exact exact(double logit, double t, double weight) {
    const long double y = logit, e = std::exp(-std::abs(y));
    const long double smaller = e / (1 + e), larger = 1 / (1 + e), correction = std::log1p(e);
    const long double no = (1 - static_cast<long double>(t)), yes = static_cast<long double>(t) * weight;
    return {no * (std::max(y, 0.0L) + correction) + yes * (std::max(-y, 0.0L) + correction),
            no * (y < 0 ? smaller : larger) - yes * (y < 0 ? larger : smaller)};
}

template <class E>
void check_logits(double largest) {
    using T = ln::scalar_of<E>;
    // exp and the logarithm are good to 3 units in the last place, and a few more operations follow.
    constexpr double few_units = 6 * double{std::numeric_limits<T>::epsilon()};
    constexpr auto lanes = static_cast<std::size_t>(ln::lanes_of<E>);
    for (const double weight : {1.0, 0.5, 8.0})
        for (const double t : {0.0, 1.0})
            for (double size = 1e-6; size < largest; size *= 1.25)
                for (const double of : {size, -size}) {
                    const auto logit = static_cast<double>(static_cast<T>(of));
                    const Evaluated found = evaluate<1, E>(ln::BinaryCrossEntropy{.positive_weight = weight},
                                                           Numbers(lanes, logit), Numbers(lanes, t));
                    const Exact right = exact(logit, t, weight);
                    CAPTURE(logit);
                    CAPTURE(t);
                    // Relative to the exact value, however small it is.
                    CHECK(found.losses[0] ==
                          doctest::Approx(static_cast<double>(right.loss)).epsilon(few_units).scale(0));
                    CHECK(found.dy[0] ==
                          doctest::Approx(static_cast<double>(right.slope)).epsilon(few_units).scale(0));
                }
}

} // namespace

TEST_CASE("BinaryCrossEntropy: loss and gradient are exact to the last digits for a logit of any size") {
    check_logits<double>(700); // what is below the smallest normal number has fewer digits
    check_logits<ln::pack<double>>(700);
    check_logits<float>(85);
    check_logits<ln::pack<float>>(85);
    for (const double y : {90.0, 1e4, 3e38}) {
        CAPTURE(y);
        const auto logit = static_cast<double>(static_cast<float>(y));
        const Evaluated right = evaluate<1, float>(ln::BinaryCrossEntropy{}, {logit}, {1});
        CHECK(right.losses[0] <= 1e-38);
        CHECK(std::abs(right.dy[0]) <= 1e-38);
        CHECK(evaluate<1, float>(ln::BinaryCrossEntropy{}, {-logit}, {0}).losses[0] <= 1e-38);
        const Evaluated wrong = evaluate<1, float>(ln::BinaryCrossEntropy{}, {-logit}, {1});
        CHECK(wrong.losses == Numbers{logit});
        CHECK(wrong.dy == Numbers{-1});
    }
}

TEST_CASE("BinaryCrossEntropy of one logit is the cross entropy of two scores") {
    for (const double y : {-2.0, 0.0, 0.125, 1.0})
        for (const int label : {0, 1}) {
            const Evaluated one = evaluate<1, double>(ln::BinaryCrossEntropy{}, {y}, {double(label)});
            const Evaluated two = evaluate<2, double>(ln::SoftmaxCrossEntropy{}, {0, y}, one_hot(label, 2));
            laws::check_close("loss", one.losses, two.losses, laws::rounding<double>);
            laws::check_close("gradient", one.dy, Numbers{two.dy[1]}, laws::rounding<double>);
        }
}

TEST_CASE("WeightedCrossEntropy of equal weights is SoftmaxCrossEntropy, bit for bit") {
    const Numbers y = laws::numbers(3, 8), t = distributions(1, 3);
    const Evaluated plain = evaluate<3, float>(ln::SoftmaxCrossEntropy{.label_smoothing = 0.25}, y, t);
    const Evaluated equal = evaluate<3, float>(
        ln::WeightedCrossEntropy<3>{.class_weights = {1, 1, 1}, .label_smoothing = 0.25}, y, t);
    CHECK(plain.losses == equal.losses);
    CHECK(plain.dy == equal.dy);
}
