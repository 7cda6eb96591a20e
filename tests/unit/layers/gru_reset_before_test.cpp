// GRU with the reset gate before the product with the state, against plain loops over ONNX's formula:
//     h~ = tanh(W x + (r * h') R^T + Rb + Wb)        H = (1 - z) * h~ + z * h'
// (onnx/docs/Operators.md, GRU, linear_before_reset = 0). PyTorch has none. Its gradient is checked against
// differences by the laws.
#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ln = lamina;

namespace {

constexpr int inputs = 3, units = 5, steps = 6;
using Model =
    ln::Model<ln::Net<ln::GRU<units, ln::reset_before>>, ln::Sequence<steps, ln::Shape<inputs>>, double>;
static_assert(std::string_view{Model::layers[0].name} == "GRU<5,true>");
static_assert(Model::parameter_count == 3 * units * (inputs + units + 2));

/// A tensor in the order of files: 3H,C or 3H.
std::vector<double> tensor(const Model& model, std::string_view name) {
    std::vector<double> values;
    for (const ln::ModelTensor& t : Model::tensors)
        if (std::string_view{t.name} == name)
            for (std::size_t i = 0; i < t.size; ++i)
                values.push_back(model.numbers()[t.place(i)]);
    return values;
}

} // namespace

TEST_CASE("GRU with reset_before is ONNX's with linear_before_reset = 0") {
    Model model{ln::seed{3}};
    ln::Random random{ln::seed{4}};
    for (double& p : model.parameters())
        p += 0.5 * random.symmetric();
    Model::Input x;
    for (double& e : x)
        e = random.symmetric();
    const std::vector<double> W = tensor(model, "0.weight_ih_l0"), R = tensor(model, "0.weight_hh_l0"),
                              Wb = tensor(model, "0.bias_ih_l0"), Rb = tensor(model, "0.bias_hh_l0");
    REQUIRE(W.size() == 3 * units * inputs);
    REQUIRE(R.size() == 3 * units * units);

    const Model::Output y = model.forward(x);
    std::vector<double> h(units);
    for (int t = 0; t < steps; ++t) {
        const auto sum = [&](int gate, int u, const std::vector<double>& state) {
            const auto row = static_cast<std::size_t>(gate * units + u);
            double s = Wb[row] + Rb[row];
            for (std::size_t c = 0; c < inputs; ++c)
                s += W[row * inputs + c] * x(c, t);
            for (std::size_t k = 0; k < units; ++k)
                s += R[row * units + k] * state[k];
            return s;
        };
        const auto sigmoid = [](double s) { return 1 / (1 + std::exp(-s)); };
        std::vector<double> reset(units), after(units);
        for (int u = 0; u < units; ++u)
            reset[static_cast<std::size_t>(u)] = sigmoid(sum(0, u, h)) * h[static_cast<std::size_t>(u)];
        for (int u = 0; u < units; ++u) {
            const double z = sigmoid(sum(1, u, h)), candidate = std::tanh(sum(2, u, reset));
            after[static_cast<std::size_t>(u)] = (1 - z) * candidate + z * h[static_cast<std::size_t>(u)];
        }
        h = after;
        for (int u = 0; u < units; ++u) // sums of ten terms, in another order
            CHECK(y(u, t) == doctest::Approx(h[static_cast<std::size_t>(u)]).epsilon(1e-14));
    }
}
