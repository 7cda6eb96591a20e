// Batch norm against plain loops in long double, because the plain sums of many numbers lose digits too.
#include <lamina/kernels/batch_norm.hpp>
#include <lamina/kernels/batch_norm_running.hpp>

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

/// Numbers of each channel, with a view.
template <class T, int C>
struct PerChannel {
    std::vector<T> numbers = std::vector<T>(std::size_t{C});
    [[nodiscard]] ln::View<T, ln::Shape<C>> view() { return ln::View<T, ln::Shape<C>>{numbers.data()}; }
    [[nodiscard]] double operator[](int c) const {
        return static_cast<double>(numbers[static_cast<std::size_t>(c)]);
    }
};

/// The largest relative error so far, where errors are relative to at least `scale`.
struct Worst {
    double error = 0;
    void see(long double got, long double want, long double scale) {
        const auto e = static_cast<double>(std::fabs(got - want) / std::max(std::fabs(want), scale));
        error = e >= error ? e : std::isnan(e) ? std::numeric_limits<double>::infinity() : error;
    }
};

/// Batches of `packs` packs, the last of which has `samples` samples, through all that batch norm consists
/// of.
template <class E, class S, ln::pad HaloX, ln::pad HaloY, ln::pad HaloDY>
struct Batch {
    static constexpr int C = S::extents[0], area = S::size / C, L = ln::lanes_of<E>;
    using T = ln::scalar_of<E>;
    using Doubles = PerChannel<double, C>;

    int packs, samples;
    std::vector<made::Image<E, S, HaloX>> x = std::vector<made::Image<E, S, HaloX>>(as_size(packs));
    std::vector<made::Image<E, S, HaloY>> y = std::vector<made::Image<E, S, HaloY>>(as_size(packs));
    std::vector<made::Image<E, S, HaloDY>> dy = std::vector<made::Image<E, S, HaloDY>>(as_size(packs));
    std::vector<made::Image<E, S, HaloX>> dx = std::vector<made::Image<E, S, HaloX>>(as_size(packs));
    PerChannel<T, C> gamma{}, beta{}, running_mean{}, running_var{};
    Doubles mean{}, inverse{}, sum{}, sum_xhat{};
    std::vector<long double> want_mean = std::vector<long double>(std::size_t{C}), want_var = want_mean,
                             want_sum = want_mean, want_sum_xhat = want_mean;
    double count = 0;

    static std::size_t as_size(int n) { return static_cast<std::size_t>(n); }
    [[nodiscard]] int lanes(int pack) const { return pack == packs - 1 ? samples : L; }

    template <class F>
    void each(int c, F f) { // of the elements of channel c that count
        for (int p = 0; p < packs; ++p)
            for (int r = 0; r < lanes(p); ++r)
                for (int i = c * area; i < (c + 1) * area; ++i)
                    f(p, i, r);
    }
    [[nodiscard]] long double xhat(int c, int p, int i, int r) {
        return (x[as_size(p)].at(i, r) - want_mean[as_size(c)]) / std::sqrt(want_var[as_size(c)] + epsilon);
    }

    Batch(int packs_, int samples_, double offset, double spread) : packs{packs_}, samples{samples_} {
        made::Numbers numbers;
        for (int p = 0; p < packs; ++p) {
            numbers.mean = offset;
            numbers.spread = spread;
            x[as_size(p)].fill([&](int i, int r) {
                // In lanes that do not count anything may be, dy but for zero excepted.
                return r < lanes(p) ? numbers(i, r) + 0.3 * spread * (i / area) : 1e6;
            });
            numbers.mean = 0.1;
            numbers.spread = 1;
            dy[as_size(p)].fill([&](int i, int r) { return r < lanes(p) ? numbers(i, r) : 0; });
            dx[as_size(p)].fill([](int, int) { return 0.5; });
        }
        for (int c = 0; c < C; ++c) {
            gamma.numbers[as_size(c)] = static_cast<T>(1 + 0.25 * c);
            beta.numbers[as_size(c)] = static_cast<T>(0.5 - 0.125 * c);
            running_mean.numbers[as_size(c)] = static_cast<T>(0.5 + c);
            running_var.numbers[as_size(c)] = static_cast<T>(1 + c);
            double n = 0;
            long double& m = want_mean[as_size(c)];
            long double& v = want_var[as_size(c)];
            each(c, [&](int p, int i, int r) { m += x[as_size(p)].at(i, r), n += 1; });
            m /= n;
            each(c, [&](int p, int i, int r) {
                v += (x[as_size(p)].at(i, r) - m) * (x[as_size(p)].at(i, r) - m);
            });
            v /= n;
            each(c, [&](int p, int i, int r) {
                want_sum[as_size(c)] += dy[as_size(p)].at(i, r);
                want_sum_xhat[as_size(c)] += dy[as_size(p)].at(i, r) * xhat(c, p, i, r);
            });
            count = n;
        }
    }

