// Bar charts as SVG pictures: groups of horizontal bars, one bar a series.
//
//     chart::svg(chart::Bars{.title = "Speed", .series = {"a", "b"}, .groups = {{"first", {1, 2}}}})
#pragma once

#include "chart.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace chart {

struct BarGroup {
    std::string label;
    std::vector<double> values; ///< one a series; one that is not finite has no bar
};

struct Bars {
    std::string title = {};
    std::string note = {};
    Axis x = {};
    double from = 0;  ///< where bars start
    int decimals = 2; ///< of the numbers beside the bars
    std::vector<std::string> series = {};
    std::vector<BarGroup> groups = {};
};

namespace detail {

/// Names of the series beside squares of their colours. Returns the y below.
inline double draw_squares(Svg& svg, const std::vector<Look>& looks, double y) {
    double x = edge;
    for (const Look& look : looks) {
        const double entry = 32 + text_width(look.name);
        if (x > edge && x + entry > width) {
            x = edge;
            y += row;
        }
        svg.shape({x, y - 10}, "h12v12h-12z", look.fill());
        svg.text({x + 18, y}, look.name, R"(font-size="13" fill="#333333")");
        x += entry;
    }
    return y + row;
}

} // namespace detail

[[nodiscard]] inline std::string svg(const Bars& bars) {
    using namespace detail;
    constexpr double thickness = 12, gap = 9;
    Panel names;
    std::vector<double> values{bars.from};
    double labels = 0, numbers = 0;
    for (const std::string& name : bars.series)
        names.lines.push_back({name, {}});
    for (const BarGroup& group : bars.groups) {
        labels = std::max(labels, text_width(group.label));
        for (const double v : group.values)
            if (std::isfinite(v)) {
                values.push_back(v);
                numbers = std::max(numbers, text_width(number_text(v, bars.decimals)));
            }
    }
    const Chart heading{.title = bars.title, .note = bars.note, .panels = {names}};
    const std::vector<Look> looks = looks_of(heading);

    Svg svg;
    const double below_heading = draw_heading(svg, heading, {}) - row;
    const double top = bars.series.size() > 1 ? draw_squares(svg, looks, below_heading) : below_heading - 8;
    const double group_height = thickness * static_cast<double>(bars.series.size()) + gap;
    const double bottom = top + gap + group_height * static_cast<double>(bars.groups.size());
    const Ruler x{{bars.x.scale, bars.x.whole, 8}, values, edge + labels + 8, width - edge - numbers - 8};

    for (const Ruler::Tick& tick : x.ticks()) {
        svg.line({x.place(tick.value), top}, {x.place(tick.value), bottom}, R"(stroke="#e3e3e3")");
        svg.text({x.place(tick.value), bottom + 18}, tick.text,
                 R"(text-anchor="middle" font-size="12" fill="#4d4d4d")");
    }
    double y = top + gap;
    for (const BarGroup& group : bars.groups) {
        svg.text({x.from() - 8, y + (group_height - gap) / 2 + 4}, group.label,
                 R"(text-anchor="end" font-size="12" fill="#333333")");
        for (std::size_t i = 0; i < group.values.size(); ++i, y += thickness) {
            if (!x.shows(group.values[i]))
                continue;
            const double start = x.place(bars.from), end = x.place(group.values[i]);
            const Point corners[] = {
                {start, y}, {end, y}, {end, y + thickness - 1}, {start, y + thickness - 1}};
            svg.line(corners, looks[i].fill());
            svg.text({std::max(start, end) + 4, y + thickness - 2},
                     number_text(group.values[i], bars.decimals), R"(font-size="11" fill="#4d4d4d")");
        }
        y += gap;
    }
    svg.line({x.place(bars.from), top}, {x.place(bars.from), bottom}, R"(stroke="#8c8c8c")");
    svg.text({(x.from() + x.to()) / 2, bottom + 40}, bars.x.label,
             R"(text-anchor="middle" font-size="13" fill="#333333")");
    return svg.picture(static_cast<int>(width), static_cast<int>(bottom + 40 + edge), bars.title);
}

} // namespace chart
