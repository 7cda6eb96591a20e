// Hosts that trap overflows, invalid operations and divisions by zero: what lamina computes from moderate
// numbers raises none of the flags that a trap would act on.
#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <doctest/doctest.h>

#include <cfenv>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

template <class F>
void check_raises_nothing(const std::string& what, F f) {
    CAPTURE(what);
    std::feclearexcept(FE_ALL_EXCEPT);
    f();
    CHECK(std::fetestexcept(FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO) == 0);
}

/// Memory that held anything before: large numbers, NaN.
template <class X>
std::unique_ptr<X> used_memory(int byte) {
    auto x = std::make_unique<X>();
    std::memset(static_cast<void*>(x.get()), byte, sizeof *x);
    return x;
}

/// Forward of one sample and of several packs, of which the last is partial, on inputs up to `size`.
template <class Model>
void check_forward(const Model& model, const std::vector<typename Model::Input>& x) {
    std::vector<typename Model::Output> y(x.size());
    for (const int byte : {0, 0x7E, 0x7F, 0xFF}) {
        CAPTURE(byte);
        const auto workspace = used_memory<typename Model::Workspace>(byte);
        const auto batch = used_memory<typename Model::BatchWorkspace>(byte);
        check_raises_nothing("one sample", [&] {
            for (std::size_t i = 0; i < x.size(); ++i)
                y[i] = model.forward(x[i], *workspace);
        });
        check_raises_nothing("a batch", [&] {
            model.forward(std::span<const typename Model::Input>{x}, std::span<typename Model::Output>{y},
                          *batch);
        });
    }
}

template <class Input>
std::vector<Input> made_inputs(float size) {
    std::vector<Input> x(static_cast<std::size_t>(ln::native_lanes<float>) + 3);
    ln::Random random{ln::seed{1}};
    for (Input& input : x)
        for (float& v : input)
            v = static_cast<float>(random.symmetric()) * size;
    return x;
}

template <class Layer>
void check_layer() {
    using Model = ln::Model<ln::Net<Layer>, ln::Shape<21>>;
    for (const float size : {1.0F, 100.0F, 1e4F, 3.4e38F})
        check_forward(Model{}, made_inputs<typename Model::Input>(size));
}

template <class Net, class In, class Loss, class Optimizer>
void check_training(Loss loss, Optimizer optimizer, float size) {
    using Model = ln::Model<Net, In>;
    using Memory = ln::TrainingMemory<Model, Optimizer>;
    Model model{ln::seed{3}};
    const auto x = made_inputs<typename Model::Input>(size);
    const auto y = made_inputs<typename Model::Output>(1);
    check_forward(model, x);
    std::vector<std::uint32_t> indices(x.size());
    std::iota(indices.begin(), indices.end(), 0U);
    for (const int byte : {0, 0x7F, 0xFF}) {
        CAPTURE(byte);
        const auto memory = std::make_unique<Memory>();
        std::memset(static_cast<void*>(&memory->pack_memory), byte, sizeof memory->pack_memory);
        ln::Trainer trainer{model, loss, optimizer, *memory};
        check_raises_nothing("three steps", [&] {
            for (int step = 0; step < 3; ++step)
                CHECK(ln::is_finite(
                    trainer.step(ln::data::Samples{std::span{x}, std::span{y}}, indices, 0.01, 1e-3)));
        });
    }
}

} // namespace

TEST_CASE("traps: activations raise none, of any finite number") {
    check_layer<ln::Sigmoid>();
    check_layer<ln::Tanh>();
    check_layer<ln::Softmax>();
    check_layer<ln::ReLU>();
    check_layer<ln::LeakyReLU<>>();
    check_layer<ln::PReLU<21>>();
    check_layer<ln::ReLU6>();
    check_layer<ln::ELU<>>();
    check_layer<ln::SiLU>();
    check_layer<ln::GELU>();
    check_layer<ln::GELUTanh>();
    check_layer<ln::HardSwish>();
    check_layer<ln::Scale<1, 50>>();
}

TEST_CASE("traps: layers, losses and optimisers raise none, whatever lies in lanes that do not count") {
    using Saturated = ln::Net<ln::Dense<5>, ln::Sigmoid, ln::Dense<3>>;
    check_training<Saturated, ln::Shape<7>>(ln::MeanSquaredError{}, ln::SGD{.momentum = 0.9}, 1e4F);
    check_training<Saturated, ln::Shape<7>>(ln::SoftmaxCrossEntropy{}, ln::Adam{.epsilon = 0}, 1e4F);
    check_training<Saturated, ln::Shape<7>>(ln::BinaryCrossEntropy{.positive_weight = 3}, ln::SGD{}, 1e4F);
    check_training<Saturated, ln::Shape<7>>(
        ln::WeightedCrossEntropy<3>{.class_weights = {1, 0, 9}, .label_smoothing = 0.1}, ln::SGD{}, 1e4F);
    check_training<
        ln::Net<ln::SiLU, ln::GELU, ln::HardSwish, ln::GELUTanh, ln::ELU<>, ln::PReLU<>, ln::ReLU6>,
        ln::Shape<7>>(ln::Huber{}, ln::SGD{}, 3.4e38F);
    check_training<ln::Net<ln::Dense<3>>, ln::Shape<7>>(ln::Huber{}, ln::SGD{}, 1e4F);
    check_training<ln::Net<ln::Dense<3>>, ln::Shape<7>>(ln::MeanAbsoluteError{}, ln::SGD{}, 1e4F);
    check_training<Saturated, ln::Shape<7>>(ln::LossSum{ln::ESR{}, ln::DC{}}, ln::SGD{}, 1e4F);
    using Image =
        ln::Net<ln::Conv<3, 3, 1, 1>, ln::Tanh, ln::MaxPool<2, 2>, ln::AvgPool<2, 1>, ln::Dense<10>>;
    check_training<Image, ln::Shape<2, 8, 9>>(ln::SoftmaxCrossEntropy{}, ln::Adam{}, 100.0F);
}
