#include "reference.hpp"
#include "compiled_once.hpp"
#include "made_topologies.hpp"

#include <lamina/dynamic/network.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

namespace lamina::inline LAMINA_ABI::dynamic {
LAMINA_LAYERS_BY_NUMBERS(template);
} // namespace lamina::inline LAMINA_ABI::dynamic

namespace ln = lamina;
namespace dynamic = lamina::dynamic;

void twins::check_close(std::span<const float> found, std::span<const float> expected, double tolerance) {
    REQUIRE(found.size() == expected.size());
    double largest = 1e-3, worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(double{expected[i]}));
        // Written so that NaN is a failure.
        const double difference = std::abs(double{found[i]} - double{expected[i]});
        worst = difference <= worst ? worst : difference;
    }
    CHECK(worst <= tolerance * largest);
}

namespace {

/// Sums are taken in another order than the compile-time network does, over at most a few hundred terms: a
/// few units of the last place of the largest.
constexpr double tolerance = 2e-6;

} // namespace

std::vector<float> twins::numbers(std::size_t count, std::uint64_t seed) {
    ln::Random random{ln::seed{seed}};
    std::vector<float> result(count);
    for (float& r : result)
        r = static_cast<float>(random.symmetric());
    return result;
}

twins::Reference twins::reference_of(ln::dims input, int inputs, int outputs,
                                     std::span<const ln::LayerInfo> layers,
                                     std::span<const ln::ModelTensor> tensors, std::span<float> flat,
                                     int parameters) {
    constexpr int lanes = ln::native_lanes<float>;
    Reference r{{},
                {layers.begin(), layers.end()},
                {flat.begin(), flat.end()},
                lanes,
                {},
                numbers(static_cast<std::size_t>(lanes * inputs), 1),
                {},
                numbers(static_cast<std::size_t>(lanes * outputs), 2),
                std::vector<float>(static_cast<std::size_t>(parameters)),
                static_cast<std::size_t>(parameters)};
    ln::topology::spell(input, layers, layers.size(), [&](std::string_view part) { r.topology += part; });
    // Biases are zero until now; the padding between parameters must stay so.
    ln::Random random{ln::seed{3}};
    for (const ln::ModelTensor& t : tensors)
        if (!t.is_weight && t.lifetime == ln::Lifetime::trained)
            for (float& b : flat.subspan(t.offset, t.size))
                b = static_cast<float>(random.symmetric());
    r.numbers.assign(flat.begin(), flat.end());
    return r;
}

std::string twins::problem(std::string_view topology) {
    try {
        const dynamic::Network net{topology};
    } catch (const dynamic::shape_error& e) {
        const std::invalid_argument& base = e; // what a program may catch that does not know shape_error
        return base.what();
    }
    return "";
}

void twins::check_twin(const Reference& reference, bool only_training) {
    INFO(reference.topology);
    auto net = dynamic::Network::with<made::Falling>(reference.topology);
    CHECK(net.topology() == reference.topology);
    net.initialize(ln::seed{5});

    REQUIRE(net.layers().size() == reference.layers.size());
    for (std::size_t i = 0; i < reference.layers.size(); ++i) {
        const ln::LayerInfo &a = net.layers()[i], &b = reference.layers[i];
        CHECK((a.name == b.name && a.input == b.input && a.output == b.output &&
               a.parameters == b.parameters && a.macs == b.macs && a.bytes == b.bytes));
    }
    REQUIRE(net.parameters().size() == reference.parameters);
    REQUIRE(net.numbers().size() == reference.numbers.size());
    CHECK(std::equal(reference.drawn.begin(), reference.drawn.end(), net.numbers().begin()));

    std::copy(reference.numbers.begin(), reference.numbers.end(), net.numbers().begin());
    const auto lanes = static_cast<std::size_t>(reference.lanes);
    if (!only_training) {
        std::vector<float> y(reference.y.size());
        net.forward(reference.x, y);
        check_close(y, reference.y, tolerance);
        const std::size_t in = reference.x.size() / lanes, out = y.size() / lanes;
        for (std::size_t i = 0; i < lanes; i += lanes - 1)
            check_close(net.forward(std::span{reference.x}.subspan(i * in, in)),
                        std::span{reference.y}.subspan(i * out, out), tolerance);
    }

    dynamic::TrainingPass pass = net.training_pass();
    std::vector<float> gradients(net.parameters().size());
    put(pass.input(), reference.x);
    pass.forward(net.numbers().data(), samples);
    check_close(taken(pass.output()), reference.y, tolerance);
    for (int time = 0; time < 2; ++time) {
        put(pass.output_gradient(), reference.dy);
        pass.backward(net.numbers().data(), gradients.data(), time == 0, samples);
    }
    check_close(gradients, reference.gradients, tolerance);
}
