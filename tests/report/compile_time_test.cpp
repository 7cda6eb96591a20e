#include "baseline.hpp"
#include "sections.hpp"

#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

using compile_time::Baseline;
using report::Page;

namespace {

std::string put(const Scratch& scratch, const std::string& name, const std::string& text) {
    return scratch.put(name, {text.begin(), text.end()});
}

Page page(std::vector<report::Result> results) {
    return {{{"compile_time", {std::move(results)}}}, {}, {}, "compile_time"};
}
/// Seconds of layers that are alike, one answer, at 1, 50 and 100 layers.
Page depth(double at1, double at50, double at100) {
    const auto at = [](const char* layers, double seconds) -> report::Result {
        return {{"depth", "alike", "infer", layers, "g++", "O0"}, {{"seconds", seconds}}};
    };
    return page({at("1", at1), at("50", at50), at("100", at100)});
}
bool says(const Page& page, const std::string& text) {
    std::string all = page.text;
    std::replace(all.begin(), all.end(), '\n', ' ');
    return all.find(text) != all.npos;
}

} // namespace

TEST_CASE("a layer's cost is compared with that of one before, without what one layer costs at all") {
    CHECK(compile_time::bend(depth(10, 59, 109), "alike/infer", "g++", "O0", "seconds") ==
          doctest::Approx(1));
    CHECK(compile_time::bend(depth(10, 59, 209), "alike/infer", "g++", "O0", "seconds") ==
          doctest::Approx(3));
}

TEST_CASE("a goal is reached or missed, by the worst of its figures") {
    Page straight = depth(10, 59, 109);
    compile_time::write_goals(straight);
    CHECK(says(straight, "| 1.20 | 1.00 (alike/infer, g++ -O0) | reached |"));
    CHECK(!says(straight, "missed"));
    Page bent = depth(10, 59, 209);
    compile_time::write_goals(bent);
    CHECK(says(bent, "| 1.20 | 3.00 (alike/infer, g++ -O0) | **missed** |"));

    const auto whole = [](const char* library, const char* level, double seconds) -> report::Result {
        return {{"whole", "Card", library, "g++", level}, {{"seconds", seconds}, {"mib", 100}}};
    };
    Page beside = page({whole("lamina", "O0", 5), whole("dlib", "O0", 20), whole("lamina", "O2", 6),
                        whole("dlib", "O2", 20)});
    compile_time::write_goals(beside);
    CHECK(says(beside, "seconds over dlib's | 0.25 | 0.30 (g++ -O2) | **missed** |"));
    CHECK(says(beside, "memory over dlib's | 0.25 | 1.00 (g++ -O0) | **missed** |"));
}

TEST_CASE("depth is drawn in five pictures, beside the page, and what bends stands out") {
    Page bent = depth(10, 59, 209);
    compile_time::write_depth(bent);
    CHECK(bent.pictures.size() == 5);
    CHECK(says(bent, "(compile_time/seconds.svg)"));
    CHECK(says(bent, "| alike/infer | g++ | **3.00** |"));
    CHECK(says(bent, "| alike/infer/50 | g++ | 59.00 |"));
}

TEST_CASE("networks, headers and dlib have a line each where they were measured") {
    Page some = page({{{"network", "Card", "train", "clang++", "O0"},
                       {{"seconds", 1.5}, {"mib", 120.4}, {"instantiations", 4048}, {"longest_name", 592}}},
                      {{"header", "core.hpp", "g++", "O0"}, {{"seconds", 0.333}, {"mib", 60}}}});
    compile_time::write_networks(some);
    CHECK(says(some, "| `Card/train` | clang++ | 1.50 | | | 120 | | | 4,048 | | | 592 | |"));
    compile_time::write_headers(some);
    CHECK(says(some, "| `core.hpp` | 0.33 | 60 | | |"));
    compile_time::write_dlib(some);
    CHECK(says(some, "Not measured: dlib's headers"));
}

TEST_CASE("a program for a debugger is compared with an optimised one") {
    Page speeds = page({{{"speed", "Card", "g++", "O0"}, {{"microseconds", 50}}},
                        {{"speed", "Card", "g++", "O3"}, {{"microseconds", 20}}}});
    compile_time::write_speed(speeds);
    CHECK(says(speeds, "| g++ | 50.0 |"));
    CHECK(says(speeds, "| 20.0 | 2.5 |"));
}

