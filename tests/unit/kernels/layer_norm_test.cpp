// Layer norm against plain loops in long double.
#include <lamina/kernels/layer_norm.hpp>

#include "made_images.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace ln = lamina;
namespace kernels = lamina::kernels;

namespace {

constexpr double epsilon = 1e-5;

/// What a sample's result is, in long double.
struct Reference {
    long double mean = 0, inverse_sigma = 0, sum = 0, sum_xhat = 0;
};

template <class E, class S, ln::pad HaloX, ln::pad HaloY, ln::pad HaloDY>
void check_layer_norm(double offset, double spread, double tolerance) {
    using T = ln::scalar_of<E>;
    constexpr int N = S::size, L = ln::lanes_of<E>;
    made::Image<E, S, HaloX> x, dx;
    made::Image<E, S, HaloY> y;
    made::Image<E, S, HaloDY> dy;
    made::Image<T, S> gamma, beta, dgamma, dbeta;
    made::Numbers numbers;
    gamma.fill([&](int i, int r) { return 1.5 + numbers(i, r); });
    beta.fill(numbers);
    dgamma.fill([](int, int) { return 0.5; });
    dbeta.fill([](int, int) { return 0.25; });
    dx.fill([](int, int) { return 0.5; });
    dy.fill([&](int i, int r) { return 0.1 + numbers(i, r); });
    x.fill([&](int i, int r) { return offset + spread * (r + numbers(i, r)); });

    E mean = E(T(0)), inverse_sigma = E(T(0));
    const auto f = [](auto e, auto... index) {
        return e + decltype(e)(T(0.01) * static_cast<T>((index + ...)));
    };
    kernels::layer_norm(x.view(), epsilon, gamma.view(), beta.view(), y.view(), mean, inverse_sigma, f);
    made::Image<E, S> written;
    kernels::layer_norm_input_gradient(x.view(), dy.view(), mean, inverse_sigma, gamma.view(),
                                       written.view());
    kernels::layer_norm_input_gradient<kernels::Store::add>(x.view(), dy.view(), mean, inverse_sigma,
                                                            gamma.view(), dx.view());
    kernels::layer_norm_parameter_gradient(x.view(), dy.view(), mean, inverse_sigma, dgamma.view(),
                                           dbeta.view(), false);

    double worst = 0;
    const auto see = [&](long double got, long double want, long double scale) {
        const auto e = static_cast<double>(std::fabs(got - want) / std::max(std::fabs(want), scale));
        worst = e >= worst ? e : std::isnan(e) ? std::numeric_limits<double>::infinity() : worst;
    };
    std::vector<long double> want_dgamma(std::size_t{N}), want_dbeta(std::size_t{N});
    for (int r = 0; r < L; ++r) {
        Reference want;
        long double var = 0;
        for (int i = 0; i < N; ++i)
            want.mean += x.at(i, r) / N;
        for (int i = 0; i < N; ++i)
            var += (x.at(i, r) - want.mean) * (x.at(i, r) - want.mean) / N;
        want.inverse_sigma = 1 / std::sqrt(var + epsilon);
        const auto xhat = [&](int i) { return (x.at(i, r) - want.mean) * want.inverse_sigma; };
        for (int i = 0; i < N; ++i) {
            want.sum += gamma.at(i, 0) * dy.at(i, r) / N;
            want.sum_xhat += gamma.at(i, 0) * dy.at(i, r) * xhat(i) / N;
            want_dgamma[static_cast<std::size_t>(i)] += dy.at(i, r) * xhat(i);
            want_dbeta[static_cast<std::size_t>(i)] += dy.at(i, r);
        }
        see(static_cast<double>(ln::lane(inverse_sigma, r)), want.inverse_sigma, 0);
        for (int i = 0; i < N; ++i) {
            const int W = S::extents[S::rank - 1], H = S::extents[S::rank < 2 ? 0 : S::rank - 2];
            const int indices = S::rank == 3   ? i / (H * W) + i / W % H + i % W
                                : S::rank == 2 ? i / W + i % W
                                               : i;
            see(y.at(i, r), gamma.at(i, 0) * xhat(i) + beta.at(i, 0) + 0.01 * indices, 1);
            const long double d =
                want.inverse_sigma * (gamma.at(i, 0) * dy.at(i, r) - want.sum - xhat(i) * want.sum_xhat);
            see(written.at(i, r), d, want.inverse_sigma);
            see(dx.at(i, r), 0.5 + d, std::max(want.inverse_sigma, 0.5L));
        }
    }
    for (int i = 0; i < N; ++i) {
        see(dgamma.at(i, 0), 0.5 + want_dgamma[static_cast<std::size_t>(i)], std::sqrt(double{L}));
        see(dbeta.at(i, 0), 0.25 + want_dbeta[static_cast<std::size_t>(i)], std::sqrt(double{L}));
    }
    kernels::layer_norm_parameter_gradient(x.view(), dy.view(), mean, inverse_sigma, dgamma.view(),
                                           dbeta.view(), true);
    for (int i = 0; i < N; ++i) {
        see(dgamma.at(i, 0), want_dgamma[static_cast<std::size_t>(i)], std::sqrt(double{L}));
        see(dbeta.at(i, 0), want_dbeta[static_cast<std::size_t>(i)], std::sqrt(double{L}));
    }
    CHECK(worst < tolerance);
    CHECK(y.halo_is_untouched());
    CHECK(dx.halo_is_untouched());
}

/// A few roundings of T: of sums of hundreds of numbers, taken in parts.
template <class E, class S, ln::pad HaloX, ln::pad HaloY, ln::pad HaloDY>
void check_layer_norm() {
    check_layer_norm<E, S, HaloX, HaloY, HaloDY>(
        0.5, 2, 40 * double{std::numeric_limits<ln::scalar_of<E>>::epsilon()});
}

} // namespace

