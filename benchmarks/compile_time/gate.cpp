// Fails if a program costs over 3% more to compile than the baseline says, in template instantiations, the
// longest mangled name, or debug information. Counts do not depend on the machine or its load. `update`
// writes the baseline: do it on purpose.
//
//     gate <check or update> <baseline> <root> <work folder> <clang++> <flag>...
#include "baseline.hpp"

#include <cstdio>
#include <exception>
#include <string_view>

namespace {

using namespace compile_time;

int gate(std::string_view what, const char* file, const Compiler& clang) {
    std::filesystem::create_directories(clang.work);
    Baseline found;
    for (const Source& source : gated_sources(clang.root))
        found[source.name] = count(clang, source);
    for (const auto& [name, counts] : found)
        std::printf("%s: %ld instantiations, longest name %ld, debug information %ld\n", name.c_str(),
                    counts.instantiations, counts.longest_name, counts.debug);
    if (what == "update") {
        write_baseline(file, found);
        return 0;
    }
    const std::vector<std::string> wrong = faults(read_baseline(file), found);
    for (const std::string& fault : wrong)
        std::fprintf(stderr, "%s\n", fault.c_str());
    return wrong.empty() ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
    const std::string_view what = count > 5 ? arguments[1] : "";
    if (what != "check" && what != "update") {
        std::fprintf(stderr,
                     "usage: gate <check or update> <baseline> <root> <work folder> <clang++> <flag>...\n");
        return 2;
    }
    try {
        return gate(what, arguments[2],
                    {arguments[5], {arguments + 6, arguments + count}, arguments[3], arguments[4]});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gate: %s\n", error.what());
        return 1;
    }
}