    /// Largest errors: of a mean relative to sigma, of a variance.
    void check_statistics(double tolerance) {
        double n = 0;
        for (int p = 0; p < packs; ++p) {
            Doubles m, s;
            const double more =
                kernels::batch_norm_gather(x[as_size(p)].view(), lanes(p), m.view(), s.view());
            n = kernels::batch_norm_merge(n, mean.view(), inverse.view(), more, m.view(), s.view());
        }
        CHECK(n == count);
        Worst means, variances, running;
        for (int c = 0; c < C; ++c) {
            const long double v = want_var[as_size(c)];
            means.see((mean[c] - want_mean[as_size(c)]) / std::sqrt(v + epsilon), 0, 1);
            variances.see(inverse[c] / count, v, epsilon);
        }
        const auto before_mean = running_mean, before_var = running_var;
        kernels::batch_norm_finish(count, 0.1, epsilon, mean.view(), inverse.view(), running_mean.view(),
                                   running_var.view());
        for (int c = 0; c < C; ++c) {
            const long double v = want_var[as_size(c)];
            variances.see(inverse[c], 1 / std::sqrt(v + epsilon), 0);
            running.see(running_mean[c], 0.9 * before_mean[c] + 0.1 * want_mean[as_size(c)], 0.1);
            running.see(running_var[c], 0.9 * before_var[c] + 0.1 * v * count / (count - 1), 0.1);
        }
        CHECK(means.error < tolerance);
        CHECK(variances.error < tolerance);
        CHECK(running.error < std::max(tolerance, 4.0 * double{std::numeric_limits<T>::epsilon()}));
    }

    /// After `check_statistics`.
    void check_forward(double tolerance) {
        Worst worst;
        bool halos = true;
        for (int p = 0; p < packs; ++p) {
            // The epilogue has the value and its indices.
            const auto f = [](auto e, auto... index) {
                return e + decltype(e)(T(0.01) * static_cast<T>((index + ...)));
            };
            kernels::batch_norm(x[as_size(p)].view(), mean.view(), inverse.view(), gamma.view(), beta.view(),
                                y[as_size(p)].view(), f);
            halos = halos && y[as_size(p)].halo_is_untouched();
        }
        for (int c = 0; c < C; ++c)
            each(c, [&](int p, int i, int r) {
                const int inside = i - c * area;
                const int indices =
                    c + (S::rank == 3   ? inside / S::extents[S::rank - 1] + inside % S::extents[S::rank - 1]
                         : S::rank == 2 ? inside
                                        : 0);
                worst.see(y[as_size(p)].at(i, r), gamma[c] * xhat(c, p, i, r) + beta[c] + 0.01 * indices, 1);
            });
        CHECK(worst.error < tolerance);
        CHECK(halos);
    }

    void check_backward(double tolerance) {
        for (int p = 0; p < packs; ++p) {
            Doubles s, sx;
            kernels::batch_norm_gather_gradient(x[as_size(p)].view(), dy[as_size(p)].view(), mean.view(),
                                                inverse.view(), s.view(), sx.view(),
                                                [](auto g, auto...) { return g; });
            for (std::size_t c = 0; c < std::size_t{C}; ++c) {
                sum.numbers[c] += s.numbers[c];
                sum_xhat.numbers[c] += sx.numbers[c];
            }
        }
        Worst sums, gradients, beyond;
        for (int c = 0; c < C; ++c) {
            sums.see(sum[c], want_sum[as_size(c)], std::sqrt(count));
            sums.see(sum_xhat[c], want_sum_xhat[as_size(c)], std::sqrt(count));
        }
        for (int p = 0; p < packs; ++p) {
            made::Image<E, S, 0> written;
            kernels::batch_norm_input_gradient(x[as_size(p)].view(), dy[as_size(p)].view(), lanes(p),
                                               mean.view(), inverse.view(), sum.view(), sum_xhat.view(),
                                               count, gamma.view(), written.view());
            kernels::batch_norm_input_gradient<kernels::Store::add>(
                x[as_size(p)].view(), dy[as_size(p)].view(), lanes(p), mean.view(), inverse.view(),
                sum.view(), sum_xhat.view(), count, gamma.view(), dx[as_size(p)].view());
            for (int c = 0; c < C; ++c) {
                const long double scale = gamma[c] / std::sqrt(want_var[as_size(c)] + epsilon);
                for (int i = c * area; i < (c + 1) * area; ++i)
                    for (int r = 0; r < L; ++r) {
                        const long double want =
                            r < lanes(p) ? scale * (dy[as_size(p)].at(i, r) - want_sum[as_size(c)] / count -
                                                    xhat(c, p, i, r) * want_sum_xhat[as_size(c)] / count)
                                         : 0;
                        gradients.see(written.at(i, r), want, scale);
                        gradients.see(dx[as_size(p)].at(i, r), 0.5 + want, std::max(scale, 0.5L));
                        if (r >= lanes(p))
                            beyond.see(written.at(i, r), 0, 1);
                    }
            }
        }
        CHECK(sums.error < tolerance);
        CHECK(gradients.error < tolerance);
        CHECK(beyond.error == 0);
    }
};

