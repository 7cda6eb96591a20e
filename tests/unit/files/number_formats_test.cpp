#include <lamina/files/number_formats.hpp>
#include <lamina/math/finite.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

namespace ln = lamina;

TEST_CASE("every half-precision number is read as IEEE 754 says") {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const int exponent = static_cast<int>(bits >> 10 & 31), fraction = static_cast<int>(bits & 1023);
        const float found = ln::files::from_half(static_cast<std::uint16_t>(bits));
        if (exponent == 31) {
            REQUIRE(!ln::is_finite(found));
            REQUIRE(std::isnan(found) == (fraction != 0));
        } else {
            const double size =
                exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * std::pow(2.0, exponent - 25);
            REQUIRE(static_cast<double>(found) == (bits >> 15 ? -size : size));
        }
        REQUIRE(std::signbit(found) == (bits >> 15 != 0));
    }
}
