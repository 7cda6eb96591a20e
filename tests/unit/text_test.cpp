#include <lamina/text.hpp>

#include <doctest/doctest.h>

#include <climits>
#include <stdexcept>

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

TEST_CASE("text: the longest name of a layer fits") {
    const int least = INT_MIN;
    CHECK(lamina::named("Conv", least, least, least, least) ==
          std::string_view{"Conv<-2147483648,-2147483648,-2147483648,-2147483648>"});
}

TEST_CASE("text: 79 characters fit, and what is longer is refused, and not cut") {
    Text text;
    for (int i = 0; i < 7; ++i)
        text << "0123456789";
    text << "012345678";
    CHECK(std::string_view{text}.size() == 79);
    CHECK(std::string_view{text}.ends_with("9012345678"));
    CHECK_THROWS_WITH_AS(text << 1, "expected a text of at most 79 characters, found more",
                         std::length_error);
    CHECK_THROWS_AS(text << "a", std::length_error);
    CHECK(std::string_view{text << ""}.size() == 79);
    CHECK_FALSE(text.is_cut());
}

TEST_CASE("text: extents are joined by x") {
    CHECK(lamina::to_string(dims{16, 13, 12}) == "16x13x12");
    CHECK(lamina::to_string(dims{10}) == "10");
    CHECK(lamina::to_string(dims{}).empty());
}
