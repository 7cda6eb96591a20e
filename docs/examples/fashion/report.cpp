#include "report.hpp"

#include <cstddef>
#include <iomanip>
#include <sstream>

namespace fashion {

std::string result_text(const Outcome& outcome, const Dataset& data) {
    double seconds = 0;
    for (const ln::EpochReport& epoch : outcome.epochs)
        seconds += epoch.seconds;
    const std::size_t passes = outcome.epochs.size(), images = data.train.size();
    std::ostringstream text;
    text << std::fixed << std::setprecision(4) << "test accuracy " << outcome.test.accuracy << ", loss "
         << outcome.test.loss << '\n';
    if (passes == 0)
        return text.str() + "the run was over already\n";
    text << "trained on " << passes << " x " << images << " images in " << std::setprecision(1) << seconds
         << " s: " << std::setprecision(0) << static_cast<double>(passes * images) / seconds
         << " images a second\n";
    return text.str();
}

std::string confusion_table(const ln::Confusion& confusion, const Dataset& data) {
    constexpr int name_width = 13, cell_width = 7;
    std::ostringstream text;
    text << std::setw(name_width) << ""
         << "  taken for\n"
         << std::left << std::setw(name_width) << "what it is" << std::right;
    for (const std::string& name : data.classes)
        text << std::setw(cell_width) << name.substr(0, 5);
    text << std::setw(cell_width + 2) << "right\n";

    for (int actual = 0; actual < confusion.classes(); ++actual) {
        text << std::left << std::setw(name_width) << data.classes[static_cast<std::size_t>(actual)]
             << std::right;
        long long all = 0;
        for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
            const long long count = confusion(actual, predicted);
            text << std::setw(cell_width) << (count == 0 ? "." : std::to_string(count));
            all += count;
        }
        if (all > 0)
            text << std::setw(cell_width) << std::fixed << std::setprecision(1)
                 << 100.0 * static_cast<double>(confusion(actual, actual)) / static_cast<double>(all) << '%';
        text << '\n';
    }
    return text.str();
}

chart::Chart learning_curves(const Outcome& outcome, const Dataset& data, const Options& options) {
    const std::string test_images = "validation (test images)";
    chart::Line training{"training", {}}, validation{test_images, {}}, accuracy{test_images, {}};
    for (const ln::EpochReport& epoch : outcome.epochs) {
        const double x = epoch.epoch;
        training.points.push_back({x, epoch.loss});
        validation.points.push_back({x, epoch.validation.loss});
        accuracy.points.push_back({x, epoch.validation.accuracy});
    }
    std::ostringstream note;
    note << "SGD with momentum 0.9, learning rate " << options.learning_rate << ", batch " << options.batch
         << ", seed " << options.seed << "; test accuracy " << std::fixed << std::setprecision(4)
         << outcome.test.accuracy;
    const chart::Panel losses{.y = chart::Axis{.label = "loss"}, .lines = {training, validation}};
    const chart::Panel accuracies{.y = chart::Axis{.label = "accuracy"}, .lines = {accuracy}};
    return {.title = options.network + " on " + data.name,
            .note = note.str(),
            .x = chart::Axis{.label = "epoch", .whole = true},
            .panels = {losses, accuracies}};
}

} // namespace fashion
