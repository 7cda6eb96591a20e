#include <lamina/shape.hpp>

#include <doctest/doctest.h>

using lamina::dims;
using lamina::Shape;

TEST_CASE("dims: as many elements as the product of the extents") {
    CHECK(dims{10}.size() == 10);
    CHECK(dims{16, 13, 13}.size() == 16 * 13 * 13);
    CHECK(dims{}.size() == 1);
}

TEST_CASE("dims: extents are outermost first") {
    const dims d{16, 13, 12};
    CHECK(d.rank == 3);
    CHECK(d[0] == 16);
    CHECK(d[2] == 12);
}

TEST_CASE("dims: equal if rank and all extents are") {
    CHECK(dims{16, 13, 13} == dims{16, 13, 13});
    CHECK(dims{16, 13, 13} != dims{16, 13, 12});
    CHECK(dims{4} != dims{4, 1});
}

TEST_CASE("dims: an axis past the rank is refused") { // unless compiled with NDEBUG
    if (lamina::checks_indices) {
        const lamina::dims d{4, 5};
        CHECK(d[1] == 5);
        CHECK_THROWS_WITH_AS((void)d[2], "expected an index from 0 to 1, found 2", std::out_of_range);
        CHECK_THROWS_AS((void)d[-1], std::out_of_range);
        CHECK_THROWS_AS((void)lamina::dims{}[0], std::out_of_range);
    }
}
