// The short sections: streaming, threads, sizes, and how far to trust it all.
#include "bars.hpp"
#include "page.hpp"

#include <algorithm>
#include <cmath>

namespace report {

void write_stream(Page& page) {
    page.text += "## One sample against reading its weights\n\n";
    Table table{{"network", "µs a sample", "GB of weights a second", "of streaming"}};
    std::vector<const Result*> all;
    for (const Result& r : page.of("steps").results)
        if (std::isfinite(r["of_streaming"])) {
            table.row({r.name[0], microseconds(r["seconds"]), number(r["bytes_per_second"] * 1e-9, 0),
                       number(r["of_streaming"], 2)});
            all.push_back(&r);
        }
    if (all.empty()) {
        page.text += "Not measured.\n\n";
        return;
    }
    page.text +=
        "A dense layer on one sample uses each weight once, so it can be no faster than reading them. Of "
        "streaming: the seconds of\nsumming all parameters of the model, over those of one sample "
        "forward.\n\n" +
        table.text();
    page.add_notes("steps", all);
}

void write_threads(Page& page) {
    page.text += "## Threads\n\n";
    const Program& program = page.of("threads");
    Table table{{"network / what / batch", "one thread, µs a sample", "two threads", "times"}};
    chart::Bars bars{.title = "Two threads against one",
                     .note = "wall time of one over that of two",
                     .x = {.label = "times as fast"},
                     .decimals = 2,
                     .series = {"times"}};
    std::vector<const Result*> all;
    for (const Result& r : program.results) {
        table.row({r.joined(), microseconds(r["one_thread"]), microseconds(r["two_threads"]),
                   number(r["times"], 2)});
        bars.groups.push_back({r.joined(), {r["times"]}});
        all.push_back(&r);
    }
    if (all.empty()) {
        page.text += "Not measured.\n\n";
        return;
    }
    page.text += "Wall time, by turns. The results are the same, bit for bit.\n\n";
    page.picture("threads", "Wall time of one thread over that of two", chart::svg(bars));
    page.text += table.text();
    page.add_notes("threads", all);
}

void write_sizes(Page& page) {
    page.text += "## Size of programs\n\n";
    Table table{{"program", "-O2, bytes", "above the baseline", "-O3, bytes", "above the baseline"}};
    const auto size = [&page](const std::string& program) {
        const auto found = page.sizes.find("size_" + program);
        return found == page.sizes.end() ? std::nan("") : static_cast<double>(found->second);
    };
    bool any = false;
    for (const char* program : {"baseline", "infer", "train"}) {
        const std::string name = program;
        const double o2 = size(name + "_O2"), o3 = size(name + "_O3");
        any = any || std::isfinite(o2);
        table.row({name, number(o2, 0), name == "baseline" ? "" : number(o2 - size("baseline_O2"), 0),
                   number(o3, 0), name == "baseline" ? "" : number(o3 - size("baseline_O3"), 0)});
    }
    if (!any) {
        page.text += "Not measured.\n\n";
        return;
    }
    page.text +=
        "Bytes of code (`.text`, dynamically linked) of two whole programs around `card`: "
        "[infer](../benchmarks/size/infer.cpp) answers,\n[train](../benchmarks/size/train.cpp) also learns; "
        "[baseline](../benchmarks/size/baseline.cpp) reads and writes only.\n\n" +
        table.text();
}

void write_trust(Page& page) {
    page.text += "## How much the figures vary\n\n";
    std::vector<double> spreads;
    std::string widest;
    std::vector<std::string> failures;
    for (const auto& [program, results] : page.programs) {
        for (const std::string& failure : results.failures)
            failures.push_back(program + " " + failure);
        for (const Result& r : results.results)
            for (const char* counter : {"twin_costs", "times", "of_streaming", "of_peak", "of_copy"})
                if (const auto found = r.spread.find(counter);
                    found != r.spread.end() && std::isfinite(found->second)) {
                    if (spreads.empty() || found->second > *std::max_element(spreads.begin(), spreads.end()))
                        widest = code(program) + " " + code(r.joined()) + ", " + counter;
                    spreads.push_back(found->second);
                    break;
                }
    }
    if (!spreads.empty()) {
        std::sort(spreads.begin(), spreads.end());
        const auto at = [&spreads](double share) {
            const double last = static_cast<double>(spreads.size() - 1);
            return number(100 * spreads[static_cast<std::size_t>(share * last)], 1) + "%";
        };
        page.text += "Standard deviation over the repetitions of a benchmark, as a share of the mean, over " +
                     number(static_cast<double>(spreads.size()), 0) + " ratios:\nmedian " + at(0.5) +
                     ", nine of ten under " + at(0.9) + ", widest " + at(1) + " (" + widest + ").\n\n";
    }
    if (failures.empty()) {
        page.text += "Every benchmark passed its own checks.\n";
        return;
    }
    page.text += "These benchmarks failed their own checks, so they are missing above:\n\n";
    for (const std::string& failure : failures)
        page.text += "- " + failure + "\n";
}

} // namespace report
