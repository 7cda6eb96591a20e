// Line charts as SVG pictures.
//
//     chart::Panel loss{.y = chart::Axis{.label = "loss"}};
//     loss.lines.push_back({"training", {{1, 0.9}, {2, 0.5}, {3, 0.4}}});
//     std::ofstream{"loss.svg"} << chart::svg({.title = "Training", .panels = {loss}});
#pragma once

#include "ruler.hpp"
#include "svg.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace chart {

struct Axis {
    std::string label = {};
    Scale scale = Scale::linear;
    bool whole = false; ///< ticks at whole numbers only
};

/// Points in the order in which they are joined. One that is not finite, or not positive on a logarithmic
/// axis, is left out and interrupts the line.
struct Line {
    std::string name;
    std::vector<Point> points;
};

struct Panel {
    Axis y = {};
    std::vector<Line> lines = {};
};

/// Panels one below the other, which share the x axis. Lines of one name look the same in all of them, and
/// the legend names them once.
struct Chart {
    std::string title = {};
    std::string note = {}; ///< a second, smaller line below the title
    Axis x = {};
    std::vector<Panel> panels = {};
};

namespace detail {

// In pixels.
constexpr double width = 800, panel_height = 230, panel_gap = 26, edge = 24, row = 22;

/// How wide a text will be whichever font the viewer takes: rather too wide.
[[nodiscard]] inline double text_width(std::string_view text) noexcept {
    return 7.2 * static_cast<double>(text.size());
}

/// How the lines of one name look.
struct Look {
    std::string name;
    std::string colour;
    std::string marker;

    [[nodiscard]] std::string stroke() const {
        return "fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"2\" stroke-linejoin=\"round\"";
    }
    [[nodiscard]] std::string fill() const { return "fill=\"" + colour + "\""; }
};

[[nodiscard]] inline std::vector<Look> looks_of(const Chart& chart) {
    // Okabe and Ito's colours, which colour-blind people can tell apart, without the yellow: it is lost on
    // white. Circle, square, triangle, diamond.
    const char* const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                   "#e69f00", "#56b4e9", "#000000"};
    const char* const markers[] = {"m-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z", "m-3.5,-3.5h7v7h-7z",
                                   "m0,-5l4.7,8h-9.4z", "m0,-5l5,5l-5,5l-5,-5z"};
    std::vector<Look> looks;
    for (const Panel& panel : chart.panels)
        for (const Line& line : panel.lines)
            if (std::ranges::find(looks, line.name, &Look::name) == looks.end())
                looks.push_back({line.name, colours[looks.size() % std::size(colours)],
                                 markers[looks.size() % std::size(markers)]});
    return looks;
}

