// A training step that the compiler takes is the one the program takes.
#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <doctest/doctest.h>

#include <cmath>

namespace ln = lamina;

namespace {

using Model =
    ln::Model<ln::Net<ln::Conv<2, 2>, ln::Tanh, ln::MaxPool<2, 2>, ln::Dense<2>>, ln::Shape<1, 3, 3>, double>;

constexpr double rate = 0.5;

constexpr Model made_model() {
    Model model;
    ln::Random random{ln::seed{4}};
    for (double& p : model.weight<0>())
        p = random.symmetric();
    for (double& p : model.weight<3>())
        p = random.symmetric();
    return model;
}
constexpr Model::Input made_input() {
    Model::Input x{};
    for (int i = 0; i < x.size; ++i)
        x[i] = 0.25 * i - 1;
    return x;
}
constexpr Model::Output target{{0, 1}};

struct Step {
    double loss;
    Model model;
};

/// One sample, one step, by the same pass, loss and optimiser as a Trainer's, with numbers in place of packs.
constexpr Step step() {
    Step result{0, made_model()};
    Model& model = result.model;
    const Model::Input x = made_input();
    ln::topology::TrainingPass<Model::plan, double> pass;
    ln::kernels::map(
        pass.input(), [](auto e) { return e; }, x.view());
    pass.forward(model.parameters().data());
    result.loss =
        ln::SoftmaxCrossEntropy{}.loss_and_gradient(pass.output(), target.view(), pass.output_gradient());
    ln::Tensor<double, ln::Shape<Model::parameter_extent>> gradients{};
    pass.backward(model.parameters().data(), gradients.data());
    ln::SGD::State<double, Model::parameter_extent> state{};
    ln::SGD{}.update(model.parameters().data(), gradients.data(), state, rate);
    return result;
}

constexpr Step compiled = step();

/// The loss of a model on the sample.
constexpr double loss_of(const Model& model) {
    const Model::Output y = model.forward(made_input());
    Model::Output unused{};
    return ln::SoftmaxCrossEntropy{}.loss_and_gradient(y.view(), target.view(), unused.view());
}
static_assert(loss_of(made_model()) - compiled.loss < 1e-15 && compiled.loss - loss_of(made_model()) < 1e-15);
static_assert(loss_of(compiled.model) < 0.7 * compiled.loss);

} // namespace

// Sums in another order and fused multiply-adds: a few units in the last place of numbers below 4.
TEST_CASE("one step of SGD in a constant expression is the Trainer's, within 1e-14") {
    Model model = made_model();
    const Model::Input inputs[] = {made_input()};
    const Model::Output targets[] = {target};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = rate}};
    const std::uint32_t first[] = {0};
    const double loss = trainer.step(ln::data::Samples{std::span{inputs}, std::span{targets}}, first);
    CHECK(std::abs(loss - compiled.loss) < 1e-14);
    for (std::size_t i = 0; i < model.parameters().size(); ++i)
        CHECK(std::abs(model.parameters()[i] - compiled.model.parameters()[i]) < 1e-14);
}