/// One batch of whole packs, one whose last pack is partial. Errors of a few roundings of T: of sums of
/// hundreds of numbers, taken in parts.
template <class E, class S, ln::pad HaloX, ln::pad HaloY, ln::pad HaloDY>
void check_all() {
    constexpr double tolerance = 40 * double{std::numeric_limits<ln::scalar_of<E>>::epsilon()};
    constexpr int L = ln::lanes_of<E>;
    for (int samples : {L, (L + 1) / 2, 1}) {
        Batch<E, S, HaloX, HaloY, HaloDY> batch{3, samples, 0.5, 2};
        batch.check_statistics(tolerance);
        batch.check_forward(tolerance);
        batch.check_backward(tolerance);
    }
}

} // namespace

TEST_CASE("batch norm: of images, with any halos") {
    check_all<ln::pack<float>, ln::Shape<2, 20, 33>, 1, 0, 2>(); // blocks of several rows
    check_all<ln::pack<float>, ln::Shape<2, 3, 301>, 0, 2, 1>(); // of a part of a row
    check_all<float, ln::Shape<2, 6, 9>, 1, 1, 1>();
}

TEST_CASE("batch norm: of vectors and of channels of sequences") {
    check_all<ln::pack<float>, ln::Shape<37>, 0, 0, 0>();
    check_all<float, ln::Shape<5, 12>, 0, 0, 0>();
    check_all<ln::pack<double>, ln::Shape<3>, 0, 0, 0>();
}

TEST_CASE("batch norm: means and variances of data far from zero") {
    // x = 1000 + 0.1 times a number from -1 to 1, to the 2^-14 that floats have there: the reference is of
    // the rounded numbers. x^2 and sums of it would have no digit of the variance.
    constexpr double tolerance = 2e-6;
    for (int samples : {ln::native_lanes<float>, 1}) {
        Batch<ln::pack<float>, ln::Shape<2, 20, 33>, 1, 0, 2> batch{2, samples, 1000, 0.1};
        batch.check_statistics(tolerance);
        batch.check_forward(tolerance);
        batch.check_backward(tolerance);
    }
    Batch<ln::pack<float>, ln::Shape<37>, 0, 0, 0> vectors{6, 1, 1000, 0.1};
    vectors.check_statistics(tolerance);
    vectors.check_forward(tolerance);
    vectors.check_backward(tolerance);
}

TEST_CASE("batch norm: a first element far from all others costs no more than it adds to the variance") {
    made::Image<ln::pack<float>, ln::Shape<1, 16, 16>> x;
    made::Numbers numbers;
    x.fill([&](int i, int r) { return i == 0 ? 1e6 : numbers(i, r); });
    double want_mean = 0, want = 0;
    constexpr int n = 256 * ln::native_lanes<float>;
    for (int i = 0; i < 256; ++i)
        for (int r = 0; r < ln::native_lanes<float>; ++r)
            want_mean += x.at(i, r) / n;
    for (int i = 0; i < 256; ++i)
        for (int r = 0; r < ln::native_lanes<float>; ++r)
            want += std::pow(x.at(i, r) - want_mean, 2);
    PerChannel<double, 1> mean, squares;
    kernels::batch_norm_gather(x.view(), ln::native_lanes<float>, mean.view(), squares.view());
    // The sum of squares relative to the first element is 256 times as large as the result: four roundings of
    // it.
    CHECK(std::fabs(squares[0] / want - 1) < 256 * 4 * 6e-8);
    CHECK(std::fabs(mean[0] / want_mean - 1) < 256 * 4 * 6e-8);
}

TEST_CASE("batch norm: merging is as good as one set, also with an empty one") {
    const kernels::Moments a{3, 2, 8}, none{0, 0, 0};
    const kernels::Moments left = kernels::merged(none, a), right = kernels::merged(a, none);
    CHECK((left.count == 3 && left.mean == 2 && left.squares == 8));
    CHECK((right.count == 3 && right.mean == 2 && right.squares == 8));
    const kernels::Moments both = kernels::merged({2, 1, 2}, {2, 5, 2}); // 0 2 and 4 6
    CHECK((both.count == 4 && both.mean == 3 && both.squares == 20));
}

