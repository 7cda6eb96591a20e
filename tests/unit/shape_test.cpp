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
