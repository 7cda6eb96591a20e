#include "weigh.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace compile_time {

Outcome Compiler::compile(const Source& source, const std::string& level,
                          const std::vector<std::string>& more) const {
    std::vector<std::string> words{command, "-std=c++20", "-" + level};
    for (const std::vector<std::string>& list : {flags, more, source.arguments})
        words.insert(words.end(), list.begin(), list.end());
    words.insert(words.end(), {"-c", source.file, "-o", object().string()});
    return run(words);
}

Weight weigh(const std::filesystem::path& object) {
    Weight weight;
    std::istringstream sections{run({"size", "--format=sysv", object.string()}).output};
    for (std::string line; std::getline(sections, line);) {
        std::istringstream words{line};
        std::string name;
        long bytes = 0;
        if (!(words >> name >> bytes))
            continue;
        if (name.starts_with(".text"))
            weight.code += bytes;
        else if (name.starts_with(".debug_"))
            weight.debug += bytes;
    }
    std::istringstream symbols{run({"nm", "--format=just-symbols", object.string()}).output};
    for (std::string name; std::getline(symbols, name);)
        weight.longest_name = std::max(weight.longest_name, static_cast<long>(name.size()));
    return weight;
}

long count_instantiations(const std::filesystem::path& trace) {
    std::ifstream stream{trace};
    if (!stream)
        throw std::runtime_error{trace.string() + ": no time trace there"};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    long count = 0;
    for (const char* event : {"\"name\":\"InstantiateFunction\"", "\"name\":\"InstantiateClass\""})
        for (std::size_t at = text.find(event); at != text.npos; at = text.find(event, at + 1))
            ++count;
    return count;
}

Counts count(const Compiler& clang, const Source& source) {
    // Paths are part of debug information: the same wherever the repository lies.
    (void)clang.compile(source, "O0",
                        {"-g", "-ffile-prefix-map=" + clang.root + "=.", "-fdebug-compilation-dir=.",
                         "-ftime-trace", "-ftime-trace-granularity=0"});
    const Weight weight = weigh(clang.object());
    std::filesystem::path trace = clang.object();
    return {count_instantiations(trace.replace_extension(".json")), weight.longest_name, weight.debug};
}

} // namespace compile_time