TEST_CASE("layer norm: of images and vectors, with any halos") {
    check_layer_norm<ln::pack<float>, ln::Shape<2, 20, 33>, 1, 0, 2>();
    check_layer_norm<ln::pack<float>, ln::Shape<301>, 0, 0, 0>();
    check_layer_norm<float, ln::Shape<5, 12>, 0, 0, 0>();
    check_layer_norm<ln::pack<double>, ln::Shape<2, 6, 9>, 0, 1, 0>();
    check_layer_norm<float, ln::Shape<2, 6, 9>, 1, 1, 1>();
    check_layer_norm<double, ln::Shape<37>, 0, 0, 0>();
}

TEST_CASE("layer norm: of data far from zero") {
    // Floats near 1000 lie 2^-14 apart, which is 0.001 of sigma: the mean that is kept for backward has half
    // of that.
    check_layer_norm<ln::pack<float>, ln::Shape<2, 20, 33>, 1, 0, 2>(1000, 0.1, 6e-4);
}

TEST_CASE("layer norm: forward of data far from zero loses no digits") {
    made::Image<ln::pack<float>, ln::Shape<500>> x, y;
    made::Image<float, ln::Shape<500>> gamma, beta;
    made::Numbers numbers;
    numbers.mean = 1000;
    numbers.spread = 0.1;
    x.fill(numbers);
    gamma.fill([](int, int) { return 1; });
    beta.fill([](int, int) { return 0; });
    ln::pack<float> mean, inverse_sigma;
    kernels::layer_norm(x.view(), epsilon, gamma.view(), beta.view(), y.view(), mean, inverse_sigma,
                        [](auto e, int) { return e; });
    double worst = 0;
    for (int r = 0; r < ln::native_lanes<float>; ++r) {
        double m = 0, v = 0;
        for (int i = 0; i < 500; ++i)
            m += x.at(i, r) / 500;
        for (int i = 0; i < 500; ++i)
            v += std::pow(x.at(i, r) - m, 2) / 500;
        for (int i = 0; i < 500; ++i)
            worst = std::max(worst, std::fabs(y.at(i, r) - (x.at(i, r) - m) / std::sqrt(v + epsilon)));
    }
    CHECK(worst < 2e-6);
}
