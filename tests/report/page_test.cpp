#include "machine.hpp"
#include "page.hpp"

#include "unit/files/scratch.hpp"

#include <lamina/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

using report::Page;

namespace {

/// Wherever its lines are broken.
bool says(const Page& page, std::string text) {
    std::string all = page.text;
    std::replace(all.begin(), all.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '\n', ' ');
    return all.find(text) != all.npos;
}
std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

report::Program versus(double twin_costs, double scalar_costs) {
    return {{{{"card", "one"},
              {{"static_of_peak", 0.5},
               {"twin_of_peak", 0.5 / twin_costs},
               {"scalar_of_peak", 0.5 / scalar_costs},
               {"static_seconds", 2e-6},
               {"twin_costs", twin_costs},
               {"scalar_costs", scalar_costs}}}}};
}

report::Program layers(const std::vector<double>& of_peak) {
    report::Program program;
    for (std::size_t i = 0; i < of_peak.size(); ++i)
        program.results.push_back({{"channels", std::to_string(i + 1), "one"}, {{"of_peak", of_peak[i]}}});
    return program;
}

} // namespace

TEST_CASE("numbers have three digits, and none where there is no figure") {
    CHECK(report::rounded(1234.5) == "1,234");
    CHECK(report::rounded(12.345) == "12.3");
    CHECK(report::rounded(0.00123) == "0.00123");
    CHECK(report::microseconds(2e-6) == "2.00");
    CHECK(report::share(0.123) == "0.12");
    CHECK(report::share(0.0123) == "0.012");
    CHECK(report::rounded(std::nan("")).empty());
}

TEST_CASE("a share has its ninth decile in brackets, where there is one") {
    const report::Result r{{"card", "one"}, {{"of_peak", 0.5}, {"of_peak_p90", 0.625}, {"of_copy", 0.5}}};
    CHECK(report::shares(r, "of_peak") == "0.50 (0.62)");
    CHECK(report::shares(r, "of_copy") == "0.50");
    CHECK(report::shares(r, "absent").empty());

    report::Program program = layers({0.8, 0.3, 0.7});
    program.results[1].counters["of_peak_p90"] = 0.4;
    Page page{{{"shapes", program}}, {}, {}};
    write_shapes(page);
    CHECK(says(page, "| | 2 | | | **0.30 (0.40)** |\n"));
}

TEST_CASE("a network's figures are a line of the table, and the twin's wins and ties are told") {
    Page slower{{{"steps", versus(2.0, 20)}}, {}, {}};
    write_networks(slower);
    CHECK(says(slower, "| card/one | 2.00 | 0.50 | 0.25 | 0.025 | 2.00 | 20.0 |\n"));
    CHECK(says(slower, "The twin is nowhere as fast as the static model, within 5%."));
    CHECK(slower.pictures.contains("networks.svg"));

    Page tie{{{"steps", versus(1.04, 20)}}, {}, {}};
    write_networks(tie);
    CHECK(says(tie, "by more than 5% nowhere; as fast within 5% in `card/one` (1.04)."));
    Page win{{{"widths", versus(2.0, 0.9)}}, {}, {}};
    write_widths(win);
    CHECK(says(win, "Plain loops are faster than the static model by more than 5% in `card/one` (0.90)"));
}

TEST_CASE("a shape under half of its neighbours' mean stands out") {
    Page page{{{"shapes", layers({0.8, 0.3, 0.7, 0.4, 0.6})}}, {}, {}};
    write_shapes(page);
    CHECK(says(page, "| | 2 | | | **0.30** |\n"));
    CHECK(says(page, "| | 4 | | | 0.40 |\n"));
    CHECK(says(page, "Under half of their neighbours: `channels/2/one`."));

    Page even{{{"shapes", layers({0.8, 0.7})}}, {}, {}};
    write_shapes(even);
    CHECK(says(even, "None is under half of its neighbours."));
}

TEST_CASE("a note is printed with its figure, and only with it") {
    const report::Notes notes{{"shapes channels/2/one", "because."}, {"shapes channels/9/one", "absent."}};
    Page page{{{"shapes", layers({0.8, 0.7})}}, {}, notes};
    write_shapes(page);
    CHECK(says(page, "`channels/2/one`: because."));
    CHECK(count(page.text, "because.") == 1);
    CHECK(!says(page, "absent."));
}

TEST_CASE("a peer counts at the batch it likes best, and the missing ones are named") {
    const auto at = [](const std::string& batch, double times) -> report::Result {
        return {
            {"card", "train", "dlib", batch},
            {{"times", times}, {"batch", std::stod(batch)}, {"peer_of_peak", 0.01}, {"lamina_of_peak", 0.7}}};
    };
    Page page{{{"peer_dlib", {{at("16", 50), at("64", 40), at("256", 45)}}}}, {}, {}};
    write_peers(page);
    CHECK(says(page, "| card/train | dlib | 40.0 | 64 | 0.010 | 0.70 |\n"));
    CHECK(count(page.text, "| card/train |") == 1);
    CHECK(says(page, "Not found on this machine, so not measured: libtorch, onednn and onnxruntime."));
    CHECK(says(page, "No peer ties or wins anywhere here."));

    CHECK(!says(page, "BLAS"));

    Page kernels{{{"peer_dlib", {{at("64", 40)}, {}, 0, "OpenBLAS SkylakeX"}},
                  {"peer_libtorch", {{at("64", 40)}, {}, 0, "another"}}},
                 {},
                 {}};
    write_peers(kernels);
    CHECK(says(kernels, "dlib multiplies matrices with OpenBLAS and its kernels for `SkylakeX`"));
    CHECK(says(kernels, "libtorch multiplies matrices with a BLAS that is not OpenBLAS"));

    Page ahead{{{"peer_dlib", {{at("64", 0.8)}}}}, {}, {}};
    write_peers(ahead);
    CHECK(says(ahead, "A peer ties within 5% or wins: dlib in `card/train` (0.80)."));
}

