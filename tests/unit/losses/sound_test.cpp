// ESR, DC and LossSum on windows of sound, against plain loops over the formulas.
#include <lamina/losses/dc.hpp>
#include <lamina/losses/esr.hpp>
#include <lamina/losses/loss_sum.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/run_time_view.hpp>
#include <lamina/tensor.hpp>

#include <doctest/doctest.h>

#include <stdexcept>

namespace ln = lamina;

namespace {

constexpr int channels = 2, steps = 5;
using Window = ln::Tensor<double, ln::Sequence<steps, ln::Shape<channels>>>;

struct Made {
    Window y, t;

    Made() {
        for (int i = 0; i < y.size; ++i) {
            y[i] = 0.125 * ((7 * i) % 11) - 0.5;
            t[i] = 0.25 * ((5 * i) % 9) - 0.75;
        }
    }
};

/// sum over c, k of (x(c, k) - a x(c, k - 1))^2, over the number of elements.
double energy(const Window& x, double a) {
    double sum = 0;
    for (int c = 0; c < channels; ++c)
        for (int k = 0; k < steps; ++k) {
            const double filtered = x(c, k) - (k > 0 ? a * x(c, k - 1) : 0);
            sum += filtered * filtered;
        }
    return sum / x.size;
}
double esr(const Window& y, const Window& t, double a, double epsilon) {
    Window d;
    for (int i = 0; i < d.size; ++i)
        d[i] = y[i] - t[i];
    return energy(d, a) / (energy(t, a) + epsilon);
}
double dc(const Window& y, const Window& t, double epsilon) {
    double squares = 0;
    for (int c = 0; c < channels; ++c) {
        double of_y = 0, of_t = 0;
        for (int k = 0; k < steps; ++k) {
            of_y += y(c, k) / steps;
            of_t += t(c, k) / steps;
        }
        squares += (of_y - of_t) * (of_y - of_t);
    }
    return squares / channels / (energy(t, 0) + epsilon);
}

struct Found {
    double loss;
    Window dy;
};
Found evaluate(const auto& loss, const Made& m) {
    Found found{};
    found.loss = loss.loss_and_gradient(m.y.view(), m.t.view(), found.dy.view());
    return found;
}

/// The loss is `expected(y)`, and its gradient that of `expected`, which is a polynomial of degree 2: a
/// central difference is exact but for rounding.
void check(const auto& loss, auto expected) {
    Made made;
    const Found found = evaluate(loss, made);
    CHECK(found.loss == doctest::Approx(expected(made.y, made.t)).epsilon(1e-14));
    for (int i = 0; i < made.y.size; ++i) {
        const double here = made.y[i];
        made.y[i] = here + 0.5;
        const double above = expected(made.y, made.t);
        made.y[i] = here - 0.5;
        const double below = expected(made.y, made.t);
        made.y[i] = here;
        CHECK(found.dy[i] == doctest::Approx(above - below).epsilon(1e-13));
    }

    // Extents known at run time: the same numbers in the same order.
    const ln::Layout<ln::AnyShape> extents{ln::dims::sequence(steps, channels)};
    const auto any = [&](Window& of) { return ln::View<double, ln::AnyShape>{of.data(), extents}; };
    Window dy;
    CHECK(ln::is_equal(loss.loss_and_gradient(any(made.y), any(made.t), any(dy)), found.loss));
    for (int i = 0; i < dy.size; ++i)
        CHECK(ln::is_equal(dy[i], found.dy[i]));
}

/// MeanSquaredError that writes its gradient in two parts.
struct InTwoParts {
    static constexpr bool only_writes_gradient = true;

    static double loss_and_gradient(auto y, auto t, auto dy) {
        double sum = 0;
        for (int i = 0; i < y.size; ++i) {
            dy[i] = 2 * y[i] / y.size;
            sum += (y[i] - t[i]) * (y[i] - t[i]) / y.size;
        }
        for (int i = 0; i < y.size; ++i)
            dy[i] += -2 * t[i] / y.size;
        return sum;
    }
};

} // namespace

