#include <lamina/train/confusion.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace ln = lamina;

TEST_CASE("confusion: a class that it does not have is refused") {
    ln::Confusion confusion{3};
    confusion.add(2, 0);
    CHECK(confusion(2, 0) == 1);
    CHECK_THROWS_WITH_AS(confusion.add(3, 0),
                         "confusion: expected two of 3 classes, counted from 0, found 3 and 0",
                         ln::data_error);
    CHECK_THROWS_AS(confusion.add(0, -1), ln::data_error);
    CHECK_THROWS_AS((void)confusion(0, 3), ln::data_error);
    CHECK_THROWS_WITH_AS(
        (void)ln::Confusion{}(0, 0),
        "confusion: expected classes, found none: the data have no labels, and the loss has no classes",
        ln::data_error);
}

TEST_CASE("confusion: as text, a row an actual class, with the share that was predicted right") {
    ln::Confusion confusion{2};
    for (int i = 0; i < 12'345; ++i)
        confusion.add(0, 0);
    confusion.add(0, 1);
    CHECK(ln::to_string(confusion) == "        predicted\n"
                                      "actual      0      1    right\n"
                                      "0       12345      1   100.0%\n"
                                      "1           .      .\n");
    confusion.add(1, 0);
    confusion.add(1, 1);
    const std::array<const char*, 2> names{"Umbria", "North-Apulia"};
    CHECK(ln::to_string(confusion, names) == "              predicted\n"
                                             "actual        Umbri  North    right\n"
                                             "Umbria        12345      1   100.0%\n"
                                             "North-Apulia      1      1    50.0%\n");
    CHECK_THROWS_WITH_AS((void)ln::to_string(confusion, std::vector<std::string>{"a"}),
                         "confusion: expected names of 2 classes, found 1", ln::data_error);
    CHECK(ln::to_string(ln::Confusion{}) == "        predicted\nactual    right\n");
}
