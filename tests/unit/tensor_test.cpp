#include <lamina/tensor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <vector>

using lamina::Layout;
using lamina::Shape;
using lamina::Tensor;
using lamina::View;

TEST_CASE("layout: without a halo, elements lie in row-major order") {
    CHECK(Layout<Shape<5>>::at(4) == 4);
    CHECK(Layout<Shape<2, 3>>::at(1, 2) == 5);
    CHECK(Layout<Shape<2, 3, 4>>::at(1, 2, 3) == 23);
    CHECK(Layout<Shape<2, 3, 4, 5>>::at(1, 2, 3, 4) == 119);
    CHECK(Layout<Shape<2, 3, 4>>::extent == 24);
    CHECK(Layout<Shape<2, 3, 4, 5>>::extent == 120);
    CHECK(Layout<Shape<2, 3, 4>>::origin == 0);
}

TEST_CASE("layout: a halo surrounds each plane") {
    using L = Layout<Shape<2, 3, 4>, 2>;
    CHECK(L::row == 8);
    CHECK(L::plane == 7 * 8);
    CHECK(L::extent == 2 * 7 * 8);
    CHECK(L::origin == 2 * 8 + 2);
    CHECK(L::at(0, 0, 1) == 1);
    CHECK(L::at(0, 1, 0) == 8);
    CHECK(L::at(1, 0, 0) == 56);
    CHECK(L::origin + L::at(0, -2, -2) == 0);           // the first cell of the halo
    CHECK(L::origin + L::at(1, 4, 5) == L::extent - 1); // the last
}

TEST_CASE("layout: one row and one column are extents as others") {
    CHECK(Layout<Shape<3, 1, 1>>::extent == 3);
    CHECK(Layout<Shape<3, 1, 1>>::at(2, 0, 0) == 2);
    CHECK(Layout<Shape<3, 1, 1>, 1>::extent == 27);
    CHECK(Layout<Shape<3, 1, 1>, 1>::at(2, 0, 0) == 18);
}

TEST_CASE("layout: channels-last puts the channels of a pixel side by side") {
    using L = Layout<Shape<3, 4, 5>, 1, lamina::Order::channels_last>;
    CHECK(L::at(2, 0, 0) == 2);
    CHECK(L::at(0, 0, 1) == 3);
    CHECK(L::at(0, 1, 0) == 7 * 3);
    CHECK(L::origin + L::at(0, -1, -1) == 0);
    CHECK(L::origin + L::at(2, 4, 5) == 3 * 6 * 7 - 1);
    CHECK(L::extent == 3 * 6 * 7 + 16); // a vector of 16 fits at the last pixel
}

TEST_CASE("tensor: indexed by channel, row and column, or flat") {
    Tensor<int, Shape<2, 3, 4>> t{};
    std::iota(t.begin(), t.end(), 0);
    CHECK(t(0, 0, 0) == 0);
    CHECK(t(0, 0, 3) == 3);
    CHECK(t(0, 2, 0) == 8);
    CHECK(t(1, 0, 0) == 12);
    CHECK(t(1, 2, 3) == t[23]);
    t(1, 1, 1) = -5;
    CHECK(t[17] == -5);
    CHECK(&t[0] == t.data());
    CHECK(t.end() - t.begin() == t.size);
}

TEST_CASE("tensor: starts on 64 bytes, on the stack and in a container") {
    const Tensor<float, Shape<3>> one{};
    const std::vector<Tensor<double, Shape<5>>> many(3);
    CHECK(reinterpret_cast<std::uintptr_t>(one.data()) % 64 == 0);
    for (const auto& t : many)
        CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
}

TEST_CASE("tensor: equal if all elements are") {
    const Tensor<float, Shape<3>> a{{1, 2, 3}};
    Tensor<float, Shape<3>> b = a;
    CHECK(a == b);
    b[2] = 4;
    CHECK(a != b);
    CHECK(Tensor<float, Shape<3>>{} == Tensor<float, Shape<3>>{{0, 0, 0}});
}

TEST_CASE("view: shows the elements it was given, and writes to them") {
    Tensor<int, Shape<2, 2, 3>> t{};
    std::iota(t.begin(), t.end(), 0);
    const View v = t.view();
    CHECK(v(1, 0, 2) == 8);
    v(1, 0, 2) = 80;
    CHECK(t(1, 0, 2) == 80);
    CHECK(v.as<Shape<12>>()[8] == 80);
    CHECK(v.as<Shape<3, 4>>()(2, 0) == 80);
    CHECK(v.end() - v.begin() == 12);
    const View<const int, Shape<2, 2, 3>> reading = v;
    CHECK(reading.data() == t.data());
}

TEST_CASE("view: in either order an index means the same element") {
    using S = Shape<2, 2, 3>;
    std::vector<int> cells(static_cast<std::size_t>(Layout<S, 0, lamina::Order::channels_last>::extent), -1);
    const View<int, S, 0, lamina::Order::channels_last> v{cells.data()};
    for (int i = 0; i < S::size; ++i)
        v[i] = i;
    CHECK(v(0, 1, 2) == 5);
    CHECK(v(1, 0, 0) == 6);
    CHECK(std::vector<int>(cells.begin(), cells.begin() + 6) == std::vector<int>{0, 6, 1, 7, 2, 8});
}