namespace {

/// By running statistics: packs, numbers and, of images, one sample with channels in lanes.
template <class S, ln::pad HaloX, ln::pad HaloY>
void check_running() {
    constexpr int C = S::extents[0], area = S::size / C;
    PerChannel<float, C> mean, var, gamma, beta;
    made::Numbers numbers;
    for (std::size_t c = 0; c < std::size_t{C}; ++c) {
        mean.numbers[c] = static_cast<float>(numbers(0, 0));
        var.numbers[c] = static_cast<float>(1.5 + numbers(0, 0));
        gamma.numbers[c] = static_cast<float>(numbers(0, 0));
        beta.numbers[c] = static_cast<float>(numbers(0, 0));
    }
    double worst = 0;
    const auto see = [&](double got, double x, int c, int added) {
        const double want = gamma[c] * (x - mean[c]) / std::sqrt(var[c] + epsilon) + beta[c];
        worst = std::max(worst, std::fabs(got - 0.01 * added - want) / std::max(1.0, std::fabs(want)));
    };
    // What the epilogue adds: all indices, or of a vector of channels those of the pixel.
    const auto sum = [](auto e, auto... i) {
        return e + decltype(e)(0.01F * static_cast<float>((i + ... + 0)));
    };
    const auto pixel = [&](auto e, auto, auto... i) { return sum(e, i...); };
    const auto pixel_of = [](int i) {
        if constexpr (S::rank == 3)
            return i % area / ln::width<S> + i % ln::width<S>;
        return 0;
    };

    made::Image<ln::pack<float>, S, HaloX> x;
    made::Image<ln::pack<float>, S, HaloY> y;
    made::Image<float, S, HaloX> one_x;
    made::Image<float, S, HaloY> one_y;
    x.fill([&](int i, int r) { return 3 * numbers(i, r); });
    one_x.fill([&](int i, int) { return x.at(i, 0); });
    kernels::batch_norm_running(x.view(), mean.view(), var.view(), epsilon, gamma.view(), beta.view(),
                                y.view(), sum);
    kernels::batch_norm_running(one_x.view(), mean.view(), var.view(), epsilon, gamma.view(), beta.view(),
                                one_y.view(), sum);
    for (int i = 0; i < S::size; ++i) {
        for (int r = 0; r < ln::native_lanes<float>; ++r)
            see(y.at(i, r), x.at(i, r), i / area, i / area + pixel_of(i));
        see(one_y.at(i, 0), one_x.at(i, 0), i / area, i / area + pixel_of(i));
    }
    if constexpr (S::rank == 3) {
        made::Image<float, S, HaloX, ln::Order::channels_last> last_x;
        made::Image<float, S, HaloY, ln::Order::channels_last> last_y, from_planes;
        made::Image<float, S, HaloY> planes;
        last_x.fill([&](int i, int) { return x.at(i, 0); });
        const auto apply = [&](auto to) {
            kernels::one::batch_norm(last_x.view(), mean.view(), var.view(), epsilon, gamma.view(),
                                     beta.view(), to, pixel);
        };
        apply(last_y.view());
        apply(planes.view());
        kernels::batch_norm_running(one_x.view(), mean.view(), var.view(), epsilon, gamma.view(), beta.view(),
                                    from_planes.view(), pixel);
        for (int i = 0; i < S::size; ++i) {
            see(last_y.at(i, 0), x.at(i, 0), i / area, pixel_of(i));
            see(planes.at(i, 0), x.at(i, 0), i / area, pixel_of(i));
            see(from_planes.at(i, 0), x.at(i, 0), i / area, pixel_of(i));
        }
        CHECK(planes.halo_is_untouched());
    }
    CHECK(worst < 1e-6); // a dozen roundings
}

} // namespace

TEST_CASE("batch norm: by running statistics, for packs, numbers and one sample with channels in lanes") {
    check_running<ln::Shape<3, 5, 7>, 0, 1>();
    check_running<ln::Shape<16, 4, 5>, 1, 0>();
    check_running<ln::Shape<37, 3, 2>, 2, 2>();
    check_running<ln::Shape<2, 3, 70>, 0, 0>(); // a row in two parts
    check_running<ln::Shape<37>, 0, 0>();
}

TEST_CASE("batch norm: constant expressions can use running statistics") {
    constexpr float got = [] {
        const float x[2] = {3, 5}, mean[2] = {1, 1}, var[2] = {4, 4}, gamma[2] = {2, 1}, beta[2] = {0, -1};
        float y[2] = {};
        using V = ln::View<const float, ln::Shape<2>>;
        kernels::batch_norm_running(V{x}, V{mean}, V{var}, 0.0, V{gamma}, V{beta},
                                    ln::View<float, ln::Shape<2>>{y}, [](float e, int) { return e; });
        return y[0] + 10 * y[1];
    }();
    static_assert(got > 11.999F && got < 12.001F);
    CHECK(got == doctest::Approx(12));
}
