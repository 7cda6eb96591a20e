// From 1 to 100 layers.
#include "chart.hpp"
#include "sections.hpp"

#include <cmath>

namespace compile_time {
namespace {

using report::number, report::Page, report::Table;

const char* const depths[] = {"1", "2", "5", "10", "25", "50", "75", "100"};
const char* const compilers[] = {"g++", "clang++"};

struct Curve {
    const char* name; ///< of the picture, and of the counter
    const char* title;
    const char* y;
    double unit;
};

/// Without optimisation: alike layers above, different ones below.
void draw(Page& page, const Curve& curve) {
    chart::Chart chart{.title = curve.title,
                       .note = "above: layers alike, below: no two alike; -O0",
                       .x = {.label = "layers", .whole = true}};
    for (const std::string series : {"alike", "different"}) {
        chart::Panel panel{.y = {.label = curve.y}};
        for (const char* compiler : compilers)
            for (const std::string what : {"infer", "train"}) {
                chart::Line line{what + ", " + compiler, {}};
                bool any = false;
                for (const char* depth : depths) {
                    const double value = figure(page, "depth/" + series + '/' + what + '/' + depth, compiler,
                                                "O0", curve.name);
                    any = any || std::isfinite(value);
                    line.points.push_back({std::stod(depth), value / curve.unit});
                }
                if (any)
                    panel.lines.push_back(std::move(line));
            }
        chart.panels.push_back(std::move(panel));
    }
    page.picture(curve.name, std::string{curve.title} + " over the number of layers", chart::svg(chart));
}

[[nodiscard]] std::string shown(double ratio) {
    return ratio > 1.2 ? "**" + number(ratio, 2) + "**" : number(ratio, 2);
}

/// What layers after the 50th cost over those before, of everything that is measured.
void write_bends(Page& page) {
    Table table{{"layers", "compiler", "seconds, -O0", "-O2", "-O3", "memory, -O0", "-O2", "-O3",
                 "instantiations", "debug information, -O0", "-O2"}};
    for (const std::string series : {"alike/infer", "alike/train", "different/infer", "different/train"})
        for (const std::string compiler : compilers) {
            const auto cell = [&](const char* level, const char* counter) {
                return shown(bend(page, series, compiler, level, counter));
            };
            table.row({series, compiler, cell("O0", "seconds"), cell("O2", "seconds"), cell("O3", "seconds"),
                       cell("O0", "mib"), cell("O2", "mib"), cell("O3", "mib"), cell("O0", "instantiations"),
                       cell("O0", "debug"), cell("O2", "debug")});
        }
    page.text += table.text();
}

/// The figures themselves at 1, 50 and 100 layers.
void write_figures(Page& page) {
    Table table{{"layers", "compiler", "seconds, -O0", "-O2", "-O3", "MiB, -O0", "-O3", "instantiations",
                 "code, KiB, -O2", "longest name, -O0", "-O2", "debug information, KiB, -O0", "-O2"}};
    for (const std::string series : {"alike/infer/", "alike/train/", "different/infer/", "different/train/"})
        for (const std::string depth : {"1", "50", "100"})
            for (const std::string compiler : compilers) {
                const auto cell = [&](const char* level, const char* counter, int decimals, double unit = 1) {
                    return number(figure(page, "depth/" + series + depth, compiler, level, counter) / unit,
                                  decimals);
                };
                table.row({series + depth, compiler, cell("O0", "seconds", 2), cell("O2", "seconds", 2),
                           cell("O3", "seconds", 2), cell("O0", "mib", 0), cell("O3", "mib", 0),
                           cell("O0", "instantiations", 0), cell("O2", "code", 0, 1024),
                           cell("O0", "longest_name", 0), cell("O2", "longest_name", 0),
                           cell("O0", "debug", 0, 1024), cell("O2", "debug", 0, 1024)});
            }
    page.text += table.text();
}

} // namespace

void write_depth(Page& page) {
    page.title("Depth");
    page.say("How the cost grows with the number of layers. The networks are 3x3 convolutions and "
             "activations in turn, and a dense layer at the end "
             "([program.cpp](../benchmarks/compile_time/program.cpp)). *alike* has 8 filters in each, "
             "so that they are compiled once; *different* has 4, 5, 6 and so on, as real networks "
             "differ from layer to layer. `infer` computes one answer, `train` takes one training "
             "step.");
    draw(page, {"seconds", "Seconds", "seconds", 1});
    draw(page, {"mib", "Memory", "MiB", 1});
    draw(page, {"instantiations", "Template instantiations", "instantiations", 1});
    draw(page, {"debug", "Debug information", "KiB", 1024});
    draw(page, {"longest_name", "The longest mangled name", "characters", 1});
    page.say("The cost of one of the layers 51 to 100, over that of one of the layers 2 to 50. Above "
             "1.2 it is **bold**:");
    write_bends(page);
    write_figures(page);
}

} // namespace compile_time
