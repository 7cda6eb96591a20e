#include <lamina/train/function.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>

namespace ln = lamina;

namespace {

using Length = ln::Function<int(const std::string&)>;

int length(const std::string& text) {
    return static_cast<int>(text.size());
}

} // namespace

TEST_CASE("a Function calls what it was made of") {
    const int more = 10;
    CHECK(Length{length}("four") == 4);
    CHECK(Length{[](const std::string&) { return 7; }}("four") == 7);
    CHECK(Length{[&](const std::string& text) { return length(text) + more; }}("four") == 14);
    CHECK(Length{std::function<int(const std::string&)>{length}}("four") == 4);
    int calls = 0;
    const ln::Function<void(int)> ignores_a_result{[&](int by) { return calls += by; }};
    ignores_a_result(3);
    CHECK(calls == 3);
}

TEST_CASE("a Function is empty if it was made of nothing, or of something empty") {
    CHECK(!Length{});
    CHECK(!Length{nullptr});
    CHECK(!Length{static_cast<int (*)(const std::string&)>(nullptr)});
    CHECK(!Length{std::function<int(const std::string&)>{}});
    CHECK(Length{length});
    CHECK(Length{[](const std::string&) { return 7; }});
}

TEST_CASE("a copy of a Function is one of its own, and one moved from is empty") {
    const auto counter = [n = 0](const std::string&) mutable { return ++n; };
    Length first{counter};
    CHECK(first("") == 1);
    const Length copy{first};
    CHECK(first("") == 2);
    CHECK(copy("") == 2);
    Length moved{std::move(first)};
    CHECK(moved("") == 3);
    CHECK(!first); // NOLINT: moved from
    moved = copy;
    CHECK(moved("") == 3);
    moved = nullptr;
    CHECK(!moved);
    CHECK(copy("") == 3);
}
