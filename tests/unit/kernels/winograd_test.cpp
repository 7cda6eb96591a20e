// Winograd's algorithm gives the results of the sums that define convolutions: in double up to rounding
// errors, in float within what docs/limits.md says.
#include "made_images.hpp"

#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/conv_input_gradient.hpp>
#include <lamina/kernels/winograd_conv.hpp>
#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ln = lamina;
namespace kernels = ln::kernels;
namespace winograd = ln::kernels::winograd;
using kernels::Store;

namespace {

/// The largest difference of any number over the largest number.
template <class E>
double difference(const std::vector<E>& found, const std::vector<E>& expected) {
    double most = 0, largest = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
        for (int r = 0; r < ln::lanes_of<E>; ++r) {
            const double x = static_cast<double>(ln::lane(expected[i], r));
            const double gap = std::abs(static_cast<double>(ln::lane(found[i], r)) - x);
            if (!(gap <= most)) // NaN is a difference, too
                most = gap;
            largest = std::max(largest, std::abs(x));
        }
    return largest > 0 ? most / largest : most;
}

struct Halved {
    template <class E>
    E operator()(E e, int, int, int) const {
        return e * E(ln::scalar_of<E>(0.5));
    }
};

template <class T, int C, int F, int H, int W, ln::pad P>
struct Case {
    using E = ln::pack<T>;
    static constexpr int rows = H + P.top + P.bottom - 2, columns = W + P.left + P.right - 2;
    static constexpr double within = sizeof(T) == 8 ? 1e-14 : 3e-6;
    static constexpr kernels::RunTimeWindow window{3, 3, 1, 1, P.top, P.left};
    static constexpr kernels::Window<window> k{};
    using In = ln::Shape<C, H, W>;
    using Out = ln::Shape<F, rows, columns>;
    using Pooled = ln::Shape<F, rows / 2, columns / 2>;

    made::Image<E, In, P> x;
    made::Image<E, Out, kernels::gradient_halo(W, columns, 3, 1, 1, P.left)> dz;
    std::vector<T> w = std::vector<T>(std::size_t{9 * C * F}), b = std::vector<T>(std::size_t{F});
    std::vector<E> memory;

    Case() {
        std::fill(x.memory.begin(), x.memory.end(), E(T(0)));
        std::fill(dz.memory.begin(), dz.memory.end(), E(T(0)));
        made::Numbers numbers;
        x.fill(numbers);
        dz.fill(numbers);
        for (T& e : w)
            e = static_cast<T>(numbers(0, 0)) / T(3);
        for (T& e : b)
            e = static_cast<T>(numbers(0, 0));
    }
    /// With whatever in it before; to be used to its end, and not beyond.
    E* room(std::ptrdiff_t extent) {
        memory.assign(static_cast<std::size_t>(extent) + 1, E(T(1e30)));
        return memory.data();
    }
    [[nodiscard]] bool room_was_enough() const { return ln::is_equal(ln::lane(memory.back(), 0), T(1e30)); }

    /// Before it, nothing is changed.
    struct Turn {
        int* waits;
        const std::vector<T>& now;
        std::vector<T> before;

        void wait() const {
            ++*waits;
            CHECK(difference(now, before) <= 0);
        }
    };

