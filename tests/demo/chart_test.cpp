#include "chart.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using chart::Ruler;
using chart::Scale;

namespace {

std::string ticks(const Ruler::Wish& wish, const std::vector<double>& values) {
    const Ruler ruler{wish, values, 0, 100};
    std::string texts;
    for (const Ruler::Tick& tick : ruler.ticks())
        texts += (texts.empty() ? "" : " ") + tick.text;
    return texts;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

chart::Chart one_line(const std::vector<chart::Point>& points) {
    return {.title = "title", .panels = {{.lines = {{"line", points}}}}};
}

} // namespace

TEST_CASE("ticks are round numbers around the values") {
    CHECK(ticks({}, {0.21, 0.437}) == "0.20 0.25 0.30 0.35 0.40 0.45");
    CHECK(ticks({}, {0.8755, 0.9025}) == "0.87 0.88 0.89 0.90 0.91");
    CHECK(ticks({}, {-1.5, 2}) == "-2 -1 0 1 2");
    CHECK(ticks({}, {0, 60'000}) == "0 20,000 40,000 60,000");
    CHECK(ticks({}, {0, 1'234'567}) == "0 500,000 1,000,000 1,500,000");
}

TEST_CASE("ticks of epochs are whole numbers, from one epoch to a hundred") {
    const Ruler::Wish epochs{.whole = true, .ticks = 10};
    CHECK(ticks(epochs, {1}) == "0 1 2");
    CHECK(ticks(epochs, {1, 2}) == "1 2");
    CHECK(ticks(epochs, {1, 9}) == "1 2 3 4 5 6 7 8 9");
    CHECK(ticks(epochs, {1, 12}) == "0 2 4 6 8 10 12");
    CHECK(ticks(epochs, {1, 100}) == "0 10 20 30 40 50 60 70 80 90 100");
}

TEST_CASE("a single value, or none, has ticks around it") {
    CHECK(ticks({}, {0.5}) == "0.44 0.46 0.48 0.50 0.52 0.54 0.56");
    CHECK(ticks({}, {0}) == "-1.0 -0.5 0.0 0.5 1.0");
    CHECK(ticks({}, {}) == ticks({}, {1}));
    CHECK(ticks({}, {NAN, INFINITY}) == ticks({}, {1}));
}

TEST_CASE("ticks of a logarithmic axis are powers of ten, and between few of them 2 and 5 times") {
    const Ruler::Wish log{.scale = Scale::logarithmic};
    CHECK(ticks(log, {1.3, 90}) == "1 2 5 10 20 50 100");
    CHECK(ticks(log, {0.004, 3000}) == "0.01 0.1 1 10 100 1,000");
    CHECK(ticks(log, {8}) == "2 5 10 20");
    CHECK(ticks(log, {-1, 0, 8}) == ticks(log, {8}));
}

TEST_CASE("a ruler places its ends at its ends, and steps of its scale evenly between") {
    const Ruler linear{{}, {0, 10}, 200, 100};
    CHECK(linear.place(0) == doctest::Approx(200));
    CHECK(linear.place(2.5) == doctest::Approx(175));
    CHECK(linear.place(10) == doctest::Approx(100));
    const Ruler log{{.scale = Scale::logarithmic}, {1, 1000}, 0, 300};
    CHECK(log.place(1) == doctest::Approx(0));
    CHECK(log.place(10) == doctest::Approx(100));
    CHECK(log.place(1000) == doctest::Approx(300));
}

TEST_CASE("a point that cannot be shown interrupts its line") {
    // Two lines of the frame, one of the legend, and those of the grid.
    const std::string whole = chart::svg(one_line({{1, 1}, {2, 2}, {3, 1}, {4, 2}}));
    const std::string broken = chart::svg(one_line({{1, 1}, {2, 2}, {2.5, NAN}, {3, 1}, {4, 2}}));
    CHECK(count(broken, "<polyline") == count(whole, "<polyline") + 1);
    CHECK(count(broken, "nan") == 0);
}

TEST_CASE("lines of one name are one entry of the legend") {
    const chart::Line line{"validation", {{1, 1}, {2, 2}}};
    const std::string svg = chart::svg({.title = "title", .panels = {{.lines = {line}}, {.lines = {line}}}});
    CHECK(count(svg, ">validation<") == 1);
}

TEST_CASE("many points are drawn without markers") {
    std::vector<chart::Point> points;
    for (int i = 0; i < 100; ++i)
        points.push_back({static_cast<double>(i), 1.0 * i * i});
    CHECK(count(chart::svg(one_line(points)), "<path") == 1); // the legend's
    points.resize(20);
    CHECK(count(chart::svg(one_line(points)), "<path") == 21);
}

TEST_CASE("names are escaped") {
    const std::string svg = chart::svg({.title = "Conv<16,3,1> & more", .panels = {{}}});
    CHECK(count(svg, "Conv&lt;16,3,1&gt; &amp; more") == 2); // title of the document and of the picture
}

TEST_CASE("a chart without panels or points is still a picture") {
    CHECK(chart::svg({}).ends_with("</svg>\n"));
    CHECK(chart::svg(one_line({})).ends_with("</svg>\n"));
}
