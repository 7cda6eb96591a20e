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

TEST_CASE("summary: nested layers have their paths, and columns stand under each other") {
    using Nested = ln::Model<ln::Net<ln::Named<"stem", ln::Net<ln::Conv<2, 3, 1, 1>, ln::ReLU>>,
                                     ln::Residual<ln::Conv<2, 3, 1, 1>, ln::Tanh>, ln::Dense<3>>,
                             ln::Shape<1, 5, 5>>;
    const std::string text = ln::summary<Nested>();
    const auto lines = words(text);
    REQUIRE(lines.size() == 8);
    const char* const paths[] = {"stem.0", "stem.1", "1.1.0", "1.1.1", "1", "2"};
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(lines[1 + i][0] == paths[i]);
    CHECK(text.size() == 8 * (text.find('\n') + 1));
}

TEST_CASE("summary: sequences have room in their columns") {
    using AlongTime = ln::Model<ln::Net<ln::Dense<16>>, ln::Sequence<2048, ln::Shape<1>>>;
    for (const std::string& text : {ln::summary<AlongTime>(), ln::plan_summary<AlongTime>()}) {
        CHECK(text.find("Sequence<2048,16> ") != text.npos);
        CHECK(text.size() == 3 * (text.find('\n') + 1));
    }
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

TEST_CASE("plan_summary: a line for the input and each operation, with the layers fused into it") {
    const auto lines = words(ln::plan_summary<Model>());
    using Line = std::vector<std::string>;
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == Line{"layers", "operation", "output", "halo", "costs", "at", "elements", "gradient",
                           "halo", "costs", "scratch"});
    CHECK(lines[1] == Line{"x", "input", "1x28x28", "0", "0", "0", "784", "-", "-", "-", "0"});
    // Gradients lie behind the three activations, odd ones at the end of their part; the first layer's needs
    // no scratch.
    CHECK(lines[2] == Line{"0-2", "Conv<16,3,1>", "LeakyReLU<>", "MaxPool<2,2>", "16x13x13", "0", "0", "784",
                           "2704", "3508", "0", "0", "0"});
    CHECK(lines[3] == Line{"3", "Dense<10>", "10", "0", "0", "3488", "10", "3498", "0", "0", "0"});
}

TEST_CASE("plan_summary: where Winograd's algorithm is used, and Exact") {
    using Topology =
        ln::Net<ln::Conv<16, 3, 1, 1>, ln::ReLU, ln::Conv<16, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>>;
    const auto text = []<class T, class N>(T, N) {
        return ln::plan_summary<ln::Model<N, ln::Shape<3, 16, 16>, T>>();
    };
    const std::string as_usual = text(0.F, Topology{});
    CHECK((as_usual.find("Conv<16,3,1,1> ReLU MaxPool<2,2> (Winograd)") != std::string::npos) ==
          (ln::native_lanes<float> >= 4));
    CHECK(as_usual.find("Conv<16,3,1,1> ReLU (Winograd)") == std::string::npos); // of three channels
    CHECK(text(0., Topology{}).find("Winograd") == std::string::npos);
    CHECK(text(0.F, ln::Exact<Topology>{}).find("Winograd") == std::string::npos);
    CHECK(text(0.F, ln::Exact<ln::Strict<Topology>>{}) == text(0.F, ln::Exact<Topology>{}));
    CHECK(text(0.F, ln::Strict<ln::Exact<Topology>>{}) == text(0.F, ln::Exact<Topology>{}));
    CHECK(text(0.F, ln::Strict<Topology>{}) == as_usual);
}

TEST_CASE("plan_summary: what each halo costs") {
    using Padded = ln::Model<ln::Net<ln::Conv<16, 3, 1, ln::same>, ln::ReLU,
                                     ln::Conv<8, ln::size{1, 4}, 1, ln::pad{0, 0, 3, 0}>, ln::Dense<10>>,
                             ln::Shape<1, 12, 12>>;
    const auto lines = words(ln::plan_summary<Padded>());
    using Line = std::vector<std::string>;
    REQUIRE(lines.size() == 5);
    // 14 x 14 - 12 x 12; 16 times 12 rows of 3 zeros before, of the gradient of 1 before and behind; 8 times
    // 12 rows of 3 behind.
    CHECK(lines[1] == Line{"x", "input", "1x12x12", "1", "52", "0", "196", "-", "-", "-", "0"});
    CHECK(lines[2] == Line{"0-1", "Conv<16,3,1,same>", "ReLU", "16x12x12", "0,0,3,0", "576", "196", "2880",
                           "4238", "0,0,1,1", "384", "0"});
    CHECK(lines[3] == Line{"2", "Conv<8,size{1,4},1,pad{0,0,3,0}>", "8x12x12", "0", "0", "3076", "1152",
                           "6926", "0,0,0,3", "288", "0"});
}