    void forward() {
        E* const own = room(winograd::ConvMemory(C, F, E::lanes, sizeof(E)).extent);
        const auto in = ln::topology::as_const(x.view());
        made::Image<E, Out, ln::pad{1, 0, 0, 2}> y;
        made::Image<E, Out> found, expected;
        winograd::conv(in, w.data(), b.data(), y.view(), k, own, Halved{});
        CHECK(y.halo_is_untouched());
        kernels::copy(ln::topology::as_const(y.view()), found.view());
        kernels::conv(in, w.data(), b.data(), expected.view(), k, Halved{});
        CHECK(difference(found.memory, expected.memory) <= within);
        winograd::conv(in, w.data(), kernels::NoBias{}, found.view(), k, own, kernels::AsItIs{});
        kernels::conv(in, w.data(), kernels::NoBias{}, expected.view(), k, kernels::AsItIs{});
        CHECK(difference(found.memory, expected.memory) <= within);
        CHECK(room_was_enough());
    }
    void pooled() {
        E* const own = room(winograd::ConvMemory(C, F, E::lanes, sizeof(E)).extent);
        const auto in = ln::topology::as_const(x.view());
        made::Image<E, Pooled> y, expected, argmax, which;
        winograd::conv_max_pool(in, w.data(), b.data(), y.view(), k, argmax.memory.data(), own, Halved{});
        kernels::conv_max_pool<2>(in, w.data(), b.data(), expected.view(), k, which.memory.data(), Halved{});
        CHECK(difference(y.memory, expected.memory) <= within);
        CHECK(difference(argmax.memory, which.memory) <= 0);
        CHECK(room_was_enough());
    }
    void input_gradient() {
        E* const own = room(winograd::ConvMemory(F, C, E::lanes, sizeof(E)).extent);
        const auto gradient = ln::topology::as_const(dz.view());
        made::Image<E, In> dx, expected;
        winograd::conv_input_gradient<Store::overwrite>(gradient, w.data(), dx.view(), k, own);
        kernels::conv_input_gradient<Store::overwrite>(gradient, w.data(), expected.view(), k);
        CHECK(difference(dx.memory, expected.memory) <= within);
        winograd::conv_input_gradient<Store::add>(gradient, w.data(), dx.view(), k, own);
        kernels::conv_input_gradient<Store::add>(gradient, w.data(), expected.view(), k);
        CHECK(difference(dx.memory, expected.memory) <= within);
        CHECK(room_was_enough());
    }
    void parameter_gradient() {
        E* const own = room(winograd::GradientMemory(C, F, E::lanes, sizeof(E)).extent);
        const auto in = ln::topology::as_const(x.view());
        const auto gradient = ln::topology::as_const(dz.view());
        std::vector<T> dw(w.size(), T(1)), db(b.size()), expected(w.size()), of_bias(b.size());
        int waits = 0;
        for (const bool overwrite : {true, false}) {
            const Turn turn{&waits, dw, dw};
            winograd::conv_parameter_gradient(in, gradient, dw.data(), db.data(), k, overwrite, own, turn);
            kernels::conv_parameter_gradient(in, gradient, expected.data(), of_bias.data(), k, overwrite);
            CHECK(difference(dw, expected) <= within);
            CHECK(difference(db, of_bias) <= within);
        }
        CHECK(waits == 2);
        CHECK(room_was_enough());
        winograd::conv_parameter_gradient(in, gradient, dw.data(), kernels::NoBias{}, k, true, own,
                                          Turn{&waits, dw, dw});
        kernels::conv_parameter_gradient(in, gradient, expected.data(), kernels::NoBias{}, k, true);
        CHECK(difference(dw, expected) <= within);
    }
    /// The sum of the results times dz, by Winograd's algorithm: its gradients are those of the kernels.
    [[nodiscard]] T loss() {
        made::Image<E, Out> y;
        winograd::conv(ln::topology::as_const(x.view()), w.data(), b.data(), y.view(), k, memory.data(),
                       kernels::AsItIs{});
        E sum = T(0);
        for (int o = 0; o < F; ++o)
            for (int i = 0; i < rows; ++i)
                for (int j = 0; j < columns; ++j)
                    sum += y.view()(o, i, j) * dz.view()(o, i, j);
        return ln::lane_sum(sum);
    }
    [[nodiscard]] T difference_by(auto change) {
        const T step = T(1) / 64;
        change(step);
        const T above = loss();
        change(-2 * step);
        const T below = loss();
        change(step);
        return (above - below) / (2 * step);
    }
    void differences() {
        room(std::max({winograd::ConvMemory(C, F, E::lanes, sizeof(E)).extent,
                       winograd::ConvMemory(F, C, E::lanes, sizeof(E)).extent,
                       winograd::GradientMemory(C, F, E::lanes, sizeof(E)).extent}));
        made::Image<E, In> dx;
        std::vector<T> dw(w.size()), db(b.size());
        int waits = 0;
        const auto gradient = ln::topology::as_const(dz.view());
        winograd::conv_input_gradient<Store::overwrite>(gradient, w.data(), dx.view(), k, memory.data());
        winograd::conv_parameter_gradient(ln::topology::as_const(x.view()), gradient, dw.data(), db.data(), k,
                                          true, memory.data(), Turn{&waits, dw, dw});
        const auto is_near = [](T found, T expected) {
            return std::abs(found - expected) <= T(1e-6) * std::max(T(1), std::abs(expected));
        };
        for (std::size_t i = 0; i < w.size(); i += w.size() / 23)
            CHECK(is_near(dw[i], difference_by([&](T step) { w[i] += step; })));
        for (std::size_t i = 0; i < b.size(); i += 5)
            CHECK(is_near(db[i], difference_by([&](T step) { b[i] += step; })));
        for (int n = 0; n < C * H * W; n += C * H * W / 23) {
            E& pixel = x.view()(n / (H * W), n / W % H, n % W);
            const int lane = n % E::lanes;
            const T found = ln::lane(dx.view()(n / (H * W), n / W % H, n % W), lane);
            CHECK(is_near(found,
                          difference_by([&](T step) { pixel.set(lane, ln::lane(pixel, lane) + step); })));
        }
    }
};

template <class T>
void for_all_cases(auto f) {
    if constexpr (ln::native_lanes < T >> 1) {
        // Whole tiles, tiles that overlap, a single one, an odd number of them; filters and channels that no
        // tile of registers divides; padding of each side.
        f(Case<T, 8, 8, 4, 4, 1>{});
        f(Case<T, 8, 9, 6, 9, 0>{});
        f(Case<T, 11, 8, 6, 6, 2>{});
        f(Case<T, 13, 21, 9, 14, ln::pad{1, 0, 2, 1}>{});
        f(Case<T, 33, 17, 11, 10, ln::pad{0, 2, 1, 2}>{});
        f(Case<T, 9, 70, 13, 8, 1>{});
        f(Case<T, 136, 140, 4, 5, 1>{}); // two blocks of filters, which overlap
        if constexpr (sizeof(T) == 8) // more, of sums that float rounds by more
            f(Case<T, 136, 290, 6, 9, 1>{});
    }
}

} // namespace

