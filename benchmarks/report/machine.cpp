#include "machine.hpp"

#include <lamina/pack.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <thread>

namespace report {

std::string processor(const std::filesystem::path& cpuinfo) {
    std::ifstream stream{cpuinfo};
    std::string name = "unknown", numbers;
    for (std::string line; std::getline(stream, line) && !line.empty();) {
        const std::size_t colon = line.find(": ");
        if (colon == line.npos)
            continue;
        const std::string value = line.substr(colon + 2);
        if (line.starts_with("model name"))
            name = value;
        else if (line.starts_with("cpu family"))
            numbers += " (family " + value;
        else if (line.starts_with("model") && !numbers.empty())
            numbers += ", model " + value + ")";
    }
    return name + numbers; // virtual machines name whole series alike
}

std::string cores() {
    return processor("/proc/cpuinfo") + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
}

std::string compiler(const std::string& flags) {
#if defined(__clang__)
    const std::string name = "clang++ " __clang_version__;
#else
    const std::string name = "g++ " __VERSION__;
#endif
    return name + ", " + code(flags);
}

void write_heading(Page& page, const std::string& flags, const std::string& date) {
    double peak = std::nan("");
    for (const Result& r : page.of("steps").results)
        if (std::isfinite(r["gflops_of_peak"])) {
            peak = r["gflops_of_peak"];
            break;
        }
    double load = 0;
    for (const auto& [name, program] : page.programs)
        load = std::max(load, program.load);
    page.text += "<!-- Written whole by `cmake --workflow --preset bench`: what is changed here by hand "
                 "is lost. -->\n# Benchmarks\n\nAll figures here were measured, and this page written, by "
                 "`cmake --workflow --preset bench`. Run it for the figures of your own machine.\n\n";
    Table table{{"", "measured on"}};
    table.row({"processor", cores()});
    table.row({"vectors", std::to_string(8 * lamina::simd_bytes) + " bits, " +
                              std::to_string(lamina::vector_registers) + " registers planned for"});
    table.row({"FMA peak", number(peak, 0) + " GFLOP/s on one core"});
    table.row({"compiler", compiler(flags)});
    table.row({"load", "up to " + number(load, 1) +
                           " processes wanted to run when a program started (load average)"});
    table.row({"date", date});
    page.text += table.text();
    page.say("How to read the figures:");
    page.list({"**Names**: `card` is the README's network, `lenet5` is LeNet-5, `mlp` has dense layers "
               "only, `vgg_small` has six 3x3 convolutions on 32x32 colour images "
               "([networks.hpp](../benchmarks/runtime/networks.hpp)). `train` is a training step on 64 "
               "samples, `infer` the outputs of 64, `one` those of one, `prepared` those of one by "
               "`Prepared`, `backward` the gradient alone.",
               "**Ratios**: programs that are compared run in turns, in one run, and the figure is the "
               "ratio of their times.",
               "**Of peak**: useful multiply-adds, over what independent fused multiply-adds on "
               "registers reach right before and after each turn. A multiply-add of the layer's "
               "definition counts once; in backward once for the weights and once for the input, but "
               "not for the input of the first layer. Winograd's algorithm needs fewer, so it can be "
               "above 1.",
               "**0.64 (0.67)**: the median of all turns, and their ninth decile, which is near what a "
               "quiet machine shows. Other work on the same core slows the median.",
               "**Time** is the thread's processor time, so that other processes count little. Only "
               "threads are measured by the wall clock.",
               "**Checks**: inputs are made while the program runs. Results are checked against each "
               "other, or to be finite and not zero. A benchmark that fails its check has no figure."});
}

} // namespace report