TEST_CASE("ESR is the energy of the error over that of the signal, each channel filtered by pre-emphasis") {
    for (const double a : {0.0, 0.85, 1.0})
        check(ln::ESR{.pre_emphasis = a, .epsilon = 1e-3},
              [a](const Window& y, const Window& t) { return esr(y, t, a, 1e-3); });
}

TEST_CASE("DC is the squared difference of the means of each channel over the energy of the signal") {
    check(ln::DC{.epsilon = 0.01}, [](const Window& y, const Window& t) { return dc(y, t, 0.01); });
}

TEST_CASE("LossSum is the sum of its losses times their factors, in sums of sums as well") {
    const ln::LossSum guitar = ln::LossSum{ln::ESR{.pre_emphasis = 0.85}, ln::DC{}}.weighted(0.75, 0.25);
    const auto expected = [](const Window& y, const Window& t) {
        return 0.75 * esr(y, t, 0.85, 1e-5) + 0.25 * dc(y, t, 1e-5);
    };
    check(guitar, expected);
    const auto squares = [](const Window& y, const Window& t) {
        Window d;
        for (int i = 0; i < d.size; ++i)
            d[i] = y[i] - t[i];
        return energy(d, 0);
    };
    check(ln::LossSum{ln::MeanSquaredError{}, guitar, InTwoParts{}}.weighted(0.5, 2, 0.25),
          [&](const Window& y, const Window& t) { return 0.75 * squares(y, t) + 2 * expected(y, t); });
    check(ln::LossSum{InTwoParts{}, ln::LossSum{InTwoParts{}, guitar}}.weighted(2, 3),
          [&](const Window& y, const Window& t) { return 5 * squares(y, t) + 3 * expected(y, t); });
    check(ln::LossSum{guitar, ln::MeanSquaredError{}}.weighted(3, 0),
          [&](const Window& y, const Window& t) { return 3 * expected(y, t); });
}

TEST_CASE("ESR and DC of a silent target are the output's energy and squared mean over epsilon") {
    Made made;
    made.t = Window{};
    const double mean = (made.y[0] + made.y[1] + made.y[2] + made.y[3] + made.y[4]) / steps;
    const double other = (made.y[5] + made.y[6] + made.y[7] + made.y[8] + made.y[9]) / steps;
    CHECK(evaluate(ln::ESR{.epsilon = 0.125}, made).loss == doctest::Approx(8 * energy(made.y, 0)));
    CHECK(evaluate(ln::DC{.epsilon = 0.125}, made).loss ==
          doctest::Approx(4 * (mean * mean + other * other)));
    made.y = Window{};
    const Found silence = evaluate(ln::LossSum{ln::ESR{}, ln::DC{}}, made);
    CHECK(ln::is_equal(silence.loss, 0.0));
    for (const double e : silence.dy)
        CHECK(ln::is_equal(e, 0.0));
}

TEST_CASE("losses of sound refuse settings that make no sense") {
    CHECK_THROWS_WITH_AS(ln::ESR{.pre_emphasis = 1.5}.validate(),
                         "ESR: pre_emphasis must be from 0 to 1, found 1.5", std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::ESR{.epsilon = 0}.validate(), "ESR: epsilon must be above 0 and finite, found 0",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::DC{.epsilon = -1}.validate(), "DC: epsilon must be above 0 and finite, found -1",
                         std::invalid_argument);
    ln::LossSum sum{ln::ESR{}, ln::DC{}};
    CHECK_THROWS_WITH_AS(sum.weighted(1, -2).validate(),
                         "the factor of a loss must be at least 0 and finite, found -2",
                         std::invalid_argument);
    sum.at<1>().epsilon = 0;
    CHECK_THROWS_WITH_AS(sum.validate(), "DC: epsilon must be above 0 and finite, found 0",
                         std::invalid_argument);
}
