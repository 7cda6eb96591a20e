// Convolutions of one sample with pixels in lanes give the results of the sums that define convolutions, in
// both orders, with and without a max pool.
#include "made_images.hpp"

#include <lamina/kernels/one_sample_pixels.hpp>
#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ln = lamina;
namespace kernels = ln::kernels;
namespace one = ln::kernels::one;

namespace {

/// Halves a sum and adds the element of another image.
template <class R>
struct HalvedAndAdded {
    R addend;

    template <class E>
    E operator()(E e, auto... index) const {
        return e * E(ln::scalar_of<E>(0.5)) + one::element_at<E>(addend, index...);
    }
};
template <class R>
HalvedAndAdded(R) -> HalvedAndAdded<R>;

/// Each number of A is that of B, up to the rounding of sums of some ten products.
template <class T, class A, class B>
void check_equal(A& found, B& expected, int size) {
    double most = 0;
    for (int i = 0; i < size; ++i) {
        const double gap = std::abs(found.at(i, 0) - expected.at(i, 0));
        if (!(gap <= most)) // NaN is a difference, too
            most = gap;
    }
    CHECK(most <= (sizeof(T) == 8 ? 1e-14 : 1e-5));
}

/// Weights end where the last is, images where Layout says: sanitizers see what reaches beyond.
template <class T, int Size, int C, int F, int H, int W, kernels::RunTimeWindow K, ln::pad Halo>
void check() {
    using ln::Order;
    constexpr int L = ln::native_lanes<T>;
    constexpr int rows = H + Halo.top + Halo.bottom - K.row_dilation * (K.rows - 1),
                  columns = W + Halo.left + Halo.right - K.column_dilation * (K.columns - 1);
    if constexpr (L > 1 && 2 * F <= L && columns >= L && columns >= Size && rows >= Size) {
        using In = ln::Shape<C, H, W>;
        using Out = ln::Shape<F, rows / Size, columns / Size>;
        using Window = kernels::Window<K>;
        CAPTURE(C);
        CAPTURE(F);
        CAPTURE(W);
        CAPTURE(Size);

        made::Numbers numbers;
        made::Image<T, In, Halo> x;
        std::fill(x.memory.begin(), x.memory.end(), T(0));
        x.fill(numbers);
        std::vector<T> w(std::size_t{C * F} * K.rows * K.columns), b(std::size_t{F});
        for (std::vector<T>* v : {&w, &b})
            for (T& e : *v)
                e = static_cast<T>(numbers(0, 0));

        const auto in = ln::topology::as_const(x.view());
        made::Image<T, Out, ln::pad{1, 0, 2, 1}> planes, addend;
        made::Image<T, Out, ln::pad{1, 0, 2, 1}, Order::channels_last> pixels, addend_in_pixels;
        made::Image<T, Out> expected;
        addend.fill(numbers);
        for (int i = 0; i < Out::size; ++i)
            addend_in_pixels.view()[i] = addend.view()[i];
        const auto check_with = [&](auto biases, auto f, auto f_in_pixels) {
            if constexpr (Size == 1)
                kernels::conv(in, w.data(), biases, expected.view(), Window{}, f);
            else
                kernels::conv_max_pool<Size>(in, w.data(), biases, expected.view(), Window{}, nullptr, f);
            one::conv_of_few_filters<Window, Size>(in, w.data(), biases, planes.view(), f);
            one::conv_of_few_filters<Window, Size>(in, w.data(), biases, pixels.view(), f_in_pixels);
            check_equal<T>(planes, expected, Out::size);
            check_equal<T>(pixels, expected, Out::size);
        };
        check_with(b.data(), kernels::AsItIs{}, kernels::AsItIs{});
        check_with(kernels::NoBias{}, HalvedAndAdded{addend.view()}, HalvedAndAdded{addend_in_pixels.view()});
    }
}

constexpr kernels::RunTimeWindow window(int rows, int columns, ln::pad p, ln::size dilation = ln::size{1}) {
    return {rows, columns, 1, 1, p.top, p.left, dilation.height, dilation.width, 1};
}

/// 1 to 8 filters, if these are half the lanes; rows of a vector and of several, whole or not.
template <class T, int Size, int F>
void check_some() {
    constexpr int L = ln::native_lanes<T>;
    constexpr ln::pad sides{1, 0, 2, 1};
    check<T, Size, 1, F, 5, L + 2, window(3, 3, 0), 0>();
    check<T, Size, 3, F, 6, 2 * L + 1, window(3, 2, sides), sides>();
    check<T, Size, 1, F, 3, 9 * L + 7, window(1, 9, 0), 0>();
}
template <class T, int Size, int F>
void check_others() {
    constexpr int L = ln::native_lanes<T>;
    check<T, Size, 1, F, 7, 2 * L - 4, window(5, 5, 2), 2>();
    check<T, Size, 2, F, 9, 3 * L + 5, window(2, 3, 1, ln::size{2, 3}), 1>();
    check<T, Size, 4, F, 4, L + 1, window(1, 1, 0), 0>();
}
template <class T, int Size>
void check_all() {
    check_some<T, Size, 1>();
    check_some<T, Size, 3>();
    check_some<T, Size, 6>();
    check_others<T, Size, 2>();
    check_others<T, Size, 4>();
    check_others<T, Size, 8>();
}

} // namespace

