#include <lamina/indices.hpp>

#include <doctest/doctest.h>

#include <array>
#include <tuple>

TEST_CASE("indices: a loop's index is a constant, and counts from 0") {
    constexpr std::tuple values{1, 20L, 300.0};
    double sum = 0;
    int calls = 0;
    lamina::for_each_index<3>([&](auto i) {
        CHECK(i == calls++);
        sum += static_cast<double>(std::get<i>(values));
    });
    CHECK(calls == 3);
    CHECK(sum == 321);
    lamina::for_each_index<0>([](auto) { FAIL("no index, no call"); });
}

TEST_CASE("indices: all indices at once, and what the function returns") {
    constexpr auto squares = lamina::with_indices<4>([](auto... i) { return std::array{(i * i)...}; });
    CHECK(squares == std::array{0, 1, 4, 9});
    int target = 0;
    CHECK(&lamina::with_indices<1>([&](auto...) -> int& { return target; }) == &target);
}
