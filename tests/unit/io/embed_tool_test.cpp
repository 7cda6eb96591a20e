#include <lamina/io/embed_tool.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>

#include "stored_file.hpp"
#include "unit/files/scratch.hpp"
#include "unit/files/small_disk.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace ln = lamina;
namespace fs = std::filesystem;

namespace {

using Model = ln::Model<ln::Net<ln::Dense<40>, ln::ReLU, ln::Dense<2>>, ln::Shape<30>>;
using Other = ln::Model<ln::Net<ln::Dense<40>, ln::Tanh, ln::Dense<2>>, ln::Shape<30>>;

std::string text_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

struct Outcome {
    int status;
    std::string said; // on stderr
};

/// The tool of `Model`, called with these arguments.
Outcome run(const Scratch& scratch, const std::vector<std::string>& arguments) {
    std::vector<const char*> all{"tool"};
    for (const std::string& argument : arguments)
        all.push_back(argument.c_str());

    std::fflush(stderr);
    const int before = dup(STDERR_FILENO);
    REQUIRE(std::freopen(scratch.path("said").c_str(), "w", stderr) != nullptr);
    const int status = ln::embed_tool<Model>(static_cast<int>(all.size()), all.data());
    std::fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    return {status, text_of(scratch.path("said"))};
}

/// What the tool must refuse with a message that has this part; the header that is there must stay.
void check_refused(const Scratch& scratch, const std::string& weights, const std::string& name,
                   const std::string& part) {
    const std::string header = scratch.put("old.hpp", {'o', 'l', 'd'});
    const Outcome outcome = run(scratch, {weights, name, header});
    CHECK(outcome.status == 1);
    CHECK(outcome.said.starts_with("lamina: "));
    CHECK(outcome.said.ends_with("\n"));
    CHECK(outcome.said.find(part) != std::string::npos);
    CHECK((text_of(header) == "old")); // in brackets, since texts are long
}

std::string saved(const Scratch& scratch) {
    const std::string path = scratch.path("digits.safetensors");
    ln::save(Model{ln::seed{1}}, path);
    return path;
}

} // namespace

TEST_CASE("embed_tool writes the header that embed writes, also in the place of an older one") {
    const Scratch scratch;
    for (const ln::seed seed : {ln::seed{1}, ln::seed{2}}) {
        const Model model{seed};
        ln::save(model, scratch.path("digits.safetensors"));
        const Outcome outcome =
            run(scratch, {scratch.path("digits.safetensors"), "digits", scratch.path("digits.hpp")});
        CHECK(outcome.status == 0);
        CHECK(outcome.said.empty());
        CHECK((text_of(scratch.path("digits.hpp")) == ln::embed(model, "digits")));
    }
}

TEST_CASE("embed_tool writes the folded network, from a file of the trained one") {
    using Trained = ln::Model<ln::Net<ln::Dense<40>, ln::BatchNorm<>, ln::ReLU, ln::Dense<2>>, ln::Shape<30>>;
    const Scratch scratch;
    Trained model{ln::seed{1}};
    model.weight<1>()[7] = 3;
    const std::string weights = scratch.path("digits.safetensors"), header = scratch.path("digits.hpp");
    ln::save(model, weights);
    const char* const arguments[] = {"tool", weights.c_str(), "digits", header.c_str()};
    CHECK(ln::embed_tool<Trained, ln::Embeds::folded>(4, arguments) == 0);
    CHECK((text_of(header) == ln::embed(ln::fold(model), "digits")));
    CHECK((text_of(header) != ln::embed(model, "digits")));
}

TEST_CASE("embed_tool wants at least three arguments") {
    const Scratch scratch;
    const std::string weights = saved(scratch), header = scratch.path("digits.hpp");
    const auto check = [&](const std::vector<std::string>& arguments) {
        const Outcome outcome = run(scratch, arguments);
        CHECK(outcome.status == 2);
        CHECK(outcome.said ==
              "lamina: expected three arguments, <weights.safetensors> <name> <header.hpp>, found " +
                  std::to_string(arguments.size()) + "\n");
    };
    check({});
    check({weights, "digits"});
    CHECK_FALSE(fs::exists(header));
}

