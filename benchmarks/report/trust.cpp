// How far to trust the figures: which benchmarks failed their own checks, and how much the others varied.
#include "page.hpp"

#include <algorithm>
#include <cmath>

namespace report {

void write_trust(Page& page) {
    page.title("How much the figures vary");
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
        page.say("Standard deviation over the repetitions of a benchmark, as a share of the mean, over " +
                 number(static_cast<double>(spreads.size()), 0) + " ratios: median " + at(0.5) +
                 ", nine of ten under " + at(0.9) + ", widest " + at(1) + " (" + widest + ").");
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
