#include <lamina/error.hpp>

#include <doctest/doctest.h>

namespace ln = lamina;

TEST_CASE("error: raise throws what it is given") {
    CHECK_THROWS_WITH_AS(ln::raise(ln::format_error{"file: expected 1, found 2"}),
                         "file: expected 1, found 2", ln::format_error);
    CHECK_THROWS_AS(ln::raise(ln::data_error{""}), ln::data_error);
    CHECK_THROWS_AS(ln::raise(ln::training_error{""}), ln::training_error);
}

TEST_CASE("error: who knows only the standard library can catch them") {
    CHECK_THROWS_AS(ln::raise(ln::format_error{""}), std::runtime_error);
    CHECK_THROWS_AS(ln::raise(ln::data_error{""}), std::invalid_argument);
    CHECK_THROWS_AS(ln::raise(ln::training_error{""}), std::runtime_error);
}
