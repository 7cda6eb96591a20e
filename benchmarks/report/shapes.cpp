// Single layers of odd shapes, and which of them fall behind their neighbours.
#include "page.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

const char* const kinds[] = {"batch", "gradient", "one"};

[[nodiscard]] const char* counter(const Result& r) {
    return std::isfinite(r["of_peak"]) ? "of_peak" : "of_copy";
}
[[nodiscard]] double figure(const Result* r) {
    return r == nullptr ? std::nan("") : (*r)[counter(*r)];
}

/// Whether the `at`-th of a series is under half of what its neighbours reach in the mean.
[[nodiscard]] bool is_cliff(const std::vector<const Result*>& series, std::size_t at) {
    double sum = 0;
    int neighbours = 0;
    for (const std::size_t k : {at - 1, at + 1}) // at - 1 wraps around to beyond the end
        if (k < series.size() && std::isfinite(figure(series[k]))) {
            sum += figure(series[k]);
            ++neighbours;
        }
    return neighbours > 0 && figure(series[at]) < 0.5 * sum / neighbours;
}

struct Series {
    std::string name;
    std::vector<std::string> points;
};

[[nodiscard]] std::vector<Series> series_of(const Program& program) {
    std::vector<Series> all;
    for (const Result& r : program.results) {
        if (r.name.size() != 3)
            continue;
        auto series =
            std::find_if(all.begin(), all.end(), [&](const Series& s) { return s.name == r.name[0]; });
        if (series == all.end())
            series = all.insert(all.end(), {r.name[0], {}});
        if (series->points.empty() || series->points.back() != r.name[1])
            series->points.push_back(r.name[1]);
    }
    return all;
}

} // namespace

void write_shapes(Page& page) {
    page.title("Odd shapes");
    const Program& program = page.of("shapes");
    if (program.results.empty())
        return page.say("Not measured.");
    page.say("Single layers, one size varied at a time: forward of a batch, its gradient (by input "
             "and by parameters), and forward of one sample, as a share of the FMA peak. Pools "
             "multiply nothing: their figure is the speed at which they read their input, over that "
             "of a plain copy of it, which also writes as much. A figure under half of the mean of "
             "its neighbours is **bold**.");
    std::vector<const Result*> all;
    std::vector<std::string> cliffs;
    Table table{{"series", "point", "batch", "gradient", "one sample"}};
    for (const Series& series : series_of(program)) {
        std::vector<std::vector<std::string>> rows;
        for (const std::string& point : series.points)
            rows.push_back({rows.empty() ? series.name : "", point});
        for (const char* kind : kinds) {
            std::vector<const Result*> line;
            for (const std::string& point : series.points)
                line.push_back(program.find({series.name, point, kind}));
            for (std::size_t i = 0; i < line.size(); ++i) {
                const bool cliff = is_cliff(line, i);
                const std::string text = line[i] == nullptr ? "" : shares(*line[i], counter(*line[i]));
                rows[i].push_back(cliff ? "**" + text + "**" : text);
                if (cliff)
                    cliffs.push_back(code(line[i]->joined()));
                if (line[i] != nullptr)
                    all.push_back(line[i]);
            }
        }
        for (std::vector<std::string>& cells : rows)
            table.row(std::move(cells));
    }
    page.text += table.text();
    page.say(cliffs.empty() ? "None is under half of its neighbours."
                            : "Under half of their neighbours: " + listed(cliffs) + ".");
    page.add_notes("shapes", all);
}

} // namespace report
