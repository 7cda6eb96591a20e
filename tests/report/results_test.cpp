#include "results.hpp"

#include "unit/files/scratch.hpp"

#include <lamina/error.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace {

/// A file of results with these entries.
std::string put(const Scratch& scratch, const std::string& name, const std::string& text) {
    return scratch.put(name, {text.begin(), text.end()});
}
std::string entries(const std::string& list) {
    return R"({"context": {"load_avg": [3.5, 2, 1], "blas": "OpenBLAS Haswell"}, "benchmarks": [)" + list +
           "]}";
}

} // namespace

TEST_CASE("figures are medians over the repetitions") {
    const Scratch scratch;
    const auto repetition = [](const std::string& of_peak) {
        return R"({"name": "card/one", "run_name": "card/one", "iterations": 7, "cpu_time": 1, "of_peak": )" +
               of_peak + "}";
    };
    const auto file = put(scratch, "steps.json",
                          entries(repetition("0.9") + "," + repetition("0.1") + "," + repetition("0.5")));
    const report::Program program = report::read_program(file);
    REQUIRE(program.results.size() == 1);
    CHECK(program.results[0].name == std::vector<std::string>{"card", "one"});
    CHECK(program.results[0]["of_peak"] == 0.5);
    CHECK(std::isnan(program.results[0]["iterations"])); // Google Benchmark's own
    CHECK(program.find({"card", "one"}) == &program.results[0]);
    CHECK(program.find({"card", "infer"}) == nullptr);
    CHECK(program.load == 3.5);
    CHECK(program.blas == "OpenBLAS Haswell");
}

TEST_CASE("medians that the program wrote itself are taken as they are") {
    const Scratch scratch;
    const auto aggregate = [](const std::string& kind, const std::string& of_peak) {
        return R"({"name": "a/b_x", "run_name": "a/b/real_time", "aggregate_name": ")" + kind +
               R"(", "of_peak": )" + of_peak + "}";
    };
    const auto file = put(scratch, "steps.json",
                          entries(aggregate("mean", "0.7") + "," + aggregate("median", "0.6") + "," +
                                  aggregate("stddev", "0.2") + "," + aggregate("cv", "0.03")));
    const report::Program program = report::read_program(file);
    REQUIRE(program.results.size() == 1);
    CHECK(program.results[0].joined() == "a/b");
    CHECK(program.results[0]["of_peak"] == 0.6);
}

TEST_CASE("a benchmark that failed its check has no figure and is named once") {
    const Scratch scratch;
    const std::string failed =
        R"({"run_name": "card/one", "error_occurred": true, "error_message": "the scores differ"})";
    const std::string fine = R"({"run_name": "card/one", "run_type": "iteration", "of_peak": 0.5})";
    const report::Program program =
        report::read_program(put(scratch, "steps.json", entries(failed + "," + fine + "," + failed)));
    CHECK(program.results.empty());
    CHECK(program.failures == std::vector<std::string>{"card/one: the scores differ"});
}

TEST_CASE("a result file that is damaged is named, with what is wrong in it") {
    const Scratch scratch;
    const auto read = [&scratch](const std::string& text) {
        (void)report::read_program(put(scratch, "steps.json", text));
    };
    using lamina::format_error;
    CHECK_THROWS_WITH_AS(read("{\n\"benchmarks\": [1,"), doctest::Contains("steps.json: line 2: "),
                         format_error);
    CHECK_THROWS_WITH_AS(read("{}"), "steps.json: expected a list named benchmarks, found none",
                         format_error);
    CHECK_THROWS_WITH_AS(read(R"({"benchmarks": 7})"),
                         "steps.json: expected a list named benchmarks, found 7", format_error);
    CHECK_THROWS_WITH_AS(read(entries(R"({"run_name": "a"}, 5)")), "steps.json: benchmark 1 has no run_name",
                         format_error);
    CHECK_THROWS_AS((void)report::read_program(scratch.path("absent.json")), format_error);
}

TEST_CASE("a folder's results are known by their programs, and there must be some") {
    const Scratch scratch;
    CHECK_THROWS_AS((void)report::read_results(scratch.folder()), lamina::format_error);
    CHECK_THROWS_AS((void)report::read_results(scratch.path("absent")), lamina::format_error);
    put(scratch, "steps.json", entries(""));
    put(scratch, "size_infer_O2.txt", "");
    const auto programs = report::read_results(scratch.folder());
    CHECK(programs.size() == 1);
    CHECK(programs.contains("steps"));
}

TEST_CASE("the size of a program is that of its section .text") {
    const Scratch scratch;
    const auto file = put(scratch, "size.txt",
                          "infer  :\nsection   size   addr\n.init 23 4096\n.text 3078 4352\n.fini 9 7430\n");
    CHECK(report::read_size(file) == 3078);
    CHECK_THROWS_WITH_AS((void)report::read_size(put(scratch, "size.txt", "infer  :\n.init 23 4096\n")),
                         "size.txt: has no line of a section .text", lamina::format_error);
}
