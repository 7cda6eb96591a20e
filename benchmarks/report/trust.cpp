// How far to trust the figures: which benchmarks failed their own checks, and how much the others varied.
#include "page.hpp"

#include <algorithm>
#include <cmath>

namespace report {

void write_trust(Page& page) {
    page.title("How much the figures vary");
    std::vector<double> spreads; // how far the ninth decile lies above the median, as a share of it
    std::string widest;
    std::vector<std::string> failures;
    for (const auto& [program, results] : page.programs) {
        for (const std::string& failure : results.failures)
            failures.push_back(program + " " + failure);
        for (const Result& r : results.results)
            for (const char* counter : {"twin_costs", "times", "of_streaming", "of_peak", "of_copy"})
                if (const double spread = r[std::string{counter} + "_p90"] / r[counter] - 1;
                    std::isfinite(spread)) {
                    if (spreads.empty() || spread > *std::max_element(spreads.begin(), spreads.end()))
                        widest = code(program) + " " + code(r.joined()) + ", " + counter;
                    spreads.push_back(spread);
                    break;
                }
    }
    if (!spreads.empty()) {
        std::sort(spreads.begin(), spreads.end());
        const auto at = [&spreads](double share) {
            const double last = static_cast<double>(spreads.size() - 1);
            return number(100 * spreads[static_cast<std::size_t>(share * last)], 1) + "%";
        };
        page.say("The ninth decile of a benchmark's turns lies " + at(0.5) +
                 " above their median, by the median of " + number(static_cast<double>(spreads.size()), 0) +
                 " ratios; in nine of ten under " + at(0.9) + ", at most " + at(1) + " (" + widest + ").");
    }
    if (failures.empty()) {
        page.say("Every benchmark passed its own checks.");
        return;
    }
    page.say("These benchmarks failed their own checks, so they are missing above:");
    for (const std::string& failure : failures)
        page.text += "- " + failure + "\n";
}

} // namespace report
