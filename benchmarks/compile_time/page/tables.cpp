// Networks, whole programs, headers, and what keeps all this low.
#include "sections.hpp"

#include <cmath>

namespace compile_time {
namespace {

using report::code, report::number, report::Page, report::Table;

/// Whether anything at all was measured of it.
[[nodiscard]] bool has(const Page& page, const std::string& source) {
    return std::isfinite(figure(page, source, "g++", "O0", "seconds")) ||
           std::isfinite(figure(page, source, "clang++", "O0", "seconds"));
}

/// Seconds and memory of a source, by compiler a line.
void add_costs(Table& table, const Page& page, const std::string& name, const std::string& source) {
    for (const std::string compiler : {"g++", "clang++"}) {
        const auto cell = [&](const char* level, const char* counter, int decimals, double unit = 1) {
            return number(figure(page, source, compiler, level, counter) / unit, decimals);
        };
        table.row({name, compiler, cell("O0", "seconds", 2), cell("O2", "seconds", 2),
                   cell("O3", "seconds", 2), cell("O0", "mib", 0), cell("O2", "mib", 0), cell("O3", "mib", 0),
                   cell("O0", "instantiations", 0), cell("O2", "code", 0, 1024), cell("O3", "code", 0, 1024),
                   cell("O0", "longest_name", 0), cell("O0", "debug", 0, 1024)});
    }
}

const std::vector<std::string> columns{"program",
                                       "compiler",
                                       "seconds, -O0",
                                       "-O2",
                                       "-O3",
                                       "MiB, -O0",
                                       "-O2",
                                       "-O3",
                                       "instantiations",
                                       "code, KiB, -O2",
                                       "-O3",
                                       "longest name, -O0",
                                       "debug information, KiB, -O0"};

} // namespace

void write_networks(Page& page) {
    page.title("Networks");
    page.say("The networks of [the benchmarks](benchmarks.md). `infer` computes one answer, `train` "
             "takes one training step. They include `lamina/core.hpp` only.");
    Table table{columns};
    for (const std::string network : {"Card", "Lenet5", "Mlp", "VggSmall"})
        for (const std::string what : {"/infer", "/train"})
            add_costs(table, page, code(network + what), "network/" + network + what);
    page.text += table.text();
    std::string native;
    for (const std::string compiler : {"g++", "clang++"})
        if (const double times = figure(page, "native/Card/train", compiler, "O3", "seconds") /
                                 figure(page, "network/Card/train", compiler, "O3", "seconds");
            std::isfinite(times))
            native += (native.empty() ? "" : ", ") + number(times, 2) + " with " + compiler;
    if (!native.empty())
        page.say("With `-march=native`, `Card/train` at `-O3` takes longer, by this factor: " + native + ".");
}

void write_dlib(Page& page) {
    page.title("Beside dlib");
    if (!has(page, "whole/Card/dlib"))
        return page.say("Not measured: dlib's headers (Debian's `libdlib-dev`) were not found.");
    page.say("Whole programs that read a data set, train, test, save the weights and read them back: "
             "[lamina's](../benchmarks/compile_time/whole.cpp), with `lamina/lamina.hpp`, and "
             "[dlib's](../benchmarks/compile_time/dlib.cpp), with the same layers, written as dlib's "
             "examples are, with `dnn_trainer`. Both train with momentum on batches of 64. Beyond "
             "that they differ: lamina's loader unpacks gzip and its trainer can use several threads; "
             "dlib's trainer adapts its learning rate to the loss, and can use a GPU, which Debian's "
             "build leaves out. The part of dlib that is not templates is in its library, compiled "
             "beforehand; all of lamina is compiled here.");
    Table table{columns};
    for (const std::string network : {"Card", "VggSmall"})
        for (const std::string library : {"/lamina", "/dlib"})
            add_costs(table, page, network + library, "whole/" + network + library);
    page.text += table.text();
    Table ratios{{"lamina over dlib", "compiler", "seconds, -O0", "-O2", "-O3", "memory, -O0", "-O2", "-O3"}};
    for (const std::string network : {"Card", "VggSmall"})
        for (const std::string compiler : {"g++", "clang++"}) {
            const auto cell = [&](const char* level, const char* counter) {
                return number(figure(page, "whole/" + network + "/lamina", compiler, level, counter) /
                                  figure(page, "whole/" + network + "/dlib", compiler, level, counter),
                              2);
            };
            ratios.row({network, compiler, cell("O0", "seconds"), cell("O2", "seconds"),
                        cell("O3", "seconds"), cell("O0", "mib"), cell("O2", "mib"), cell("O3", "mib")});
        }
    page.text += ratios.text();
}

void write_headers(Page& page) {
    page.title("Headers");
    page.say("A source that includes this header and nothing else:");
    Table table{{"header", "g++, seconds", "MiB", "clang++, seconds", "MiB"}};
    for (const report::Result& r : page.of("compile_time").results)
        if (r.name.size() == 4 && r.name[0] == "header" && r.name[2] == "g++") {
            const std::string source = "header/" + r.name[1];
            const bool is_words = r.name[1] == "nothing" || r.name[1].starts_with("others");
            table.row({is_words ? r.name[1] : code(r.name[1]), number(r["seconds"], 2), number(r["mib"], 0),
                       number(figure(page, source, "clang++", "O0", "seconds"), 2),
                       number(figure(page, source, "clang++", "O0", "mib"), 0)});
        }
    page.text += table.text();
    page.say("Include `core.hpp` in a file that runs a model or takes training steps; add "
             "`lamina/train/fit.hpp` to train on data sets. `lamina.hpp` is both, and readers and "
             "writers of files. The run-time twin is in none of them. Lamina's headers include only "
             "the light half of the standard library: no streams, no `<algorithm>`, `<functional>`, "
             "`<memory>`; a test holds that.");
    page.say(
        "*Others in* a header are the headers of the standard library, of Hana, zlib and jansson that it "
        "includes. Lamina's own can only add to their time. A precompiled header (CMake's "
        "`target_precompile_headers`) replaces all of them.");
}

void write_speed(Page& page) {
    page.title("Speed without optimisation");
    page.say("Microseconds a sample, for a training step of `card` on 64 samples "
             "([speed.cpp](../benchmarks/compile_time/speed.cpp)). g++ optimises lamina's kernels "
             "even at `-O0`: only your own code and the loop around the kernels are slow. clang++ "
             "cannot be told to by a header: with it, compile the file that trains at `-O1`.");
    Table table{{"compiler", "-O0", "-O1", "-O2", "-O3", "-O0 over -O3"}};
    for (const std::string compiler : {"g++", "clang++"}) {
        const auto at = [&](const char* level) {
            return figure(page, "speed/Card", compiler, level, "microseconds");
        };
        table.row({compiler, number(at("O0"), 1), number(at("O1"), 1), number(at("O2"), 1),
                   number(at("O3"), 1), number(at("O0") / at("O3"), 1)});
    }
    page.text += table.text();
}

void write_advice(Page& page) {
    page.title("Why it is low");
    page.list({"**The walk over the layers remembers numbers**, not lists of types: instantiations and "
               "names grow with the number of layers and no faster.",
               "**Kernels are unrolled in registers**, never over images: code does not grow with "
               "images, which a test holds to a tenth.",
               "**Kernels know shapes, not networks**: layers that are alike are compiled once."});
    page.say("Every file that calls `forward` or `step` compiles the kernels. In a program of many "
             "files, let one file do that, and give the others a small header that includes "
             "`lamina/fwd.hpp`, which names types without their definitions. "
             "[compile_once](examples/compile_once) is such a program.");
    page.title("The test that keeps it low");
    page.say("A test compiles six of these programs with clang++ 19 and libstdc++ 12. It counts "
             "instantiations, characters of the longest mangled name and bytes of debug information, "
             "and fails where one is more than 3% above [the "
             "baseline](../benchmarks/compile_time/baseline.txt). To raise the baseline on purpose: "
             "`cmake --build build/test --target compile_time_baseline`.");
}

} // namespace compile_time