/// Title, note and legend. Returns the y below them.
inline double draw_heading(Svg& svg, const Chart& chart, const std::vector<Look>& looks) {
    double x = edge, y = edge + 14;
    svg.text({x, y}, chart.title, R"(font-size="18" font-weight="bold" fill="#1a1a1a")");
    if (!chart.note.empty())
        svg.text({x, y += row}, chart.note, R"(font-size="13" fill="#595959")");
    y += row + 4;
    for (const Look& look : looks) {
        const double entry = 54 + text_width(look.name);
        if (x > edge && x + entry > width) {
            x = edge;
            y += row;
        }
        svg.line({x, y - 4}, {x + 26, y - 4}, look.stroke());
        svg.shape({x + 13, y - 4}, look.marker, look.fill());
        svg.text({x + 34, y}, look.name, R"(font-size="13" fill="#333333")");
        x += entry;
    }
    return y + row;
}

inline void draw_line(Svg& svg, const Line& line, const Look& look, const Ruler& x, const Ruler& y) {
    std::vector<Point> stretch;
    const auto finish_stretch = [&] {
        if (stretch.empty())
            return;
        svg.line(stretch, look.stroke());
        // Markers show where the points are, unless they would touch.
        if (stretch.back().x - stretch.front().x >= 12 * (static_cast<double>(stretch.size()) - 1))
            for (const Point& p : stretch)
                svg.shape(p, look.marker, look.fill());
        stretch.clear();
    };
    for (const Point& p : line.points)
        if (x.shows(p.x) && y.shows(p.y))
            stretch.push_back({x.place(p.x), y.place(p.y)});
        else
            finish_stretch();
    finish_stretch();
}

/// Grid, frame, ticks and label of both axes; the numbers of the x axis where they are wanted.
inline void draw_axes(Svg& svg, const Ruler& x, const Ruler& y, const std::string& y_label, bool x_numbers) {
    const char* const grid = R"(stroke="#e3e3e3")";
    const char* const frame = R"(stroke="#8c8c8c")";
    const double left = x.from(), right = x.to(), bottom = y.from(), top = y.to();
    for (const Ruler::Tick& tick : y.ticks()) {
        const double at = y.place(tick.value);
        svg.line({left, at}, {right, at}, grid);
        svg.text({left - 9, at + 4}, tick.text, R"(text-anchor="end" font-size="12" fill="#4d4d4d")");
    }
    for (const Ruler::Tick& tick : x.ticks()) {
        const double at = x.place(tick.value);
        svg.line({at, top}, {at, bottom}, grid);
        svg.line({at, bottom}, {at, bottom + 5}, frame);
        if (x_numbers)
            svg.text({at, bottom + 20}, tick.text, R"(text-anchor="middle" font-size="12" fill="#4d4d4d")");
    }
    svg.line({left, top}, {left, bottom}, frame);
    svg.line({left, bottom}, {right, bottom}, frame);
    svg.upright_text({edge + 10, (top + bottom) / 2}, y_label,
                     R"(text-anchor="middle" font-size="13" fill="#333333")");
}

[[nodiscard]] inline std::vector<double> all(const Panel& panel, double Point::*coordinate) {
    std::vector<double> values;
    for (const Line& line : panel.lines)
        for (const Point& p : line.points)
            values.push_back(p.*coordinate);
    return values;
}

/// The y axes, which begin at `top` and below.
[[nodiscard]] inline std::vector<Ruler> rulers(const std::vector<Panel>& panels, double top) {
    std::vector<Ruler> rulers;
    for (const Panel& panel : panels) {
        rulers.emplace_back(Ruler::Wish{panel.y.scale, panel.y.whole, 5}, all(panel, &Point::y),
                            top + panel_height, top);
        top += panel_height + panel_gap;
    }
    return rulers;
}

/// Room for the numbers of the y axes.
[[nodiscard]] inline double widest_tick(const std::vector<Ruler>& rulers) {
    double widest = 0;
    for (const Ruler& ruler : rulers)
        for (const Ruler::Tick& tick : ruler.ticks())
            widest = std::max(widest, text_width(tick.text));
    return widest;
}

} // namespace detail

/// The chart as an SVG document.
[[nodiscard]] inline std::string svg(const Chart& chart) {
    using namespace detail;
    Svg svg;
    const std::vector<Look> looks = looks_of(chart);
    const std::vector<Ruler> ys = rulers(chart.panels, draw_heading(svg, chart, looks));

    std::vector<double> values;
    for (const Panel& panel : chart.panels)
        std::ranges::copy(all(panel, &Point::x), std::back_inserter(values));
    const double left = edge + 24 + widest_tick(ys);
    const Ruler x{{chart.x.scale, chart.x.whole, 10}, values, left, width - edge - 8};

    for (std::size_t i = 0; i < ys.size(); ++i) {
        const Panel& panel = chart.panels[i];
        draw_axes(svg, x, ys[i], panel.y.label, i + 1 == ys.size());
        for (const Line& line : panel.lines)
            draw_line(svg, line, *std::ranges::find(looks, line.name, &Look::name), x, ys[i]);
    }
    const double bottom = ys.empty() ? 0 : ys.back().from();
    svg.text({(x.from() + x.to()) / 2, bottom + 42}, chart.x.label,
             R"(text-anchor="middle" font-size="13" fill="#333333")");
    return svg.picture(static_cast<int>(width), static_cast<int>(bottom + 42 + edge), chart.title);
}

} // namespace chart