TEST_CASE_TEMPLATE("pixels in lanes: sums", T, double, float) {
    check_all<T, 1>();
}
TEST_CASE_TEMPLATE("pixels in lanes: maxima of windows", T, double, float) {
    check_all<T, 2>();
    check_all<T, 3>();
    // Rows of which the last vector must not reach beyond: the best parts of others do.
    check<T, 3, 1, 1, 3, 63, window(1, 1, 0), 0>();
    check<T, 3, 1, 1, 3, 15, window(1, 1, 0), 0>();
}

TEST_CASE("pixels in lanes: only where they fill more lanes than filters do") {
    static_assert(one::are_few_filters(8, 28, 16) && !one::are_few_filters(9, 28, 16));
    static_assert(one::are_few_filters(1, 16, 16) && !one::are_few_filters(1, 15, 16)); // not a vector
    static_assert(one::are_few_filters(6, 17, 16) && !one::are_few_filters(8, 17, 16)); // two vectors
    static_assert(one::are_few_filters(4, 28, 8) && !one::are_few_filters(5, 28, 8));
    static_assert(one::are_few_filters(2, 28, 4) && !one::are_few_filters(3, 28, 4));
    static_assert(!one::are_few_filters(1, 28, 1)); // there are no vectors
}

namespace {

/// The order in which one sample's input lies.
template <class Topology, class In, class T = float>
constexpr bool begins_in_planes =
    ln::Model<Topology, In, T>::plan::template inference<ln::topology::Samples::one>.values[0].order ==
    ln::Order::planes;

} // namespace

TEST_CASE("pixels in lanes: an image lies in planes unless others want its pixels") {
    using ln::Conv, ln::Shape;
    if constexpr (ln::native_lanes < float >> 1) {
        constexpr int few = ln::native_lanes<float> / 2;
        using In = Shape<3, 8, 64>;
        static_assert(begins_in_planes<ln::Net<Conv<few, 3>>, In>);
        static_assert(!begins_in_planes<ln::Net<Conv<few, 3>>, In, double> || ln::native_lanes<double> == 1);
        static_assert(!begins_in_planes<ln::Net<Conv<few + 1, 3>>, In>);
        static_assert(!begins_in_planes<ln::Net<Conv<few, 3, 2>>, In>); // pixels are apart
        static_assert(!begins_in_planes<ln::Net<Conv<few, 1>>, In>);    // gains less than planes cost
        static_assert(begins_in_planes<ln::Net<Conv<few, 1>>, Shape<1, 8, 64>>);
        static_assert(!begins_in_planes<ln::Net<ln::Concat<Conv<few, 3>, Conv<32, 3>>>, In>);
        static_assert(begins_in_planes<ln::Net<ln::Outputs<Conv<few, 3>, ln::Dense<3>>>, In>);
    }
}