TEST_CASE("view: with a halo, counts elements and not the halo's cells") {
    using S = Shape<2, 2, 3>;
    std::vector<int> cells(static_cast<std::size_t>(Layout<S, 1>::extent), -1);
    const View<int, S, 1> v{cells.data() + Layout<S, 1>::origin};
    for (int i = 0; i < S::size; ++i)
        v[i] = i;
    CHECK(v(0, 0, 0) == 0);
    CHECK(v(0, 1, 0) == 3);
    CHECK(v(1, 0, 0) == 6);
    CHECK(v(1, 1, 2) == 11);
    CHECK(v(0, -1, -1) == -1);
    CHECK(v(0, 2, 3) == -1);
    CHECK(v(1, 0, 3) == -1);
    CHECK(std::count(cells.begin(), cells.end(), -1) == Layout<S, 1>::extent - S::size);
}

// Checked unless compiled with NDEBUG, as some configurations are.
TEST_CASE("tensor: an index past an extent is refused, though it were in the array") {
    if (!lamina::checks_indices)
        return;
    Tensor<int, Shape<2, 3, 4>> t{};
    const auto& constant = t;
    CHECK_THROWS_WITH_AS(t(0, 0, 4) = 1, "expected an index from 0 to 3, found 4", std::out_of_range);
    CHECK_THROWS_WITH_AS(t(0, 3, 0) = 1, "expected an index from 0 to 2, found 3", std::out_of_range);
    CHECK_THROWS_WITH_AS((void)constant(-1, 0, 0), "expected an index from 0 to 1, found -1",
                         std::out_of_range);
    CHECK_THROWS_WITH_AS(t[24] = 1, "expected an index from 0 to 23, found 24", std::out_of_range);
    CHECK_THROWS_AS((void)constant[-1], std::out_of_range);
    const Tensor<int, Shape<2, 3, 4, 5>> weights{};
    CHECK_THROWS_AS((void)weights(1, 2, 3, 5), std::out_of_range);
    const Tensor<int, Shape<7>> vector{};
    CHECK_THROWS_AS((void)vector(7), std::out_of_range);
    CHECK_THROWS_AS((void)vector(4'294'967'296), std::out_of_range); // 0 as an int
    CHECK(t == Tensor<int, Shape<2, 3, 4>>{});
}

TEST_CASE("tensor: a sequence of images is indexed by step, channel, row and column") {
    Tensor<int, lamina::Sequence<3, Shape<2, 2, 4>>> t{};
    for (int i = 0; i < t.size; ++i)
        t[i] = i;
    CHECK(t(2, 1, 0, 3) == ((2 * 2 + 1) * 2 + 0) * 4 + 3);
    CHECK(t(2, 1, 0, 3) == t(5, 0, 3));
    CHECK(lamina::at_step(t, 1, 9) == t(1, 1, 0, 1));
    if (!lamina::checks_indices)
        return;
    CHECK_THROWS_WITH_AS(t(3, 0, 0, 0) = 1, "expected an index from 0 to 2, found 3", std::out_of_range);
    CHECK_THROWS_WITH_AS(t(0, 2, 0, 0) = 1, "expected an index from 0 to 1, found 2", std::out_of_range);
    CHECK_THROWS_WITH_AS(t(0, 0, 2, 0) = 1, "expected an index from 0 to 1, found 2", std::out_of_range);
    CHECK_THROWS_WITH_AS(t(0, 0, 0, -1) = 1, "expected an index from 0 to 3, found -1", std::out_of_range);
}

TEST_CASE("view: an index past an extent and its halo is refused") {
    if (!lamina::checks_indices)
        return;
    using S = Shape<2, 2, 3>;
    std::vector<int> cells(static_cast<std::size_t>(Layout<S, 1>::extent), -1);
    const View<int, S, 1> v{cells.data() + Layout<S, 1>::origin};
    CHECK(v(1, -1, -1) + v(1, 2, 3) == -2);
    CHECK_THROWS_WITH_AS((void)v(0, 0, 4), "expected an index from -1 to 3, found 4", std::out_of_range);
    CHECK_THROWS_WITH_AS((void)v(0, -2, 0), "expected an index from -1 to 2, found -2", std::out_of_range);
    CHECK_THROWS_WITH_AS((void)v(2, 0, 0), "expected an index from 0 to 1, found 2", std::out_of_range);
    CHECK_THROWS_WITH_AS((void)v(-1, 0, 0), "expected an index from 0 to 1, found -1", std::out_of_range);
    CHECK_THROWS_WITH_AS((void)v[12], "expected an index from 0 to 11, found 12", std::out_of_range);
    Tensor<int, S> t{};
    CHECK_THROWS_AS((void)t.view()(0, 2, 0), std::out_of_range);
    CHECK_THROWS_AS((void)t.view()[-1], std::out_of_range);
}

namespace {

constexpr bool has_column(int j) {
    return Tensor<int, Shape<2, 3>>{}(1, j) == 0;
}
// A constant expression is refused in any configuration: see also compile_fail/tensor_index_past_a_row.cpp.
static_assert(has_column(2));

} // namespace
