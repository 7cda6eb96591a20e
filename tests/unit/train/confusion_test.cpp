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
                                             "actual              Umbria  North-Apulia    right\n"
                                             "Umbria               12345             1   100.0%\n"
                                             "North-Apulia             1             1    50.0%\n");
    CHECK_THROWS_WITH_AS((void)ln::to_string(confusion, std::vector<std::string>{"a"}),
                         "confusion: expected names of 2 classes, found 1", ln::data_error);
    CHECK(ln::to_string(ln::Confusion{}) == "        predicted\nactual    right\n");
}

TEST_CASE("confusion: names that are cut stay distinct and whole characters") {
    ln::Confusion two{2};
    two.add(0, 1);
    CHECK(ln::to_string(two, std::array{"a name of a class", "f\u00fcnf Stra\u00dfen\u2026"}) ==
          "                   predicted\n"
          "actual             a name of a   f\u00fcnf Stra\u00dfen    right\n"
          "a name of a class             .             1     0.0%\n"
          "f\u00fcnf Stra\u00dfen\u2026                 .             .\n");
    CHECK(ln::to_string(two, std::array{"a tree of copper beech", "a tree of copper birch"}) ==
          "                          predicted\n"
          "actual                               0             1    right\n"
          "0 a tree of copper beech             .             1     0.0%\n"
          "1 a tree of copper birch             .             .\n");
    // As many as fit in a line of 100.
    const ln::Confusion ten{10};
    const std::array names{"copper beech", "copper birch", "oak",    "elm",      "ash",
                           "lime",         "alder",        "walnut", "chestnut", "hornbeam"};
    const std::string table = ln::to_string(ten, names);
    CHECK(table.find("0 copper beech") != std::string::npos);
    const ln::Confusion seven{7};
    const std::string cut = ln::to_string(
        seven, std::array{"copper beech", "copperbirch", "oak", "elm", "ash", "hornbeams!", "chestnut"});
    CHECK(cut.find("actual        copper be  copperbir        oak        elm        ash  hornbeams   chestnut"
                   "    right\n") != std::string::npos);
}