TEST_CASE(
    "plan_summary: layers that only reshape belong to the operation after them, however many they are") {
    using Flat =
        ln::Model<ln::Net<ln::Flatten, ln::Flatten, ln::Flatten, ln::Dense<4>, ln::ReLU, ln::Dense<3>>,
                  ln::Shape<1, 2, 3>>;
    const auto lines = words(ln::plan_summary<Flat>());
    REQUIRE(lines.size() == 4);
    CHECK(lines[2][0] == "0-4");
    CHECK(lines[2][4] == "Dense<4>");
    CHECK(lines[3][0] == "5");
    CHECK(lines[3][1] == "Dense<3>");

    // Flattens of a vector, which reshape nothing, and some at the end.
    using Between = ln::Model<
        ln::Net<ln::Dense<4>, ln::Flatten, ln::Flatten, ln::Softmax, ln::Dense<5>, ln::Flatten, ln::Flatten>,
        ln::Shape<3>>;
    int next = 0;
    for (const auto& line : words(ln::plan_summary<Between>())) {
        if (line[0] == "layers" || line[0] == "x")
            continue;
        const std::size_t dash = line[0].find('-');
        CHECK(std::stoi(line[0]) == next);
        const int last = dash == std::string::npos ? next : std::stoi(line[0].substr(dash + 1));
        for (int l = next; l <= last; ++l)
            CHECK(line[static_cast<std::size_t>(1 + l - next)] ==
                  Between::layers[static_cast<std::size_t>(l)].name);
        next = last + 1;
    }
    CHECK(next == 7);
}

namespace {

struct Patient {
    static constexpr std::string_view name =
        "Patient<with a name that is longer than any column and than the lines that other layers take, since "
        "it is told "
        "from what its author had in mind, which was a lot, and still goes on>";
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};

} // namespace

TEST_CASE("summary, plan_summary: a name of any length is whole, and so is the rest of its line") {
    using Long = ln::Model<ln::Net<ln::Dense<2>, Patient, ln::Dense<1>>, ln::Shape<3>>;
    for (const std::string& text : {ln::summary<Long>(), ln::plan_summary<Long>()}) {
        const std::size_t at = text.find(Patient::name);
        REQUIRE(at != std::string::npos);
        CHECK(text.find('\n', at) > at + Patient::name.size() + 10);
        CHECK(text.substr(at + Patient::name.size(), 3) == " 2 ");
    }
}

TEST_CASE("plan_summary: in a network that branches a line names its own layers alone, and columns align") {
    using Branches = ln::Net<ln::Conv<2, 1>, ln::As<struct image>, ln::Conv<2, 1>, ln::Flatten, // a view,
                             ln::As<struct flat>, ln::From<struct image>, ln::Flatten, ln::Dense<4>,
                             ln::As<struct other>, ln::From<struct flat>, ln::Dense<4>, // which this reads
                             ln::Sum<ln::Identity, ln::From<struct other>>>;
    using Nested = ln::Model<
        ln::Net<ln::Named<"encoder_of_images", Branches>, ln::Tanh, ln::Residual<ln::Dense<4>, ln::ReLU>>,
        ln::Shape<1, 3, 3>>;
    const std::string text = ln::plan_summary<Nested>();
    const auto lines = words(text);
    using Line = std::vector<std::string>;
    const auto begins = [&](std::size_t i, const Line& expected) {
        const Line& line = lines[i];
        return line.size() >= expected.size() && std::equal(expected.begin(), expected.end(), line.begin());
    };
    INFO(text);
    REQUIRE(lines.size() == 11);
    CHECK(begins(2, {"encoder_of_images.0", "Conv<2,1,1>", "2x3x3", "0"}));
    CHECK(begins(3, {"encoder_of_images.2", "Conv<2,1,1>", "2x3x3", "0"}));
    CHECK(begins(4, {"encoder_of_images.6", "Flatten", "18", "0"}));
    CHECK(begins(5, {"encoder_of_images.7", "Dense<4>", "4", "0"}));
    CHECK(begins(6, {"encoder_of_images.3,encoder_of_images.10", "Flatten", "Dense<4>", "4", "0"}));
    CHECK(begins(9, {"2.1.0-2.1.1", "Dense<4>", "ReLU", "4", "0"}));
    CHECK(text.size() == lines.size() * (text.find('\n') + 1));
}
