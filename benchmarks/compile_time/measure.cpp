// Compiles all sources with each compiler and writes what that takes, as Google Benchmark writes its results.
//
//     measure [--brief] <root> <work folder> <results.json> "<compiler> ..." <flag>...
//
// --brief, to test the program: one source of each kind, without optimisation, once, and whole programs with
// the first compiler only.
#include "../report/results_file.hpp"
#include "weigh.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <regex>
#include <set>
#include <sstream>

namespace {

using namespace compile_time;
using report::ResultsFile;

/// What took so many seconds in all is not compiled once more, nothing is compiled more often than so many
/// times, and after so many minutes nothing is compiled again: a slow machine repeats less.
constexpr double enough = 2;
constexpr int most_rounds = 5;
constexpr std::chrono::minutes time_for_rounds{8};

struct Job {
    const Source& source;
    const Compiler& compiler;
    std::string level, name;
    double spent = 0;
};

/// "g++" or "clang++", and the version.
[[nodiscard]] std::pair<std::string, std::string> identity(const std::string& compiler) {
    const std::string text = run({compiler, "--version"}).output;
    std::smatch version;
    std::regex_search(text, version, std::regex{R"([0-9]+\.[0-9]+\.[0-9]+)"});
    return {text.find("clang") == text.npos ? "g++" : "clang++", version.str()};
}

void measure_time(Job& job, ResultsFile& results) {
    const Outcome outcome = job.compiler.compile(job.source, job.level);
    results.add(job.name, {{"seconds", outcome.seconds}, {"mib", outcome.mib}});
    if (job.spent == 0)
        results.add(job.name, {{"code", weigh(job.compiler.object()).code}});
    job.spent += outcome.seconds;
}

/// Counts that are exact, so that once is enough.
void count_all(const Job& job, ResultsFile& results) {
    if (job.level == "O0" && job.name.find("/clang++/") != job.name.npos) {
        const Counts counts = count(job.compiler, job.source);
        results.add(job.name, {{"instantiations", counts.instantiations},
                               {"longest_name", counts.longest_name},
                               {"debug", counts.debug}});
    } else if (job.level == "O0" || (job.level == "O2" && job.name.starts_with("depth/"))) {
        (void)job.compiler.compile(job.source, job.level, {"-g"});
        const Weight weight = weigh(job.compiler.object());
        results.add(job.name, {{"longest_name", weight.longest_name}, {"debug", weight.debug}});
    }
}

/// How fast the same training step is as it is compiled: the program says it itself.
void measure_speed(const std::vector<Compiler>& compilers, const std::vector<std::string>& names,
                   const std::vector<std::string>& levels, ResultsFile& results) {
    std::vector<std::pair<std::string, std::string>> programs;
    for (const std::string& level : levels)
        for (std::size_t i = 0; i < compilers.size(); ++i) {
            const Compiler& compiler = compilers[i];
            const std::string name = "speed/Card/" + names[i] + '/' + level;
            const std::string program = compiler.work / (names[i] + '_' + level);
            (void)compiler.compile({name, compiler.root + "/benchmarks/compile_time/speed.cpp"}, level);
            (void)run({compiler.command, compiler.object(), "-o", program});
            programs.emplace_back(name, program);
        }
    for (int round = 0; round < most_rounds; ++round)
        for (const auto& [name, program] : programs)
            results.add(name, {{"microseconds", std::stod(run({program}).output)}});
}

[[nodiscard]] std::vector<Source> brief(std::vector<Source> all) {
    const std::set<std::string> kinds{"header/lamina.hpp",   "network/Card/infer", "network/Card/train",
                                      "depth/alike/train/1", "whole/Card/lamina",  "whole/Card/dlib"};
    std::erase_if(all, [&kinds](const Source& source) { return !kinds.contains(source.name); });
    for (Source& source : all)
        source.levels = {"O0"};
    return all;
}

void measure_all(bool briefly, const std::string& root, const std::filesystem::path& work,
                 const std::string& file, const std::string& commands,
                 const std::vector<std::string>& flags) {
    std::filesystem::create_directories(work);
    ResultsFile results{file};
    std::vector<Compiler> compilers;
    std::vector<std::string> names;
    std::istringstream words{commands};
    for (std::string command; words >> command;) {
        const auto [name, version] = identity(command);
        results.add("compiler/" + name + '/' + version, {{"compilers", 1}});
        compilers.push_back({command, flags, root, work});
        names.push_back(name);
    }
    const std::vector<Source> sources = briefly ? brief(all_sources(root)) : all_sources(root);
    std::vector<Job> jobs;
    for (const Source& source : sources)
        for (const std::string& level : source.levels)
            for (std::size_t i = 0; i < compilers.size(); ++i)
                if (!briefly || i == 0 ||
                    !source.name.starts_with("whole/")) // half a minute for each compiler
                    jobs.push_back({source, compilers[i], level, source.name + '/' + names[i] + '/' + level});

    // By turns, so that what else the machine does meets all of them.
    const auto end = std::chrono::steady_clock::now() + time_for_rounds;
    for (int round = 0; round < (briefly ? 1 : most_rounds); ++round)
        for (Job& job : jobs)
            if (job.spent < enough && (round == 0 || std::chrono::steady_clock::now() < end)) {
                std::printf("round %d: %s\n", round + 1, job.name.c_str());
                std::fflush(stdout);
                measure_time(job, results);
            }
    for (const Job& job : jobs)
        if (!briefly || job.name.starts_with("network/"))
            count_all(job, results);
    measure_speed(compilers, names,
                  briefly ? std::vector<std::string>{"O0"} : std::vector<std::string>{"O0", "O1", "O2", "O3"},
                  results);
    results.finish();
}

} // namespace

int main(int count, char** arguments) {
    const bool briefly = count > 1 && std::string{arguments[1]} == "--brief";
    const std::vector<std::string> words{arguments + (briefly ? 2 : 1), arguments + count};
    if (words.size() < 4) {
        std::fprintf(
            stderr,
            "usage: measure [--brief] <root> <work folder> <results.json> \"<compiler> ...\" <flag>...\n");
        return 2;
    }
    try {
        measure_all(briefly, words[0], words[1], words[2], words[3], {words.begin() + 4, words.end()});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "measure: %s\n", error.what());
        return 1;
    }
}
