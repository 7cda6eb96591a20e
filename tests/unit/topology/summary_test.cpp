#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

/// The words of each line.
std::vector<std::vector<std::string>> words(const std::string& text) {
    std::vector<std::vector<std::string>> lines;
    std::istringstream all{text};
    for (std::string line; std::getline(all, line);) {
        std::istringstream stream{line};
        lines.emplace_back();
        for (std::string word; stream >> word;)
            lines.back().push_back(word);
    }
    return lines;
}

} // namespace

TEST_CASE("summary: a heading, a line a layer, and the sums") {
    const auto lines = words(ln::summary<Model>());
    using Line = std::vector<std::string>;
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == Line{"layer", "input", "output", "parameters", "MACs", "bytes"});
    CHECK(lines[1] == Line{"0", "Conv<16,3,1>", "1x28x28", "16x26x26", "160", "97344", "43264"});
    CHECK(lines[2] == Line{"1", "LeakyReLU<>", "16x26x26", "16x26x26", "0", "0", "43264"});
    CHECK(lines[3] == Line{"2", "MaxPool<2,2>", "16x26x26", "16x13x13", "0", "0", "10816"});
    CHECK(lines[4] == Line{"3", "Dense<10>", "16x13x13", "10", "27050", "27040", "40"});
    CHECK(lines[5] == Line{"sum", "27210", "124384", "97384"});
}

TEST_CASE("summary: columns stand under each other") {
    const std::string text = ln::summary<Model>();
    const std::size_t width = text.find('\n');
    CHECK(text.size() == 6 * (width + 1));
    CHECK(std::count(text.begin(), text.end(), '\n') == 6);
}

TEST_CASE("summary: a name longer than its column is whole") {
    using Long = ln::Model<ln::Net<ln::Conv<12345, 10, 1, 9>, ln::Dense<1>>, ln::Shape<1, 1, 1>>;
    CHECK(words(ln::summary<Long>())[1][1] == "Conv<12345,10,1,9>");
}

TEST_CASE("plan_summary: a line an operation, with the layers fused into it") {
    const auto lines = words(ln::plan_summary<Model>());
    using Line = std::vector<std::string>;
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == Line{"layers", "operation", "output", "halo", "at", "elements", "gradient", "scratch"});
    // Gradients lie behind the three activations, odd ones at the end of their part; the first layer's needs
    // no scratch.
    CHECK(lines[1] == Line{"0-2", "Conv<16,3,1>", "LeakyReLU<>", "MaxPool<2,2>", "16x13x13", "0", "784",
                           "2704", "3508", "0"});
    CHECK(lines[2] == Line{"3", "Dense<10>", "10", "0", "3488", "10", "3498", "0"});
}
