#include "bars.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

} // namespace

TEST_CASE("a bar has its number beside it, and what is not finite has none") {
    const std::string svg = chart::svg(chart::Bars{
        .title = "t", .series = {"a", "b"}, .groups = {{"one", {0.25, 0.5}}, {"two", {NAN, 0.75}}}});
    CHECK(count(svg, ">0.25<") == 1);
    CHECK(count(svg, ">0.75<") == 1);
    CHECK(count(svg, "nan") == 0);
    CHECK(count(svg, ">one<") == 1);
    CHECK(count(svg, ">two<") == 1);
    CHECK(count(svg, "<polyline points") == count(svg, "stroke=\"#e3e3e3\"") + 1 + 3); // grid, axis, bars
}

TEST_CASE("bars of a logarithmic axis start where they are told to, on both sides of it") {
    const std::string svg = chart::svg(chart::Bars{
        .x = {.scale = chart::Scale::logarithmic},
        .from = 1,
        .series = {"a"},
        .groups = {{"", {0.5}}, {"", {4}}},
    });
    CHECK(count(svg, ">0.50<") == 1);
    CHECK(count(svg, ">4.00<") == 1);
}

TEST_CASE("no bars at all are still a picture") {
    CHECK(chart::svg(chart::Bars{}).ends_with("</svg>\n"));
}
