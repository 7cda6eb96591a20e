// Winograd's algorithms of one sample give the results of the sums that define convolutions: in double up to
// rounding errors, in float within what docs/limits.md says.
#include "made_images.hpp"

#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/winograd_one_sample.hpp>
#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ln = lamina;
namespace kernels = ln::kernels;
namespace winograd = ln::kernels::winograd;

namespace {

struct Halved {
    template <class E>
    E operator()(E e, int, int, int) const {
        return e * E(ln::scalar_of<E>(0.5));
    }
};

/// The largest difference over the largest number.
template <class A, class B>
double difference(A& found, B& expected, int size) {
    double most = 0, largest = 0;
    for (int i = 0; i < size; ++i) {
        const double gap = std::abs(found.at(i, 0) - expected.at(i, 0));
        if (!(gap <= most)) // NaN is a difference, too
            most = gap;
        largest = std::max(largest, std::abs(expected.at(i, 0)));
    }
    return most / largest;
}

/// Tiles of Tile x Tile results, `Pool` of them in a window, written in both orders; room and weights have
/// their exact extents, so that sanitizers see what reaches beyond.
template <class T, int Tile, int Pool, int C, int F, int H, int W, ln::pad P>
void check() {
    using ln::Order;
    constexpr int rows = H + P.top + P.bottom - 2, columns = W + P.left + P.right - 2;
    using In = ln::Shape<C, H, W>;
    using Out = ln::Shape<F, rows / Pool, columns / Pool>;
    using Window = kernels::Window<kernels::RunTimeWindow{3, 3, 1, 1, P.top, P.left}>;
    CAPTURE(C);
    CAPTURE(F);
    CAPTURE(Tile);
    CAPTURE(Pool);

    made::Numbers numbers;
    made::Image<T, In, P, Order::channels_last> x;
    std::fill(x.memory.begin(), x.memory.end(), T(0));
    x.fill(numbers);
    std::vector<T> w(std::size_t{9 * C * F} + ln::native_lanes<T>), b(std::size_t{F} + ln::native_lanes<T>);
    for (std::vector<T>* v : {&w, &b})
        for (T& e : *v)
            e = static_cast<T>(numbers(0, 0)) / T(3);

    const winograd::OneSample at{
        C, F, Tile, winograd::count_of_tiles({F, rows, columns}, Tile), ln::native_lanes<T>, sizeof(T)};
    std::vector<T> u(static_cast<std::size_t>(at.weights()), T(1e30)),
        room(static_cast<std::size_t>(at.room()), T(1e30));
    winograd::prepare_weights(w.data(), at, u.data());
    const auto in = ln::topology::as_const(x.view());
    const double within = sizeof(T) == 8 ? 1e-14 : 3e-6;
    made::Image<T, Out> expected, planes;
    made::Image<T, Out, ln::pad{1, 0, 2, 1}, Order::channels_last> pixels;
    kernels::one::conv<Window, Pool>(in, w.data(), b.data(), expected.view(), Halved{});
    winograd::conv_of_one<Tile, Pool, Window>(in, u.data(), b.data(), planes.view(), room.data(), Halved{});
    winograd::conv_of_one<Tile, Pool, Window>(in, u.data(), b.data(), pixels.view(), room.data(), Halved{});
    CHECK(difference(planes, expected, Out::size) <= within);
    CHECK(difference(pixels, expected, Out::size) <= within);
    CHECK(pixels.halo_is_untouched());
    kernels::one::conv<Window, Pool>(in, w.data(), kernels::NoBias{}, expected.view(), kernels::AsItIs{});
    winograd::conv_of_one<Tile, Pool, Window>(in, u.data(), kernels::NoBias{}, planes.view(), room.data(),
                                              kernels::AsItIs{});
    CHECK(difference(planes, expected, Out::size) <= within);
}

/// Whole tiles, tiles that overlap, 1 to 36 of them; channels and filters of 1 to 5 vectors, whole or not;
/// padding of each side.
template <class T, int Tile, int Pool>
void check_all() {
    constexpr int L = ln::native_lanes<T>;
    if constexpr (L > 1) {
        check<T, Tile, Pool, L, L, 4, 4, 1>();
        check<T, Tile, Pool, L + 3, 2 * L, 8, 8, 1>();
        check<T, Tile, Pool, 2 * L + 1, L + 1, 6, 11, 0>();
        check<T, Tile, Pool, L, 3 * L - 1, 9, 14, ln::pad{1, 0, 2, 1}>();
        check<T, Tile, Pool, 2 * L, 5 * L, 7, 6, ln::pad{0, 2, 1, 2}>();
        check<T, Tile, Pool, 2 * L, 4 * L, 12, 12, 1>();
    }
}

} // namespace

TEST_CASE_TEMPLATE("Winograd, one sample: tiles of 4x4", T, double, float) {
    check_all<T, 4, 1>();
    check_all<T, 4, 2>();
}
TEST_CASE_TEMPLATE("Winograd, one sample: tiles of 2x2", T, double, float) {
    check_all<T, 2, 1>();
    check_all<T, 2, 2>();
}

TEST_CASE("Winograd, one sample: only where it takes less time") {
    constexpr auto on = [](int C, int F, int H, int W) {
        return winograd::tile_of_one_sample(ln::dims{C, H, W}, ln::dims{F, H, W});
    };
    constexpr int four = ln::native_lanes<float> >= 4 ? 4 : 0;
    static_assert(on(32, 32, 16, 16) == four && on(64, 64, 16, 16) == four && on(16, 16, 8, 8) == four);
    static_assert(on(128, 128, 8, 8) == (ln::native_lanes<float> == 16 ? 2 : four)); // 2.4 MB of weights
    static_assert(on(1, 32, 16, 16) == 0 && on(7, 32, 16, 16) == 0 && on(32, 7, 16, 16) == 0);
    static_assert(on(64, 64, 1, 16) == 0 &&
                  on(512, 512, 2, 2) == 0); // less than a tile; reads more than it saves
    static_assert(ln::native_lanes<float> < 16 || on(15, 32, 16, 16) == 0); // idle lanes
}
