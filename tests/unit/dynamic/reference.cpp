#include "reference.hpp"
#include "made_topologies.hpp"

#include <lamina/dynamic/network.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>

namespace ln = lamina;
namespace dynamic = lamina::dynamic;

namespace {

/// A layer by its name, as a program would that reads a topology from a file.
[[nodiscard]] dynamic::Description by_name(const std::string& name) {
    int n[4] = {0, 0, 1, 0};
    const std::string kind = name.substr(0, name.find('<'));
    int given = 0;
    if (kind.size() < name.size())
        given = std::sscanf(name.c_str() + kind.size(), "<%d,%d,%d,%d", &n[0], &n[1], &n[2], &n[3]);
    if (kind == "Conv")
        return dynamic::conv(n[0], n[1], n[2], n[3]);
    if (kind == "MaxPool")
        return dynamic::max_pool(n[0], n[1]);
    if (kind == "AvgPool")
        return dynamic::avg_pool(n[0], n[1]);
    if (kind == "Dense")
        return dynamic::dense(n[0]);
    if (kind == "LeakyReLU")
        return given < 2 ? dynamic::leaky_relu() : dynamic::leaky_relu(n[0], n[1]);
    if (kind == "ReLU")
        return dynamic::relu();
    if (kind == "Tanh")
        return dynamic::tanh();
    if (kind == "Sigmoid")
        return dynamic::sigmoid();
    if (kind == "Falling")
        return dynamic::activation(ln::Text{} << "Falling", made::Falling{});
    if (kind == "Flatten")
        return dynamic::flatten();
    REQUIRE(kind == "Softmax");
    return dynamic::softmax();
}

/// Sums are taken in another order than the compile-time network does, over at most a few hundred terms: a
/// few units of the last place of the largest.
void check_close(std::span<const float> found, std::span<const float> expected) {
    REQUIRE(found.size() == expected.size());
    double largest = 1e-3, worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(double{expected[i]}));
        // Written so that NaN is a failure.
        const double difference = std::abs(double{found[i]} - double{expected[i]});
        worst = difference <= worst ? worst : difference;
    }
    CHECK(worst <= 2e-6 * largest);
}

} // namespace

std::vector<float> twins::numbers(std::size_t count, std::uint64_t seed) {
    ln::Random random{ln::seed{seed}};
    std::vector<float> result(count);
    for (float& r : result)
        r = static_cast<float>(random.symmetric());
    return result;
}

std::string twins::problem(const ln::dims& input, const std::vector<std::string>& names) {
    std::vector<dynamic::Description> descriptions;
    for (const std::string& name : names)
        descriptions.push_back(by_name(name));
    try {
        const dynamic::Network net{input, descriptions};
    } catch (const dynamic::shape_error& e) {
        const std::invalid_argument& base = e; // what a program may catch that does not know shape_error
        return base.what();
    }
    return "";
}

void twins::check_twin(const Reference& reference) {
    std::vector<dynamic::Description> descriptions;
    std::string names;
    for (const ln::LayerInfo& l : reference.layers) {
        descriptions.push_back(by_name(std::string{l.name}));
        names.append(names.empty() ? "" : ", ").append(l.name);
    }
    const ln::dims input = reference.layers.front().input;
    INFO(names, " on ", ln::to_string(input));
    dynamic::Network net{input, descriptions, ln::seed{5}};

    REQUIRE(net.layers().size() == reference.layers.size());
    for (std::size_t i = 0; i < reference.layers.size(); ++i) {
        const ln::LayerInfo &a = net.layers()[i], &b = reference.layers[i];
        CHECK((a.name == b.name && a.input == b.input && a.output == b.output &&
               a.parameters == b.parameters && a.macs == b.macs && a.bytes == b.bytes));
    }
    REQUIRE(net.parameters().size() == reference.parameters.size());
    CHECK(std::equal(reference.drawn.begin(), reference.drawn.end(), net.parameters().begin()));

    std::copy(reference.parameters.begin(), reference.parameters.end(), net.parameters().begin());
    const auto lanes = static_cast<std::size_t>(reference.lanes);
    std::vector<float> y(reference.y.size());
    net.forward(reference.x, y);
    check_close(y, reference.y);
    const std::size_t in = reference.x.size() / lanes, out = y.size() / lanes;
    for (std::size_t i = 0; i < lanes; i += lanes - 1)
        check_close(net.forward(std::span{reference.x}.subspan(i * in, in)),
                    std::span{reference.y}.subspan(i * out, out));

    dynamic::TrainingPass pass{net.steps(), net.input()};
    const float* parameters = net.parameters().data();
    std::vector<float> gradients(net.parameters().size());
    put(pass.input(), reference.x);
    pass.prepare(net.steps(), parameters);
    pass.forward(net.steps(), parameters);
    for (int time = 0; time < 2; ++time) {
        put(pass.output_gradient(), reference.dy);
        pass.backward(net.steps(), parameters, gradients.data(), time == 0);
    }
    check_close(gradients, reference.gradients);
}
