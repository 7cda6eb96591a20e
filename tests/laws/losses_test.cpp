// What must hold for every loss.
#include "checks.hpp"

#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/tensor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ln = lamina;
using laws::Numbers;

namespace {

/// Losses of samples, and their gradients sample by sample.
struct Evaluated {
    Numbers losses, dy;
};

/// `Loss` of as many samples of N numbers as E has lanes.
template <class Loss, int N, class E>
Evaluated evaluate(const Numbers& y, const Numbers& t) {
    using T = ln::scalar_of<E>;
    constexpr int lanes = ln::lanes_of<E>;
    ln::Tensor<E, ln::Shape<N>> y_, t_, dy_;
    for (int i = 0; i < lanes * N; ++i) {
        ln::set_lane(y_[i % N], i / N, static_cast<T>(y[static_cast<std::size_t>(i)]));
        ln::set_lane(t_[i % N], i / N, static_cast<T>(t[static_cast<std::size_t>(i)]));
    }
    const E loss = Loss{}.loss_and_gradient(y_.view(), t_.view(), dy_.view());
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

template <class Loss, int N>
void gradient_equals_differences(const Numbers& t) {
    // As for layers: far more than the differences' own error.
    constexpr double step = 1e-5, tolerance = 1e-6;
    Numbers y = laws::separated(N, 5), differences;
    const Numbers dy = evaluate<Loss, N, double>(y, t).dy;
    for (double& number : y) {
        const double here = number;
        number = here + step;
        const double above = evaluate<Loss, N, double>(y, t).losses[0];
        number = here - step;
        const double below = evaluate<Loss, N, double>(y, t).losses[0];
        number = here;
        differences.push_back((above - below) / (2 * step));
    }
    laws::check_close("gradient", dy, differences, tolerance);
}

template <class Loss, int N, class T>
void packs_equal_scalars() {
    constexpr int lanes = ln::native_lanes<T>;
    const Numbers y = laws::numbers(lanes * N, 23), t = weights(lanes, N);
    Evaluated scalars;
    for (int s = 0; s < lanes; ++s) {
        const auto from = [s](const Numbers& all) {
            return Numbers{all.begin() + s * N, all.begin() + (s + 1) * N};
        };
        const Evaluated one = evaluate<Loss, N, T>(from(y), from(t));
        scalars.losses.push_back(one.losses[0]);
        scalars.dy.insert(scalars.dy.end(), one.dy.begin(), one.dy.end());
    }
    const Evaluated packs = evaluate<Loss, N, ln::pack<T>>(y, t);
    laws::check_close("losses", packs.losses, scalars.losses, laws::rounding<T>);
    laws::check_close("gradients", packs.dy, scalars.dy, laws::rounding<T>);
}

template <class Loss, int... N>
void loss_laws() {
    (gradient_equals_differences<Loss, N>(one_hot(N / 2, N)), ...);
    (gradient_equals_differences<Loss, N>(distributions(1, N)), ...);
    (packs_equal_scalars<Loss, N, double>(), ...);
    (packs_equal_scalars<Loss, N, float>(), ...);
}

/// Scores of +-1000, whose exponentials no float holds: class 0 is ahead by 2000.
template <class T>
void huge_scores() {
    const Numbers y{1000, -1000, -1000};
    const Evaluated right = evaluate<ln::SoftmaxCrossEntropy, 3, T>(y, one_hot(0, 3));
    CHECK(right.losses == Numbers{0});
    CHECK(right.dy == Numbers{0, 0, 0});
    const Evaluated wrong = evaluate<ln::SoftmaxCrossEntropy, 3, T>(y, one_hot(2, 3));
    CHECK(wrong.losses == Numbers{2000});
    CHECK(wrong.dy == Numbers{1, 0, -1});
}

} // namespace

TEST_CASE("SoftmaxCrossEntropy obeys the laws of losses") {
    loss_laws<ln::SoftmaxCrossEntropy, 1, 2, 10, 17>();
}

TEST_CASE("SoftmaxCrossEntropy of targets that do not sum to 1 has the gradient of its own loss") {
    constexpr int n = 10;
    for (const Numbers& t :
         {times(0.5, distributions(1, n)), times(3, one_hot(4, n)), Numbers(n, 1.0), Numbers(n, 0.0)})
        gradient_equals_differences<ln::SoftmaxCrossEntropy, n>(t);
}

TEST_CASE("MeanSquaredError obeys the laws of losses") {
    loss_laws<ln::MeanSquaredError, 1, 2, 10, 17>();
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
                evaluate<ln::SoftmaxCrossEntropy, n, double>(y, one_hot(label, n)).losses[0];
    CHECK(evaluate<ln::SoftmaxCrossEntropy, n, double>(y, t).losses[0] ==
          doctest::Approx(mean).epsilon(laws::rounding<double>));
}

TEST_CASE("SoftmaxCrossEntropy of any weights of the classes is the weighted sum of the labels' losses") {
    constexpr int n = 4;
    const Numbers y = laws::numbers(n, 3);
    for (const Numbers& t :
         {Numbers{1, 1, 0, 0}, Numbers{0.5, 0, 0, 0}, Numbers{0, 0, 0, 0}, Numbers{2, 1, 3, 0.5}}) {
        Evaluated sum{{0}, Numbers(n)};
        for (int label = 0; label < n; ++label) {
            const Evaluated one = evaluate<ln::SoftmaxCrossEntropy, n, double>(y, one_hot(label, n));
            sum.losses[0] += t[static_cast<std::size_t>(label)] * one.losses[0];
            for (std::size_t i = 0; i < n; ++i)
                sum.dy[i] += t[static_cast<std::size_t>(label)] * one.dy[i];
        }
        const Evaluated found = evaluate<ln::SoftmaxCrossEntropy, n, double>(y, t);
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
    CHECK(evaluate<ln::SoftmaxCrossEntropy, n, double>(y, one_hot(3, n)).losses[0] ==
          doctest::Approx(-std::log(std::exp(y[3]) / sum)).epsilon(laws::rounding<double>));
}

TEST_CASE("MeanSquaredError is the mean of the squares of what is missing") {
    const Evaluated found = evaluate<ln::MeanSquaredError, 4, double>({1, 2, 3, 4}, {1, 0, 4, 4});
    CHECK(found.losses == Numbers{1.25});
    CHECK(found.dy == Numbers{0, 1, -0.5, 0});
}
