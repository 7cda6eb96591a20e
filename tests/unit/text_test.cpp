#include <lamina/text.hpp>

#include <doctest/doctest.h>

#include <climits>

using lamina::dims;
using lamina::Text;

namespace {
std::string text_of(int value) {
    return std::string{std::string_view{Text{} << value}};
}
} // namespace

TEST_CASE("text: a layer's name is its template and arguments") {
    CHECK(lamina::named("Conv", 16, 3, 1) == std::string_view{"Conv<16,3,1>"});
    CHECK(lamina::named("LeakyReLU") == std::string_view{"LeakyReLU<>"});
    static_assert(lamina::named("Dense", 10) == std::string_view{"Dense<10>"});
}

TEST_CASE("text: every int has its digits") {
    for (const int value : {0, 7, 10, -1, -90, 27210, INT_MAX, INT_MIN})
        CHECK(text_of(value) == std::to_string(value));
}

TEST_CASE("text: what does not fit is left out") {
    Text text;
    for (int i = 0; i < 10; ++i)
        text << "0123456789";
    CHECK(std::string_view{text} == "01234567890123456789012345678901234567890123456");
    text << 123;
    CHECK(std::string_view{text}.size() == 47);
}

TEST_CASE("text: extents are joined by x") {
    CHECK(lamina::to_string(dims{16, 13, 12}) == "16x13x12");
    CHECK(lamina::to_string(dims{10}) == "10");
    CHECK(lamina::to_string(dims{}).empty());
}
