// Static models beside their twins and plain loops: the networks, and the sweep of widths.
#include "bars.hpp"
#include "page.hpp"

#include <cmath>
#include <cstdlib>

namespace report {
namespace {

/// Says where something costs no more than the static model: within 5% it ties, beyond that it wins.
void say_where_it_keeps_up(Page& page, const Program& program, const std::string& who,
                           const std::string& counter) {
    std::vector<std::string> ties, wins;
    for (const Result& r : program.results)
        if (const double costs = r[counter]; costs <= 1.05)
            (costs < 0.95 ? wins : ties).push_back(code(r.joined()) + " (" + number(costs, 2) + ")");
    if (wins.empty() && ties.empty())
        return page.say(who + " nowhere as fast as the static model, within 5%.");
    const auto where = [](const std::vector<std::string>& list) {
        return list.empty() ? "nowhere" : "in " + listed(list);
    };
    page.say(who + " faster than the static model by more than 5% " + where(wins) + "; as fast within 5% " +
             where(ties) + ". In brackets: the time over the static model's.");
}

void write_comparison(Page& page, const std::string& name, const Program& program, const std::string& first) {
    Table table{{first, "static, µs a sample", "static, of peak", "twin, of peak", "plain loops, of peak",
                 "the twin takes, times", "plain loops take, times"}};
    std::vector<const Result*> all;
    for (const Result& r : program.results) {
        table.row({r.joined(), microseconds(r["static_seconds"]), shares(r, "static_of_peak"),
                   shares(r, "twin_of_peak"), shares(r, "scalar_of_peak"), number(r["twin_costs"], 2),
                   number(r["scalar_costs"], 1)});
        all.push_back(&r);
    }
    say_where_it_keeps_up(page, program, "The twin is", "twin_costs");
    say_where_it_keeps_up(page, program, "Plain loops are", "scalar_costs");
    page.text += table.text();
    page.add_notes(name, all);
}

/// The results that compare the three, which not all of a program do.
[[nodiscard]] Program compared(const Program& program) {
    Program all;
    for (const Result& r : program.results)
        if (std::isfinite(r["twin_costs"]) && r.name.size() >= 2)
            all.results.push_back(r);
    return all;
}

[[nodiscard]] std::string peak_chart(const Program& program) {
    chart::Bars bars{.title = "Of the FMA peak",
                     .note = "one network, built in three ways",
                     .x = {.label = "share of the FMA peak"},
                     .series = {"static model", "run-time twin", "plain loops"}};
    for (const Result& r : program.results)
        bars.groups.push_back({r.joined(), {r["static_of_peak"], r["twin_of_peak"], r["scalar_of_peak"]}});
    return chart::svg(bars);
}

/// What twin and plain loops cost over the width, for one kind of layer.
[[nodiscard]] std::string costs_chart(const Program& program, const std::string& kind,
                                      const std::string& title) {
    chart::Chart chart{.title = title,
                       .note = "1 is the static model's time; below it, types do not pay",
                       .x = {.label = "width", .scale = chart::Scale::logarithmic}};
    const std::pair<std::string, std::string> panels[] = {
        {"one", "one sample"}, {"infer", "64 samples"}, {"backward", "gradient"}};
    for (const auto& [what, label] : panels) {
        chart::Line equal{"static model", {}}, twin{"run-time twin", {}}, loops{"plain loops", {}};
        for (const Result& r : program.results)
            if (r.name.size() == 3 && r.name[0] == kind && r.name[2] == what) {
                const double width = std::atof(r.name[1].c_str());
                equal.points.push_back({width, 1});
                twin.points.push_back({width, r["twin_costs"]});
                loops.points.push_back({width, r["scalar_costs"]});
            }
        chart.panels.push_back(
            {.y = {.label = label, .scale = chart::Scale::logarithmic}, .lines = {equal, twin, loops}});
    }
    return chart::svg(chart);
}

} // namespace

void write_networks(Page& page) {
    page.title("Static model, run-time twin, plain loops");
    const Program program = compared(page.of("steps"));
    if (program.results.empty())
        return page.say("Not measured.");
    page.say("The same network in three ways. The static model is a type. The twin, "
             "`dynamic::Network`, learns shapes at run time. Plain loops "
             "([plain.hpp](../benchmarks/runtime/plain.hpp)) are written for this network, take one "
             "sample at a time, and leave vectors to the compiler.");
    page.picture("networks", "Share of the FMA peak of static model, twin and plain loops",
                 peak_chart(program));
    write_comparison(page, "steps", program, "network");
}

void write_widths(Page& page) {
    page.title("Where types stop paying");
    const Program program = compared(page.of("widths"));
    if (program.results.empty())
        return page.say("Not measured.");
    page.say("How the advantage of types changes with the width of layers. Measured on two dense "
             "layers of the same width with a ReLU between them, and on two 3x3 convolutions with "
             "that many channels on 8x8 images.");
    page.picture("widths_dense",
                 "Time of twin and plain loops over the static model's, dense layers by width",
                 costs_chart(program, "dense", "Dense layers: time over the static model's"));
    page.picture("widths_conv", "The same for convolutions",
                 costs_chart(program, "conv", "Convolutions: time over the static model's"));
    write_comparison(page, "widths", program, "layers / width");
}

} // namespace report
