// Static models beside their twins and plain loops: the four networks, and the sweep of widths.
#include "chart.hpp"
#include "page.hpp"

#include <cmath>
#include <cstdlib>

namespace report {
namespace {

/// Says where something costs no more than the static model: within 5% it ties, beyond that it wins.
[[nodiscard]] std::string where_it_keeps_up(const Program& program, const std::string& who,
                                            const std::string& counter) {
    std::vector<std::string> ties, wins;
    for (const Result& r : program.results) {
        const double costs = r[counter];
        if (costs <= 1.05)
            (costs < 0.95 ? wins : ties).push_back(code(r.joined()) + " (" + number(costs, 2) + ")");
    }
    const auto sentence = [](const std::string& verb, const std::vector<std::string>& where) {
        return verb + " " + (where.empty() ? "nowhere" : "in " + listed(where));
    };
    return who + " " + sentence("wins", wins) + ", and " + sentence("ties within 5%", ties) + ".\n";
}

void write_keeping_up(Page& page, const Program& program) {
    page.text += where_it_keeps_up(program, "The twin", "twin_costs") +
                 where_it_keeps_up(program, "Plain loops", "scalar_costs") + "\n";
}

void add_row(Table& table, const std::string& name, const Result& r) {
    table.row({name, microseconds(r["static_seconds"]), number(r["static_of_peak"], 2),
               number(r["twin_of_peak"], 2), number(r["scalar_of_peak"], 2), number(r["twin_costs"], 2),
               number(r["scalar_costs"], 1)});
}
[[nodiscard]] Table comparison(const std::string& first) {
    return Table{{first, "static, µs a sample", "static, of peak", "twin, of peak", "plain loops, of peak",
                  "the twin takes, times", "plain loops take, times"}};
}

/// The results that compare the three: those of steps that stream do not.
[[nodiscard]] Program compared(const Program& program) {
    Program all;
    for (const Result& r : program.results)
        if (std::isfinite(r["twin_costs"]) && r.name.size() >= 2)
            all.results.push_back(r);
    return all;
}

/// What twin and plain loops cost over the width, for one kind of layer.
[[nodiscard]] std::string costs_chart(const Program& program, const std::string& kind,
                                      const std::string& title) {
    chart::Chart chart{.title = title,
                       .note = "1 is the static model's time; below it, types do not pay",
                       .x = {.label = "width", .scale = chart::Scale::logarithmic}};
    for (const auto& [what, label] :
         {std::pair{"one", "one sample"}, {"infer", "64 samples"}, {"backward", "gradient"}}) {
        chart::Panel panel{.y = {.label = label, .scale = chart::Scale::logarithmic}};
        chart::Line twin{"twin, times the static model's time", {}}, loops{"plain loops, likewise", {}},
            equal{"static model", {}};
        for (const Result& r : program.results)
            if (r.name[0] == kind && r.name.size() == 3 && r.name[2] == what) {
                const double width = std::atof(r.name[1].c_str());
                twin.points.push_back({width, r["twin_costs"]});
                loops.points.push_back({width, r["scalar_costs"]});
                equal.points.push_back({width, 1});
            }
        panel.lines = {equal, twin, loops};
        chart.panels.push_back(panel);
    }
    return chart::svg(chart);
}

} // namespace

void write_networks(Page& page) {
    page.text += "## Static model, run-time twin, plain loops\n\n";
    const Program program = compared(page.of("steps"));
    if (program.results.empty()) {
        page.text += "Not measured.\n\n";
        return;
    }
    page.text +=
        "The twin, `dynamic::Network`, is the same network with shapes known at run time. Plain loops are "
        "what a program holds\nthat knows its network, takes one sample at a time and leaves vectors to "
        "the compiler ([plain.hpp](../benchmarks/runtime/plain.hpp)).\n`train` is a whole step on 64 "
        "samples, `infer` the scores of 64, `one` those of one, `backward` the gradient alone.\n\n";
    Table table = comparison("network");
    std::vector<const Result*> all;
    for (const Result& r : program.results) {
        add_row(table, r.joined(), r);
        all.push_back(&r);
    }
    page.text += table.text();
    write_keeping_up(page, program);
    page.add_notes("steps", all);
}

void write_widths(Page& page) {
    page.text += "## Where types stop paying\n\n";
    const Program program = compared(page.of("widths"));
    if (program.results.empty()) {
        page.text += "Not measured.\n\n";
        return;
    }
    page.text +=
        "Two dense layers of the same width with a ReLU between them, and two 3x3 convolutions of as many "
        "channels on 8x8 images.\n\n";
    page.picture("widths_dense",
                 "Time of twin and plain loops over the static model's, by the width of dense layers",
                 costs_chart(program, "dense", "Dense layers: time over the static model's"));
    page.picture("widths_conv", "The same for convolutions",
                 costs_chart(program, "conv", "Convolutions: time over the static model's"));
    write_keeping_up(page, program);
    Table table = comparison("layers / width");
    std::vector<const Result*> all;
    for (const Result& r : program.results) {
        add_row(table, r.joined(), r);
        all.push_back(&r);
    }
    page.text += table.text();
    page.add_notes("widths", all);
}

} // namespace report
