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
         << ln::loss_text(outcome.test.loss) << '\n';
    if (passes == 0)
        return text.str() + "the run was over already\n";
    text << "trained on " << passes << " x " << images << " images in " << std::setprecision(1) << seconds
         << " s: " << std::setprecision(0) << static_cast<double>(passes * images) / seconds
         << " images a second\n";
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