TEST_CASE("embed_tool takes names and patterns as load does, and no other options") {
    const Scratch scratch;
    const Model model{ln::seed{1}};
    const std::string weights = scratch.path("nested.safetensors"), header = scratch.path("digits.hpp");
    ln::save(model, weights, {.rename = {{"body.0", "0"}, {"head", "2"}}});
    const auto check = [&](std::initializer_list<std::string> options, int status, const std::string& said) {
        std::vector<std::string> all{weights, "digits", header};
        all.insert(all.end(), options);
        const Outcome outcome = run(scratch, all);
        CHECK(outcome.status == status);
        CHECK(outcome.said.find(said) != std::string::npos);
    };
    const std::string expected = "lamina: expected --rename <in the file>=<in the model>, --ignore <pattern> "
                                 "or --tolerance <number>, found ";
    check({"--rename"}, 2, expected + "--rename");
    check({"--rename", "body.0"}, 2, expected + "--rename body.0\n");
    check({"--ignore", "*.x", "--other", "a=b"}, 2, expected + "--other a=b\n");
    check({}, 1, "all of it fits with RENAME body.0=0 head=2\n");
    check({"--tolerance", "1e-3x"}, 2, expected + "--tolerance 1e-3x\n");
    check({"--tolerance", "-1"}, 2, expected + "--tolerance -1\n");
    check({"--tolerance", "nan"}, 2, expected + "--tolerance nan\n");
    CHECK_FALSE(fs::exists(header));
    check({"--rename", "body.0=0", "--ignore", "x.*", "--rename", "head=2"}, 0, "");
    CHECK((text_of(header) == ln::embed(model, "digits")));
    check({"--rename", "body.0=0", "--ignore", "head.*", "--rename", "head=2"}, 1,
          "2.bias: expected [2], found one that .ignore leaves out\n");
}

TEST_CASE("embed_tool proposes options as CMake takes them, empty names too") {
    const auto plain = [](const std::string& text) {
        return ln::io::as_arguments(ln::io::as_arguments(text, ".rename", "RENAME", " ="), ".ignore",
                                    "IGNORE", "  ");
    };
    CHECK(plain("fits with .rename = {{\"features\", \"\"}, {\"fc\", \"4\"}}\n  more") ==
          "fits with RENAME features= fc=4\n  more");
    CHECK(plain("a: .ignore = {\"a\"}\nb: .ignore = {\"b\"}") == "a: IGNORE a\nb: IGNORE b");
    CHECK(plain("with .ignore = {\"optimizer.*\", \"best.*\"} its") == "with IGNORE optimizer.* best.* its");
    CHECK(plain(".rename {\"a\", \"b\"}: expected") == ".rename {\"a\", \"b\"}: expected");
    CHECK(plain("x .rename = {\"a") == "x .rename = {\"a");
}

TEST_CASE("embed_tool refuses files that load refuses, and names that embed refuses") {
    const Scratch scratch;
    const std::string none = scratch.path("none.safetensors");
    check_refused(scratch, none, "digits", none + ": cannot be opened: No such file or directory");

    const std::string other = scratch.path("other.safetensors");
    ln::save(Other{ln::seed{1}}, other);
    check_refused(scratch, other, "digits", other + ": layer 1: expected ReLU, found Tanh");

    const std::string weights = saved(scratch);
    check_refused(scratch, weights, "2nd", "embed: expected an identifier as name, found \"2nd\"");
    check_refused(scratch, weights, "class",
                  "found \"class\", which C++, the compiler or lamina reserves");
}

TEST_CASE(
    "embed_tool refuses a file with a wrong checksum, and one whose answers the network does not give") {
    const Scratch scratch;
    const Model model{ln::seed{1}};
    const std::vector<Model::Input> tests(1);
    FileBytes bytes = ln::save(model, tests);
    bytes.back() ^= std::byte{0x40}; // the last answer
    const auto put = [&](const FileBytes& file) {
        Bytes numbers;
        for (const std::byte byte : file)
            numbers.push_back(std::to_integer<std::uint8_t>(byte));
        return scratch.put("digits.safetensors", numbers);
    };
    check_refused(scratch, put(bytes), "digits", "expected checksum ");
    const std::string weights = put(with_checksum(bytes)), header = scratch.path("digits.hpp");
    check_refused(scratch, weights, "digits", "test vector 0, output 1: expected ");
    CHECK(run(scratch, {weights, "digits", header, "--tolerance", "1e-3"}).status == 1);
    CHECK(run(scratch, {weights, "digits", header, "--tolerance", "100"}).status == 0);
}

TEST_CASE("embed_tool says why a header cannot be written, and leaves an older one alone") {
    const Scratch scratch;
    const std::string weights = saved(scratch), header = scratch.path("no folder/digits.hpp");
    const Outcome nowhere = run(scratch, {weights, "digits", header});
    CHECK(nowhere.status == 1);
    CHECK(nowhere.said == "lamina: " + header + ": cannot be written: No such file or directory\n");

    const SmallDisk disk{4000};
    check_refused(scratch, weights, "digits",
                  scratch.path("old.hpp") + ": cannot be written: File too large");
}
