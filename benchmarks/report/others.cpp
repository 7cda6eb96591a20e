// The short sections: streaming, threads, sizes.
#include "bars.hpp"
#include "page.hpp"

#include <algorithm>
#include <cmath>

namespace report {

void write_stream(Page& page) {
    page.title("One sample against reading its weights");
    Table table{{"network", "µs a sample", "GB of weights a second", "of streaming"}};
    std::vector<const Result*> all;
    for (const Result& r : page.of("steps").results)
        if (std::isfinite(r["of_streaming"])) {
            table.row({r.name[0], microseconds(r["seconds"]), number(r["bytes_per_second"] * 1e-9, 0),
                       shares(r, "of_streaming")});
            all.push_back(&r);
        }
    if (all.empty())
        return page.say("Not measured.");
    page.say("A dense layer uses each weight once for one sample, so it cannot be faster than reading "
             "them. *Of streaming* is the time of summing all parameters of the model, over that of "
             "one sample's forward pass.");
    page.text += table.text();
    page.add_notes("steps", all);
}

void write_threads(Page& page) {
    page.title("Threads");
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
    if (all.empty())
        return page.say("Not measured.");
    page.say("Wall time, in turns. One thread and two give the same bits. Other processes count here: " +
             number(program.load, 1) + " wanted to run when the program started (load average).");
    page.picture("threads", "Wall time of one thread over that of two", chart::svg(bars));
    page.text += table.text();
    page.add_notes("threads", all);
}

void write_sizes(Page& page) {
    page.title("Size of programs");
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
    if (!any)
        return page.say("Not measured.");
    const auto above = [&size](const std::string& program) -> chart::BarGroup {
        return {program,
                {size(program + "_O2") - size("baseline_O2"), size(program + "_O3") - size("baseline_O3")}};
    };
    page.say("Bytes of code (`.text`, dynamically linked) of two whole programs around `card`: "
             "[infer](../benchmarks/size/infer.cpp) only answers, [train](../benchmarks/size/train.cpp) also "
             "learns, "
             "[baseline](../benchmarks/size/baseline.cpp) has no network: it only reads and writes.");
    page.picture("sizes", "Bytes of code above the baseline",
                 chart::svg(chart::Bars{.title = "Size of code",
                                        .note = "above a program that only reads and writes",
                                        .x = {.label = "bytes"},
                                        .decimals = 0,
                                        .series = {"-O2", "-O3"},
                                        .groups = {above("infer"), above("train")}}));
    page.text += table.text();
}

} // namespace report
