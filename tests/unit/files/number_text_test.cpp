#include <lamina/files/number_text.hpp>
#include <lamina/math/random.hpp>

#include "scratch.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

namespace ln = lamina;

namespace {

template <class Number>
bool comes_back(Number number) {
    Number found{};
    return ln::files::read_number_text(ln::files::number_text(number), found) &&
           std::memcmp(&found, &number, sizeof number) == 0;
}

template <class Number>
bool reads(const std::string& text) {
    Number found{};
    return ln::files::read_number_text(text, found);
}

/// A locale that writes 1,5 and knows nothing else. Its name; empty where none can be made.
std::string make_comma_locale(const Scratch& scratch) {
    std::string characters = "<code_set_name> ASCII\nCHARMAP\n";
    for (int c = 0; c < 128; ++c) {
        char line[40];
        std::snprintf(line, sizeof line, "<U%04X> /x%02x c\n", static_cast<unsigned>(c),
                      static_cast<unsigned>(c));
        characters += line;
    }
    const auto put = [&](const char* name, const std::string& text) {
        return scratch.put(name, Bytes(text.begin(), text.end()));
    };
    const std::string command =
        "localedef -c -f " + put("characters", characters + "END CHARMAP\n") + " -i " +
        put("source", "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \"\"\ngrouping -1\nEND LC_NUMERIC\n") +
        " " + scratch.path("comma") + " 2>/dev/null";
    (void)!std::system(command.c_str()); // it warns, and says so by its status
    setenv("LOCPATH", scratch.folder().c_str(), 1);
    return std::setlocale(LC_NUMERIC, "comma") != nullptr ? "comma" : "";
}

} // namespace

TEST_CASE("number text: numbers come back bit for bit") {
    using limits = std::numeric_limits<double>;
    for (const double number : {0.0, -0.0, 0.1, 1.0 / 3, 1e22, 1e23, 5e-324, 0x1p-1022, limits::max(),
                                limits::infinity(), -limits::infinity(), 123456789.0, 1e5, 0.0001})
        CHECK(comes_back(number));
    ln::Random random{ln::seed{1}};
    for (int i = 0; i < 100'000; ++i) {
        const auto bits = random.next();
        const auto number = std::bit_cast<double>(bits);
        if (number == number)
            REQUIRE(comes_back(number));
        const auto small = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        if (small == small)
            REQUIRE(comes_back(small));
    }
    CHECK((comes_back(true) && comes_back(std::int64_t{-5}) && comes_back(UINT64_MAX)));
}

TEST_CASE("number text: what is not all of it a number as it is written is refused") {
    for (const char* text :
         {"", " 1", "1 ", "+1", "1x", "0x10", "1e999", "1,5", "1.50", "nan(1)", "infinity"})
        CHECK_FALSE(reads<double>(text));
    CHECK_FALSE(reads<double>(std::string{"1\0", 2}));
    for (const char* text : {"", " 1", "1.5", "9223372036854775808", "1e3"})
        CHECK_FALSE(reads<std::int64_t>(text));
    CHECK_FALSE(reads<bool>("2"));
}

TEST_CASE("number text: in a locale that writes 1,5 it is 1.5 all the same") {
    const Scratch scratch;
    if (make_comma_locale(scratch).empty()) {
        MESSAGE("no localedef: not tried");
        return;
    }
    char as_it_writes[8];
    std::snprintf(as_it_writes, sizeof as_it_writes, "%.1f", 1.5);
    const std::string text = ln::files::number_text(1.5);
    const bool same = comes_back(1.5), other = reads<double>("1,5");
    std::setlocale(LC_NUMERIC, "C");
    unsetenv("LOCPATH");
    CHECK(std::string{as_it_writes} == "1,5");
    CHECK(text == "1.5");
    CHECK(same);
    CHECK_FALSE(other);
}