TEST_CASE("sources have names of their own, and those that are gated are among them") {
    const std::string root = LAMINA_TEST_DATA "/../.."; // whose headers are read
    std::set<std::string> names;
    for (const compile_time::Source& source : compile_time::all_sources(root))
        CHECK_MESSAGE(names.insert(source.name).second, source.name);
    const auto gated = compile_time::gated_sources(root);
    CHECK(gated.size() == 9);
    for (const compile_time::Source& source : gated)
        CHECK(names.contains(source.name));
}

TEST_CASE("a baseline is read as it was written, and a damaged line is an error") {
    const Scratch scratch;
    const Baseline baseline{{"a/b", {100, 20, 3'000}}, {"c", {1, 2, 3}}};
    const std::string file = scratch.path("baseline.txt");
    compile_time::write_baseline(file, baseline);
    CHECK(compile_time::read_baseline(file) == baseline);
    for (const char* line : {"a 1 2", "a 1 2 3 4", "a 1 two 3"})
        CHECK_THROWS_WITH_AS((void)compile_time::read_baseline(put(scratch, "baseline.txt", line)),
                             doctest::Contains("expected a name and three counts"), std::runtime_error);
    CHECK_THROWS_AS((void)compile_time::read_baseline(scratch.path("absent")), std::runtime_error);
}

TEST_CASE("three percent more are allowed, of each count, and more are not") {
    const Baseline baseline{{"a", {100, 1'000, 10'000}}};
    const auto faults = [&](const compile_time::Counts& found) {
        return compile_time::faults(baseline, {{"a", found}});
    };
    CHECK(faults({103, 1'030, 10'300}).empty());
    CHECK(faults({50, 500, 5'000}).empty());
    CHECK(faults({104, 1'000, 10'000}) ==
          std::vector<std::string>{"a: instantiations 104, 100 in the baseline"});
    CHECK(faults({100, 1'031, 10'000}) ==
          std::vector<std::string>{"a: longest name 1031, 1000 in the baseline"});
    CHECK(faults({100, 1'000, 10'301}) ==
          std::vector<std::string>{"a: debug information 10301, 10000 in the baseline"});
    CHECK(compile_time::faults({}, baseline) == std::vector<std::string>{"a: not in the baseline"});
    CHECK(compile_time::faults(baseline, {}) ==
          std::vector<std::string>{"a: in the baseline, but not compiled"});
}

TEST_CASE(
    "an object's names and debug information are measured, and a source that does not compile is an error") {
    const Scratch scratch;
    const compile_time::Compiler compiler{"c++", {}, ".", scratch.folder()};
    const compile_time::Source source{
        "", put(scratch, "a.cpp", "int a; int longer_than(int x) { return x + a; }\n")};
    CHECK(compiler.compile(source, "O0").mib > 0);
    const compile_time::Weight plain = compile_time::weigh(compiler.object());
    CHECK(plain.longest_name == static_cast<long>(std::string{"_Z11longer_thani"}.size()));
    CHECK(plain.code > 0);
    CHECK(plain.debug == 0);
    (void)compiler.compile(source, "O0", {"-g"});
    CHECK(compile_time::weigh(compiler.object()).debug > 0);
    CHECK_THROWS_WITH_AS((void)compiler.compile({"", put(scratch, "a.cpp", "int a = wrong;\n")}, "O0"),
                         doctest::Contains("wrong"), std::runtime_error);
}

TEST_CASE("instantiations of functions and of classes are counted, other events are not") {
    const Scratch scratch;
    const auto file =
        put(scratch, "a.json",
            R"({"traceEvents":[{"name":"InstantiateFunction","args":{"detail":"InstantiateClass"}},)"
            R"({"name":"InstantiateClass"},{"name":"Total InstantiateClass"},{"name":"Source"}]})");
    CHECK(compile_time::count_instantiations(file) == 2);
    CHECK_THROWS_AS((void)compile_time::count_instantiations(scratch.path("absent")), std::runtime_error);
}
