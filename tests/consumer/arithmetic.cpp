// Programs compiled with -ffast-math, or a part of it, get lamina's numbers, and hear of NaN. What is
// expected is computed by the compiler, which knows no such flags.
#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>

namespace ln = lamina;

namespace {

int faults = 0;

void require(bool holds, const char* what) {
    if (!holds) {
        std::printf("fault: %s\n", what);
        ++faults;
    }
}

constexpr int count = 64;
constexpr std::array<float, count> inputs = [] {
    std::array<float, count> x{};
    for (int i = 0; i < count; ++i)
        x[static_cast<std::size_t>(i)] = 0.17F * static_cast<float>(i - count / 2);
    return x;
}();

/// f of the inputs, in one rounding or two of the same operations: within two units in the last place.
template <class F>
void same_as_compiled(F f, const char* what) {
    static constexpr std::array<float, count> expected = [] {
        std::array<float, count> y{};
        for (std::size_t i = 0; i < count; ++i)
            y[i] = F{}(inputs[i]);
        return y;
    }();
    bool same = true;
    for (std::size_t i = 0; i < count; ++i) {
        const volatile float x = inputs[i];
        const float one = f(x), lane = f(ln::pack<float>(x))[0];
        for (const float y : {one, lane}) {
            const auto distance = static_cast<std::int64_t>(std::bit_cast<std::int32_t>(y)) -
                                  std::bit_cast<std::int32_t>(expected[i]);
            same = same && distance >= -3 && distance <= 3;
        }
    }
    require(same, what);
}

template <class Layer>
void passes_on_nan(float bad, const char* what) {
    using M = ln::Model<ln::Net<Layer>, ln::Shape<21>>;
    static M model;
    for (float& p : model.parameters())
        p = 1;
    static std::array<typename M::Input, 3> x{};
    static std::array<typename M::Output, 3> y;
    x[1][20] = bad;
    model.forward(std::span<const typename M::Input>{x}, std::span<typename M::Output>{y});
    const auto one = model.forward(x[1]);
    constexpr int last = M::Output::size - 1;
    require(!ln::is_finite(y[1][last]) && !ln::is_finite(one[last]), what);
    require(ln::is_finite(y[0][last]) && ln::is_finite(y[2][last]), "other samples stay finite");
}

void softmax() {
    using M = ln::Model<ln::Net<ln::Softmax>, ln::Shape<3>>;
    constexpr M model;
    constexpr M::Output expected = model.forward({{1, 2, 3}});
    static volatile float one = 1;
    const M::Output y = model.forward({{one, one + one, one + one + one}});
    for (int i = 0; i < 3; ++i)
        require(y[i] - expected[i] < 1e-6F && expected[i] - y[i] < 1e-6F, "softmax");
}

/// NaN is the largest output.
void answers(float bad) {
    const ln::Tensor<float, ln::Shape<3>> y{{1, bad, 2}};
    require(ln::argmax(y) == 1 && ln::top_k<2>(y)[0].index == 1 && ln::top_k<2>(y)[1].index == 2,
            "argmax and top_k of NaN");
    require(!ln::is_finite(ln::softmax(y)[0]), "softmax of NaN");
}

/// Errors tell NaN and infinity as what they are.
void message(float bad) {
    static volatile std::uint32_t bits = 0xFF800000;
    const float infinite = std::bit_cast<float>(std::uint32_t{bits});
    std::string text;
    try {
        ln::raise<std::runtime_error>(bad, " ", infinite);
    } catch (const std::runtime_error& error) {
        text = error.what();
    }
    require(text == "nan -inf", "NaN and infinity in a message");
}

void training(float bad) {
    using M = ln::Model<ln::Net<ln::Dense<5>, ln::Tanh, ln::Dense<2>>, ln::Shape<3>>;
    M model{ln::seed{1}};
    std::array<M::Input, 4> x{};
    std::array<M::Output, 4> y{};
    const std::uint32_t indices[] = {0, 1, 2, 3};
    const ln::data::Samples data{std::span{x}, std::span{y}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
    require(ln::is_finite(trainer.step(data, indices, 0.001)), "a step on numbers is finite");
    const M before = model;
    for (const double rate : {double{bad}, -0.001}) {
        bool refused = false;
        try {
            (void)trainer.step(data, indices, rate);
        } catch (const std::invalid_argument&) {
            refused = true;
        }
        require(refused, "a rate of NaN is refused");
    }
    x[2][1] = bad;
    require(!ln::is_finite(trainer.step(data, indices, 0.001)), "a step on NaN says so");
    require(!ln::is_finite(trainer.loss_and_gradient(data, indices)), "a gradient of NaN says so");
    bool same = true;
    for (std::size_t i = 0; i < before.parameters().size(); ++i)
        same = same && std::bit_cast<std::uint32_t>(before.parameters()[i]) ==
                           std::bit_cast<std::uint32_t>(model.parameters()[i]);
    require(same, "a step on NaN leaves the model as it is");
    model.parameters()[1] = bad;
    require(!ln::all_finite(model.parameters().data(), M::parameter_extent), "NaN is found among parameters");
}

/// One sample's loss and gradient are those that the compiler computes.
template <class Loss>
void same_loss(Loss loss, const char* what) {
    struct Found {
        float loss;
        ln::Tensor<float, ln::Shape<3>> dy;
    };
    constexpr auto of = [](Loss l, float one) {
        const ln::Tensor<float, ln::Shape<3>> y{{2.5F * one, -90.0F * one, 0.25F * one}}, t{{1, 0, 0.5F}};
        Found found{};
        found.loss = l.loss_and_gradient(y.view(), t.view(), found.dy.view());
        return found;
    };
    static constexpr Found expected = of(Loss{}, 1);
    static volatile float one = 1;
    const Found found = of(loss, one);
    const auto close = [](float a, float b) {
        const float size = b < 0 ? 1 - b : 1 + b;
        return a - b < 1e-6F * size && b - a < 1e-6F * size;
    };
    bool same = close(found.loss, expected.loss);
    for (int i = 0; i < 3; ++i)
        same = same && close(found.dy[i], expected.dy[i]);
    require(same, what);
}
void losses(float bad) {
    same_loss(ln::SoftmaxCrossEntropy{}, "SoftmaxCrossEntropy");
    same_loss(ln::BinaryCrossEntropy{}, "BinaryCrossEntropy");
    same_loss(ln::MeanSquaredError{}, "MeanSquaredError");
    same_loss(ln::MeanAbsoluteError{}, "MeanAbsoluteError");
    same_loss(ln::Huber{}, "Huber");
    same_loss(ln::LossSum{ln::ESR{}, ln::DC{}}, "LossSum of ESR and DC");
    const auto passes_on = [bad](auto loss, const char* what) {
        ln::Tensor<ln::pack<float>, ln::Shape<2>> y, t, dy;
        for (int i = 0; i < 2; ++i) {
            y[i] = ln::pack<float>(i == 1 ? bad : 1.0F);
            t[i] = ln::pack<float>(0.5F);
        }
        require(!ln::is_finite(loss.loss_and_gradient(y.view(), t.view(), dy.view())[0]), what);
    };
    passes_on(ln::SoftmaxCrossEntropy{}, "NaN through SoftmaxCrossEntropy");
    passes_on(ln::BinaryCrossEntropy{}, "NaN through BinaryCrossEntropy");
    passes_on(ln::MeanAbsoluteError{}, "NaN through MeanAbsoluteError");
    passes_on(ln::Huber{}, "NaN through Huber");
    passes_on(ln::ESR{}, "NaN through ESR");
    passes_on(ln::DC{}, "NaN through DC");
}

struct Best final : ln::RunSaver { // counts the models that are the best so far
    const void* of;
    int count = 0;
    explicit Best(const void* trainer) : of{trainer} {}
    [[nodiscard]] const void* trainer() const noexcept override { return of; }
    [[nodiscard]] ln::RunPosition restore(const ln::PositionCheck& /*inspect*/) override { return {}; }
    [[nodiscard]] bool is_due(const ln::RunPosition& /*position*/) const noexcept override { return false; }
    void save_run(const ln::RunPosition& /*position*/) override {}
    void save_best(const ln::RunPosition& /*position*/) override { ++count; }
};

/// What begins as infinity or NaN is found to be that.
void beginnings() {
    using M = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;
    M model{ln::seed{1}};
    std::array<M::Input, 4> x{};
    std::array<M::Output, 4> y{};
    const ln::data::Samples data{std::span{x}, std::span{y}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    Best best{&trainer};
    ln::fit(trainer, data,
            {.epochs = 1, .batch = 4, .validation = &data, .checkpoints = &best, .progress = false});
    require(best.count == 1, "the first validation loss is the best so far");
    const ln::Metrics metrics = ln::evaluate(model, data, ln::MeanSquaredError{});
    require(!ln::is_finite(metrics.accuracy) && ln::is_finite(metrics.loss), "no accuracy without labels");
    const ln::data::Samples none{std::span{x}.first(0), std::span{y}.first(0)};
    require(!ln::is_finite(ln::evaluate(model, none, ln::MeanSquaredError{}).loss),
            "no loss without samples");
}

} // namespace

int main() {
    same_as_compiled([](auto x) { return ln::exp(x); }, "exp");
    same_as_compiled([](auto x) { return ln::tanh(x); }, "tanh");
    same_as_compiled([](auto x) { return ln::sigmoid(x); }, "sigmoid");
    same_as_compiled([](auto x) { return ln::erf(x); }, "erf");
    same_as_compiled([](auto x) { return ln::exp_minus_one(-x * x); }, "exp_minus_one");
    same_as_compiled([](auto x) { return ln::GELU::value(x); }, "GELU");
    same_as_compiled([](auto x) { return ln::SiLU::slope_of_input(x); }, "the slope of SiLU");
    same_as_compiled([](auto x) { return ln::log(x * x + decltype(x)(1)); }, "log");
    same_as_compiled([](auto x) { return ln::sqrt(x * x); }, "sqrt");
    static volatile float hundred = 100;
    require(!ln::is_finite(ln::exp(float{hundred})) && !ln::is_finite(ln::exp(ln::pack<float>(hundred))[0]),
            "exp beyond the largest number");
    require(!ln::is_finite(ln::log(ln::exp(float{hundred}))), "log of infinity");
    require(!ln::is_finite(ln::sqrt(ln::exp(float{hundred}))), "sqrt of infinity");
    softmax();
    static volatile std::uint32_t bits = 0x7FC00000;
    const float bad = std::bit_cast<float>(std::uint32_t{bits});
    passes_on_nan<ln::Dense<3>>(bad, "NaN through Dense");
    passes_on_nan<ln::ReLU>(bad, "NaN through ReLU");
    passes_on_nan<ln::LeakyReLU<>>(bad, "NaN through LeakyReLU");
    passes_on_nan<ln::PReLU<>>(bad, "NaN through PReLU");
    passes_on_nan<ln::ReLU6>(bad, "NaN through ReLU6");
    passes_on_nan<ln::ELU<>>(bad, "NaN through ELU");
    passes_on_nan<ln::SiLU>(bad, "NaN through SiLU");
    passes_on_nan<ln::GELU>(bad, "NaN through GELU");
    passes_on_nan<ln::GELUTanh>(bad, "NaN through GELUTanh");
    passes_on_nan<ln::HardSwish>(bad, "NaN through HardSwish");
    passes_on_nan<ln::Tanh>(bad, "NaN through Tanh");
    passes_on_nan<ln::Sigmoid>(bad, "NaN through Sigmoid");
    passes_on_nan<ln::Softmax>(bad, "NaN through Softmax");
    answers(bad);
    losses(bad);
    message(bad);
    training(bad);
    beginnings();
    return faults == 0 ? 0 : 1;
}
