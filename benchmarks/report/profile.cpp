// Where the time of a training step goes, operation by operation.
#include "bars.hpp"
#include "page.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

[[nodiscard]] std::string percent(double part, double whole) {
    return number(100 * part / whole, 1) + "%";
}

/// The operations of a network, in their order.
[[nodiscard]] std::vector<std::string> operations(const Program& program, const std::string& network) {
    std::vector<std::string> names;
    for (const Result& r : program.results)
        if (r.name.size() == 3 && r.name[0] == network && r.name[1] != "step" &&
            std::find(names.begin(), names.end(), r.name[1]) == names.end())
            names.push_back(r.name[1]);
    return names;
}

void write_network(Page& page, const Program& program, const std::string& network, chart::Bars& bars) {
    const Result* whole = program.find({network, "step", "whole"});
    if (whole == nullptr)
        return;
    const double all = (*whole)["seconds"];
    double sum = 0;
    Table table{
        {network, "forward, of the step", "forward, of peak", "backward, of the step", "backward, of peak"}};
    for (const std::string& operation : operations(program, network)) {
        const Result* forward = program.find({network, operation, "forward"});
        const Result* backward = program.find({network, operation, "backward"});
        if (forward == nullptr || backward == nullptr)
            continue;
        sum += (*forward)["seconds"] + (*backward)["seconds"];
        table.row({code(operation.substr(operation.find(' ') + 1)), percent((*forward)["seconds"], all),
                   shares(*forward, "of_peak"), percent((*backward)["seconds"], all),
                   shares(*backward, "of_peak")});
        if (std::isfinite((*forward)["of_peak"]))
            bars.groups.push_back({network + " " + operation.substr(operation.find(' ') + 1),
                                   {(*forward)["of_peak"], (*backward)["of_peak"]}});
    }
    for (const char* part : {"feeding", "optimiser"})
        if (const Result* r = program.find({network, "step", part})) {
            sum += (*r)["seconds"];
            table.row({part, percent((*r)["seconds"], all)});
        }
    table.row(
        {"the rest: loss, check of the gradient, what the parts do not add up to", percent(all - sum, all)});
    page.text += table.text();
}

} // namespace

void write_profile(Page& page) {
    page.title("Where a training step goes");
    const Program& program = page.of("profile");
    if (program.results.empty())
        return page.say("Not measured.");
    page.say("Each operation of the plan, called alone on the buffers it has in training, as a share "
             "of the time of the whole step. Layers that are computed together are one operation. "
             "Nothing is measured inside the step, so the parts need not add up: the last line of "
             "each table is the difference.");
    chart::Bars bars{.title = "Of the FMA peak, by operation",
                     .note = "training: a pack of samples forward and backward",
                     .x = {.label = "share of the FMA peak"},
                     .series = {"forward", "backward"}};
    std::string tables;
    std::swap(tables, page.text);
    for (const char* network : {"card", "lenet5", "mlp", "vgg_small"})
        write_network(page, program, network, bars);
    std::swap(tables, page.text);
    page.picture("profile", "Share of the FMA peak of each operation, forward and backward",
                 chart::svg(bars));
    page.text += tables;
    std::vector<const Result*> all;
    for (const Result& r : program.results)
        all.push_back(&r);
    page.add_notes("profile", all);
}

} // namespace report