TEST_CASE("streams have a row each, and silence is told of") {
    Page page{{{"streams",
                {{{{"gru16", "stream"},
                   {{"step_seconds", 50e-9},
                    {"block16_seconds", 45e-9},
                    {"block64_seconds", 41e-9},
                    {"block256_seconds", 40.5e-9},
                    {"step_of_peak", 0.14},
                    {"block64_of_peak", 0.171},
                    {"block64_of_peak_p90", 0.182},
                    {"plain_costs", 12.34},
                    {"plain_costs_of_block64", 15.01}}},
                  {{"nam_nano", "stream"}, {{"step_seconds", 500e-9}}},
                  {{"gru16", "silence"}, {{"step_seconds", 50e-9}, {"times", 1.016}}}}}}},
              {},
              {}};
    write_streams(page);
    CHECK(says(page, "| gru16 | 50.0 | 45.0 | 41.0 | 40.5 | 0.14 | 0.17 (0.18) | 12.3 | 15.0 |\n"));
    CHECK(says(page, "| nam_nano | 500 | | | | | | | |\n"));
    CHECK(count(page.text, "| gru16 |") == 1);
    CHECK(says(page, "A step of `gru16` on sound that has decayed to subnormal numbers takes 1.02 times"));
}

TEST_CASE("what was not measured is said to be so") {
    Page page{{{"none", {}}}, {}, {}};
    for (const auto write :
         {report::write_networks, report::write_widths, report::write_shapes, report::write_profile,
          report::write_stream, report::write_streams, report::write_threads, report::write_sizes}) {
        page.text.clear();
        write(page);
        CHECK(page.text.ends_with("\n\nNot measured.\n\n"));
    }
    CHECK(page.pictures.empty());
}

TEST_CASE("sizes are given above the baseline") {
    Page page{{}, {{"size_baseline_O2", 300}, {"size_infer_O2", 3'300}, {"size_train_O2", 20'300}}, {}};
    write_sizes(page);
    CHECK(says(page, "| infer | 3,300 | 3,000 | | |\n"));
    CHECK(says(page, "| baseline | 300 | | | |\n"));
}

TEST_CASE("how far figures vary is told of their ninth deciles") {
    Page page{{{"steps", {{{{"card", "one"}, {{"of_peak", 0.5}, {"of_peak_p90", 0.6}}}}}}}, {}, {}};
    write_trust(page);
    CHECK(says(
        page,
        "lies 20.0% above their median, by the median of 1 ratios; in nine of ten under 20.0%, at most 20.0% "
        "(`steps` `card/one`, of_peak)."));
}

TEST_CASE("what failed its check is told at the end") {
    Page page{{{"steps", {{}, {"card/one: the scores differ"}}}}, {}, {}};
    write_trust(page);
    CHECK(says(page, "- steps card/one: the scores differ\n"));
}

TEST_CASE("notes are lines of a program, a benchmark and a text that may go on") {
    const Scratch scratch;
    const auto read = [&scratch](const std::string& text) {
        return report::read_notes(scratch.put("notes.txt", {text.begin(), text.end()}));
    };
    const report::Notes notes = read("# comment\nshapes a/b c/one: first: line\n goes on\nsteps x: y\n");
    CHECK(notes.size() == 2);
    CHECK(notes.at("shapes a/b c/one") == "first: line goes on");
    CHECK_THROWS_WITH_AS((void)read("# comment\nnothing\n"),
                         "notes.txt, line 2: expected <program> <benchmark>: <text>", lamina::format_error);
    CHECK_THROWS_AS((void)read(" goes on from nothing\n"), lamina::format_error);
}

TEST_CASE("the heading says which command wrote the page, on which machine") {
    Page page{{{"steps", {{{{"card", "one"}, {{"gflops_of_peak", 242.4}}}}, {}, 3.5}}}, {}, {}};
    report::write_heading(page, "-O3", "2020-01-02");
    CHECK(page.text.starts_with("<!-- Written whole by `cmake --workflow --preset bench`"));
    CHECK(says(page, "| FMA peak | 242 GFLOP/s on one core |\n"));
    CHECK(says(page, "`-O3` |\n"));
    CHECK(says(page, "| load | up to 3.5 processes"));
    CHECK(says(page, "| date | 2020-01-02 |\n"));

    const Scratch scratch;
    const std::string virtual_cpu =
        "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: Xeon\n\nprocessor\t: 1\n";
    CHECK(report::processor(scratch.put("cpuinfo2", {virtual_cpu.begin(), virtual_cpu.end()})) ==
          "Xeon (family 6, model 207)");
    const std::string cpuinfo = "processor\t: 0\nmodel name\t: Some CPU\n";
    CHECK(report::processor(scratch.put("cpuinfo", {cpuinfo.begin(), cpuinfo.end()})) == "Some CPU");
    CHECK(report::processor(scratch.path("absent")) == "unknown");
}
