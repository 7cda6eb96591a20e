#include <lamina/error.hpp>

#include <doctest/doctest.h>

#include <climits>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace ln = lamina;

TEST_CASE("error: raise throws what it is given") {
    CHECK_THROWS_WITH_AS(ln::raise(ln::format_error{"file: expected 1, found 2"}),
                         "file: expected 1, found 2", ln::format_error);
    CHECK_THROWS_AS(ln::raise(ln::data_error{""}), ln::data_error);
    CHECK_THROWS_AS(ln::raise(ln::training_error{""}), ln::training_error);
}

TEST_CASE("error: raise makes a message of texts and numbers") {
    const unsigned char small = 200;
    CHECK_THROWS_WITH_AS(ln::raise<ln::data_error>("from ", INT_MIN, " to ", SIZE_MAX, ", ", small, ", ", 0),
                         "from -2147483648 to 18446744073709551615, 200, 0", ln::data_error);
    CHECK_THROWS_WITH_AS(ln::raise<ln::data_error>(LLONG_MIN, "..", LLONG_MAX),
                         "-9223372036854775808..9223372036854775807", ln::data_error);
    CHECK_THROWS_WITH_AS(ln::raise<ln::data_error>("rate ", -0.1, ", ", 1.5F, ", ", 0.0, ", ", 100.0),
                         "rate -0.1, 1.5, 0, 100", ln::data_error);
    CHECK_THROWS_WITH_AS(ln::raise<ln::data_error>(123456.7, " ", 1e6, " ", 0.0001, " ", -1.25e-5, " ", 1e38),
                         "123457 1e6 0.0001 -1.25e-5 1e38", ln::data_error);
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH_AS(ln::raise<ln::data_error>(infinity, " ", -infinity, " ",
                                                   std::numeric_limits<double>::quiet_NaN(), " ",
                                                   std::numeric_limits<double>::max(), " ",
                                                   std::numeric_limits<double>::denorm_min()),
                         "inf -inf nan 1.79769e308 4.94066e-324", ln::data_error);
}

TEST_CASE("error: a message takes no pointer, whose text could be longer than its room") {
    constexpr auto has_room = []<class Part>(std::type_identity<Part>) {
        return requires {
            ln::messages::room_for<Part>;
        };
    };
    CHECK(has_room(std::type_identity<char[12]>{}));
    CHECK(has_room(std::type_identity<double>{}));
    CHECK_FALSE(has_room(std::type_identity<const char*>{}));
    CHECK_FALSE(has_room(std::type_identity<char*>{}));
}

TEST_CASE("error: who knows only the standard library can catch them") {
    CHECK_THROWS_AS(ln::raise(ln::format_error{""}), std::runtime_error);
    CHECK_THROWS_AS(ln::raise(ln::data_error{""}), std::invalid_argument);
    CHECK_THROWS_AS(ln::raise(ln::training_error{""}), std::runtime_error);
}
