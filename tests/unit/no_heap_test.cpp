#include "../laws/allocations.hpp"

#include <lamina/core.hpp>
#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<4, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>, ln::Conv<5, 3>, ln::Tanh,
                                ln::AvgPool<2, 1>, ln::Dense<6>, ln::Sigmoid, ln::Dense<3>>,
                        ln::Shape<2, 8, 8>>;

/// How often f allocates.
template <class F>
std::size_t allocations_of(F f) {
    const std::size_t before = laws::allocations();
    f();
    return laws::allocations() - before;
}

} // namespace

TEST_CASE("no heap: the counter counts") {
    CHECK(allocations_of([] { const std::vector<int> three(3); }) == 1);
}

TEST_CASE("no heap: making a model, forward of one sample and of many") {
    const std::vector<Model::Input> x(37);
    std::vector<Model::Output> y(37);
    CHECK(allocations_of([&] {
              const Model model{ln::seed{1}};
              y[0] = model.forward(x[0]);
              model.forward(x, y);
              CHECK_FALSE(ln::top_k<3>(ln::softmax(y[0]))[2].index == ln::argmax(y[0]));
          }) == 0);
}

TEST_CASE("no heap: a stream, and subnormal numbers in it count as zero") {
    using Along = ln::Model<ln::Net<ln::CausalConv<4, 3, 2>, ln::Tanh, ln::LSTM<4>, ln::GRU<3>, ln::Dense<1>>,
                            ln::Sequence<32, ln::Shape<1>>>;
    const Along model{ln::seed{1}};
    std::vector<float> sound(37);
    CHECK(allocations_of([&] {
              ln::Stream<Along> stream{model};
              sound[0] = stream.step(0.5F);
              stream.block(sound, sound);
              stream.restore(stream.state());
              stream.reset();
          }) == 0);
    if (ln::FlushSubnormals::possible) {
        using Scaled = ln::Model<ln::Net<ln::Scale<1, 2>>, ln::Sequence<1, ln::Shape<1>>>;
        const Scaled half;
        ln::Stream<Scaled> stream{half};
        CHECK(std::fpclassify(stream.step(1.2e-38F)) == FP_ZERO);
        CHECK(ln::FlushSubnormals::current() == 0);
    }
}

TEST_CASE("no heap: steps of every loss and optimiser, on images and tensors, clipped, with frozen layers") {
    const std::vector<Model::Input> x(37);
    const std::vector<Model::Output> t(37);
    const ln::data::Images images{"made", {2, 8, 8}, std::vector<std::uint8_t>(2 * 128), {0, 2}};
    CHECK(allocations_of([&] {
              Model model{ln::seed{1}};
              const ln::data::Samples samples{std::span{x}, std::span{t}};
              const std::uint32_t five[] = {0, 1, 36, 5, 1}, two[] = {1, 0};
              ln::Trainer classify{model, ln::SoftmaxCrossEntropy{},
                                   ln::SGD{.learning_rate = 0.1, .momentum = 0.9}};
              classify.step(images, two, 0.1, 1e-4);
              const auto step = [&](auto loss) {
                  ln::Trainer trainer{model, loss, ln::SGD{}};
                  trainer.step(images, two);
              };
              step(ln::SoftmaxCrossEntropy{.label_smoothing = 0.1});
              step(ln::WeightedCrossEntropy<3>{.class_weights = {1, 2, 3}});
              step(ln::BinaryCrossEntropy{});
              step(ln::Huber{});
              step(ln::MeanAbsoluteError{});
              step(ln::LossSum{ln::ESR{}, ln::DC{}});
              ln::Trainer regress{model, ln::MeanSquaredError{}, ln::Adam{}};
              regress.step(samples, five);
              const int labels[37] = {0, 2, 1};
              const ln::data::Samples labelled{x, labels};
              classify.step(labelled, five);
              ln::Trainer decay{model, ln::SoftmaxCrossEntropy{}, ln::AdamW{}};
              decay.freeze<0>();
              decay.freeze("6.bias");
              const ln::Warmup schedule{.iterations = 5, .then = ln::Cosine{.iterations = 9}};
              decay.step(labelled, five, schedule(0.1, 2), 1e-4, 0.01);
              decay.unfreeze("0");
              decay.loss_and_gradient(labelled, five);
              decay.clip_gradients(0.01);
              decay.update(0.1);
          }) == 0);
}
