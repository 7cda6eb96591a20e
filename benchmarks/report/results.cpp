#include "results.hpp"

#include <lamina/error.hpp>
#include <lamina/files/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

namespace report {
namespace {

using lamina::files::Json;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    lamina::raise(lamina::format_error{file.filename().string() + ": " + what});
}

[[nodiscard]] std::vector<std::string> split(const std::string& name) {
    std::vector<std::string> parts;
    std::istringstream stream{name};
    for (std::string part; std::getline(stream, part, '/');)
        parts.push_back(part);
    return parts;
}

[[nodiscard]] double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Every counter of all repetitions of one benchmark, or the aggregates the program has made of them.
struct Gathered {
    std::string name;
    std::map<std::string, std::vector<double>> repetitions = {};
    std::map<std::string, double> median = {};
};

/// What Google Benchmark itself writes about each benchmark; the rest are counters.
[[nodiscard]] bool is_counter(std::string_view key) {
    for (const char* own : {"family_index", "per_family_instance_index", "repetitions", "repetition_index",
                            "threads", "iterations", "real_time", "cpu_time"})
        if (key == own)
            return false;
    return true;
}

[[nodiscard]] std::string text_of(const json_t* entry, const char* key) {
    const json_t* value = json_object_get(entry, key);
    return json_is_string(value) ? json_string_value(value) : "";
}

[[nodiscard]] Gathered& place(std::vector<Gathered>& all, const std::string& name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Gathered& g) { return g.name == name; });
    return found != all.end() ? *found : all.emplace_back(Gathered{name});
}

} // namespace

std::string Result::joined() const {
    std::string all;
    for (const std::string& part : name)
        all.append(all.empty() ? "" : "/").append(part);
    return all;
}

double Result::operator[](std::string_view counter) const {
    const auto found = counters.find(std::string{counter});
    return found == counters.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

const Result* Program::find(const std::vector<std::string>& name) const {
    const auto found =
        std::find_if(results.begin(), results.end(), [&](const Result& r) { return r.name == name; });
    return found == results.end() ? nullptr : &*found;
}

Program read_program(const std::filesystem::path& file) {
    json_error_t error;
    const Json root{json_load_file(file.c_str(), 0, &error)};
    if (!root)
        fail(file, "line " + std::to_string(error.line) + ": " + error.text);
    const json_t* benchmarks = json_object_get(root.get(), "benchmarks");
    if (!json_is_array(benchmarks))
        fail(file, "expected a list named benchmarks, found " + lamina::files::printable(benchmarks));

    Program program;
    const json_t* context = json_object_get(root.get(), "context");
    program.load = json_number_value(json_array_get(json_object_get(context, "load_avg"), 0));
    program.blas = text_of(context, "blas");
    std::vector<Gathered> all;
    std::set<std::string> failed; // in any of its repetitions
    for (std::size_t i = 0; i < json_array_size(benchmarks); ++i) {
        const json_t* entry = json_array_get(benchmarks, i);
        std::string name = text_of(entry, "run_name");
        if (name.empty())
            fail(file, "benchmark " + std::to_string(i) + " has no run_name");
        if (name.ends_with("/real_time"))
            name.resize(name.size() - std::string_view{"/real_time"}.size());
        if (json_is_true(json_object_get(entry, "error_occurred"))) {
            program.failures.push_back(name + ": " + text_of(entry, "error_message"));
            failed.insert(name);
            continue;
        }
        Gathered& gathered = place(all, name);
        const std::string aggregate = text_of(entry, "aggregate_name");
        const char* key = nullptr;
        json_t* value = nullptr;
        json_object_foreach(const_cast<json_t*>(entry), key, value) {
            if (!json_is_number(value) || !is_counter(key))
                continue;
            if (aggregate == "median")
                gathered.median[key] = json_number_value(value);
            else if (aggregate.empty())
                gathered.repetitions[key].push_back(json_number_value(value));
        }
    }
    for (Gathered& gathered : all) {
        if (failed.contains(gathered.name))
            continue;
        Result result{split(gathered.name), gathered.median};
        for (auto& [counter, values] : gathered.repetitions)
            result.counters.emplace(counter, median(std::move(values)));
        program.results.push_back(std::move(result));
    }
    std::sort(program.failures.begin(), program.failures.end());
    program.failures.erase(std::unique(program.failures.begin(), program.failures.end()),
                           program.failures.end());
    return program;
}

std::map<std::string, Program> read_results(const std::filesystem::path& folder) {
    std::map<std::string, Program> programs;
    if (std::filesystem::is_directory(folder))
        for (const auto& entry : std::filesystem::directory_iterator{folder})
            if (entry.path().extension() == ".json")
                programs.emplace(entry.path().stem().string(), read_program(entry.path()));
    if (programs.empty())
        lamina::raise(lamina::format_error{folder.filename().string() + ": no results there"});
    return programs;
}

long read_size(const std::filesystem::path& file) {
    std::ifstream stream{file};
    std::string line, section;
    for (long bytes = 0; std::getline(stream, line);)
        if (std::istringstream words{line}; words >> section >> bytes && section == ".text")
            return bytes;
    fail(file, "has no line of a section .text");
}

} // namespace report
