// List, the list that grows.
#include <lamina/files/list.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace {

using List = lamina::files::List<std::string>;

/// Its elements, each with a blank after it.
std::string all_of(const List& list) {
    std::string all;
    for (const std::string& element : list)
        all += element + ' ';
    return all;
}

} // namespace

TEST_CASE("list: grows, and keeps its elements in order") {
    List list;
    CHECK(list.empty());
    CHECK(list.begin() == list.end());
    std::string expected;
    for (std::size_t i = 0; i < 40; ++i) {
        list.push_back(std::to_string(i) + ", too long to lie in the string itself");
        expected += list.back() + ' ';
        REQUIRE(list.size() == i + 1);
        REQUIRE(list[i] == list.data()[i]);
    }
    CHECK(all_of(list) == expected);
}

TEST_CASE("list: an element of its own can be appended while it grows") {
    List list{"a", "b", "c", "d"}; // as many as there is room for at first
    list.push_back(list[0]);
    CHECK(all_of(list) == "a b c d a ");
}

TEST_CASE("list: a copy is another list, a moved one is empty") {
    List list{"a", "b"};
    List copy = list;
    copy.push_back("c");
    copy[0] = "x";
    CHECK(all_of(list) == "a b ");
    CHECK(all_of(copy) == "x b c ");
    const List moved = std::move(copy);
    CHECK(all_of(moved) == "x b c ");
    list = moved;
    CHECK(all_of(list) == "x b c ");
    list = {};
    CHECK(list.empty());
}

TEST_CASE("list: an element is removed, at either end or between") {
    List list{"a", "b", "c", "d"};
    list.erase(list.begin() + 1);
    CHECK(all_of(list) == "a c d ");
    list.erase(list.begin());
    CHECK(all_of(list) == "c d ");
    list.erase(list.begin() + 1);
    CHECK(all_of(list) == "c ");
    list.erase(list.begin());
    CHECK(list.empty());
}
