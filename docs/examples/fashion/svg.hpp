// Svg: a picture, element by element.
#pragma once

#include <iomanip>
#include <locale>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

namespace chart {

struct Point {
    double x;
    double y;
};

/// Coordinates are pixels, x to the right, y down. `attributes` are SVG's own: `fill="#333333"`.
class Svg {
  public:
    Svg() {
        elements_.imbue(std::locale::classic());
        elements_ << std::fixed << std::setprecision(1);
    }

    void text(Point at, std::string_view words, std::string_view attributes) {
        elements_ << "<text x=\"" << at.x << "\" y=\"" << at.y << "\" " << attributes << '>' << escaped(words)
                  << "</text>\n";
    }
    /// To be read from below.
    void upright_text(Point at, std::string_view words, std::string_view attributes) {
        elements_ << "<text transform=\"translate(" << at.x << ' ' << at.y << ") rotate(-90)\" " << attributes
                  << '>' << escaped(words) << "</text>\n";
    }
    void line(std::span<const Point> points, std::string_view attributes) {
        elements_ << "<polyline points=\"";
        for (const Point& p : points)
            elements_ << p.x << ',' << p.y << ' ';
        elements_ << "\" " << attributes << "/>\n";
    }
    void line(Point from, Point to, std::string_view attributes) {
        const Point points[] = {from, to};
        line(points, attributes);
    }
    /// `steps` are those of a path, from `at` on.
    void shape(Point at, std::string_view steps, std::string_view attributes) {
        elements_ << "<path d=\"M" << at.x << ',' << at.y << steps << "\" " << attributes << "/>\n";
    }

    /// The document, on white: a viewer may be dark.
    [[nodiscard]] std::string picture(int width, int height, std::string_view title) const {
        const std::string w = std::to_string(width), h = std::to_string(height);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h +
               "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\" " +
               "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n<title>" + escaped(title) +
               "</title>\n<rect width=\"" + w + "\" height=\"" + h + "\" fill=\"#ffffff\"/>\n" +
               elements_.str() + "</svg>\n";
    }

  private:
    [[nodiscard]] static std::string escaped(std::string_view words) {
        std::string safe;
        for (const char c : words)
            safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
        return safe;
    }

    std::ostringstream elements_;
};

} // namespace chart
