#include "baseline.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace compile_time {

Baseline read_baseline(const std::filesystem::path& file) {
    Baseline baseline;
    std::ifstream stream{file};
    if (!stream)
        throw std::runtime_error{file.string() + ": cannot be read"};
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with('#'))
            continue;
        std::istringstream words{line};
        std::string name, beyond;
        Counts counts;
        if (!(words >> name >> counts.instantiations >> counts.longest_name >> counts.debug) ||
            words >> beyond)
            throw std::runtime_error{file.string() + ": expected a name and three counts, found " + line};
        baseline[name] = counts;
    }
    return baseline;
}

void write_baseline(const std::filesystem::path& file, const Baseline& baseline) {
    std::ofstream stream{file};
    stream
        << "# By clang++ 19 with libstdc++ 12, -O0 -g: template instantiations, characters of the longest "
           "mangled "
           "name,\n# bytes of debug information. cmake --build build/test --target compile_time_baseline\n";
    for (const auto& [name, counts] : baseline)
        stream << name << ' ' << counts.instantiations << ' ' << counts.longest_name << ' ' << counts.debug
               << '\n';
    if (!stream.flush())
        throw std::runtime_error{file.string() + ": cannot be written"};
}

std::vector<std::string> faults(const Baseline& baseline, const Baseline& found) {
    std::vector<std::string> all;
    const auto compare = [&all](const std::string& name, const char* what, long expected, long counted) {
        if (100 * counted > 103 * expected)
            all.push_back(name + ": " + what + ' ' + std::to_string(counted) + ", " +
                          std::to_string(expected) + " in the baseline");
    };
    for (const auto& [name, counts] : found) {
        const auto expected = baseline.find(name);
        if (expected == baseline.end()) {
            all.push_back(name + ": not in the baseline");
            continue;
        }
        compare(name, "instantiations", expected->second.instantiations, counts.instantiations);
        compare(name, "longest name", expected->second.longest_name, counts.longest_name);
        compare(name, "debug information", expected->second.debug, counts.debug);
    }
    for (const auto& [name, counts] : baseline)
        if (!found.contains(name))
            all.push_back(name + ": in the baseline, but not compiled");
    return all;
}

} // namespace compile_time