TEST_CASE_TEMPLATE("Winograd: a convolution", T, double, float) {
    for_all_cases<T>([](auto c) { c.forward(); });
}
TEST_CASE_TEMPLATE("Winograd: a convolution and a max pool", T, double, float) {
    for_all_cases<T>([](auto c) { c.pooled(); });
}
TEST_CASE_TEMPLATE("Winograd: the gradient of the input", T, double, float) {
    for_all_cases<T>([](auto c) { c.input_gradient(); });
}
TEST_CASE_TEMPLATE("Winograd: the gradient of weights and biases", T, double, float) {
    for_all_cases<T>([](auto c) { c.parameter_gradient(); });
}

TEST_CASE("Winograd: in double, gradients equal differences") {
    for_all_cases<double>([](auto c) { c.differences(); });
}

TEST_CASE("Winograd: only where it takes less time") {
    constexpr auto on = [](int C, int F, int H, int W) {
        return winograd::parts_that_pay(ln::dims{C, H, W}, ln::dims{F, H, W});
    };
    constexpr bool has_vectors = ln::native_lanes<float> >= 4;
    constexpr auto wide = on(32, 32, 16, 16), narrow = on(8, 8, 16, 16);
    static_assert(wide.forward == has_vectors && wide.input_gradient == has_vectors &&
                  wide.parameter_gradient == has_vectors);
    static_assert(narrow.forward == has_vectors && narrow.input_gradient == has_vectors);
    static_assert(narrow.parameter_gradient == (has_vectors && ln::native_lanes<float> < 16)); // idle lanes
    static_assert(on(16, 16, 6, 6).forward == has_vectors && on(16, 16, 4, 4).forward == has_vectors);
    static_assert(on(512, 512, 8, 8).forward == has_vectors &&
                  on(512, 512, 8, 8).input_gradient == has_vectors &&
                  on(512, 512, 8, 8).parameter_gradient == has_vectors);
    static_assert(on(7, 32, 16, 16).none() && on(32, 7, 16, 16).none()); // transforms outweigh products
    static_assert(on(64, 64, 3, 16).none() && on(64, 64, 16, 3).none()); // less than a tile
    static_assert(on(16, 16, 5, 5).none());                              // four tiles for 25 pixels
}
