// Layers that train differently: batch norm over the whole mini-batch, dropout by counted random numbers.
#include <lamina/core.hpp>
#include <lamina/train/team.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ln = lamina;

namespace {

constexpr int most = 40; // samples: several packs, the last of which is partial

/// What batch norms give is computed again in backward, in one place: with a halo, without one, seen as a
/// vector, and of a vector.
template <class T>
using Network =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::BatchNorm<>, ln::Tanh, ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>,
                      ln::Dropout<20>, ln::Conv<3, 3>, ln::LayerNorm, ln::BatchNorm<>, ln::Tanh, ln::Flatten,
                      ln::Dense<6>, ln::BatchNorm<>, ln::Sigmoid, ln::Dense<2>>,
              ln::Shape<2, 7, 6>, T>;
static_assert([] {
    int count = 0;
    for (const auto& value : Network<float>::plan::training<false>.values)
        count += static_cast<int>(value.is_computed_again);
    return count;
}() == 5); // one is seen in two shapes

/// Made-up samples.
template <class M>
struct Samples {
    std::vector<typename M::Input> inputs = std::vector<typename M::Input>(std::size_t{most});
    std::vector<typename M::Output> targets = std::vector<typename M::Output>(std::size_t{most});

    Samples() {
        ln::Random random{ln::seed{5}};
        for (auto& x : inputs)
            for (auto& e : x)
                e = static_cast<typename M::scalar>(random.symmetric());
        for (auto& t : targets)
            for (auto& e : t)
                e = static_cast<typename M::scalar>(random.symmetric());
    }
    [[nodiscard]] ln::data::Samples<typename M::scalar, typename M::input_shape, typename M::output_shape>
    view() const {
        return {inputs, targets};
    }
};
[[nodiscard]] std::vector<std::uint32_t> first(int count) {
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), 0U);
    return indices;
}

template <class M>
using Memory = ln::TrainingMemory<M, ln::SGD, most>;

/// y = f(x + a random number), with the activation f that follows, and no tensors.
struct Noise {
    static constexpr std::string_view name = "Noise";
    template <class In>
    using output = In;

    static constexpr bool takes_activation = true;
    static constexpr void forward(auto x, auto /*p*/, auto y, auto pass) {
        using E = typename decltype(y)::element;
        for (int i = 0; i < x.size; ++i)
            y[i] =
                pass.after(E(x[i] + pass.random().keep(E(1), static_cast<std::uint32_t>(i), 1U << 31U)), i);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};

} // namespace

TEST_CASE("batch norm, dropout and layer norm: the gradient of a batch equals differences of its loss") {
    using M = Network<double>;
    const auto model = std::make_unique<M>(ln::seed{3});
    const auto memory = std::make_unique<Memory<M>>();
    ln::Trainer trainer{*model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.1}, *memory};
    trainer.random.step = 11;
    const Samples<M> samples;
    const auto data = samples.view();
    for (int count : {most - 3, ln::native_lanes<double> + 1, 2}) {
        CAPTURE(count);
        const auto indices = first(count);
        (void)trainer.loss_and_gradient(data, indices);
        const std::vector<double> found(trainer.gradients().begin(), trainer.gradients().end());
        double worst = 0, largest = 0;
        for (const ln::ModelTensor& t : M::tensors) {
            if (t.lifetime != ln::Lifetime::trained)
                continue;
            for (std::size_t i = t.offset; i < t.offset + t.size; i += 1 + t.size / 20) {
                double& w = model->parameters()[i];
                const double before = w;
                w = before + 1e-5;
                const double above = trainer.loss_and_gradient(data, indices);
                w = before - 1e-5;
                const double below = trainer.loss_and_gradient(data, indices);
                w = before;
                worst = std::max(worst, std::fabs((above - below) / 2e-5 - found[i]));
                largest = std::max(largest, std::fabs(found[i]));
            }
        }
        CHECK(largest > 0.01);
        CHECK(worst < 1e-6 * std::max(largest, 1.0)); // of a difference of 1e-5: its square and rounding
    }
}

TEST_CASE("batch norm and dropout: the same bits for 1, 2 and 3 threads") {
    using M = Network<float>;
    const Samples<M> samples;
    const auto train = [&](int threads) {
        const auto model = std::make_unique<M>(ln::seed{3});
        const auto memory = std::make_unique<Memory<M>>();
        ln::Trainer trainer{*model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.1}, *memory};
        ln::Team<M> team{threads};
        for (int step = 0; step < 3; ++step) {
            (void)trainer.loss_and_gradient(samples.view(), first(most - 1), 0, team);
            trainer.update(0.1);
        }
        return std::vector<float>(model->numbers().begin(), model->numbers().end());
    };
    const auto one = train(1);
    CHECK(train(2) == one);
    CHECK(train(3) == one);
}

TEST_CASE_TEMPLATE("random numbers: another step or seed draws others, the same ones draw the same", Drawing,
                   ln::Dropout<50>, ln::Net<Noise, ln::Tanh>) {
    using M = ln::Model<ln::Net<ln::Dense<8>, Drawing, ln::Dense<2>>, ln::Shape<5>>;
    struct Data : Samples<M> {};
    const Data samples;
    M model{ln::seed{3}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    const auto loss = [&](std::uint64_t seed, std::uint64_t step) {
        trainer.random.start = ln::seed{seed};
        trainer.random.step = step;
        return trainer.loss_and_gradient(samples.view(), first(most));
    };
    CHECK(loss(1, 2) == loss(1, 2));
    CHECK(loss(1, 2) != loss(1, 3));
    CHECK(loss(1, 2) != loss(2, 2));
}

TEST_CASE("batch norm: a step on one number of each channel is an error that changes nothing") {
    using M = ln::Model<ln::Net<ln::Dense<3>, ln::BatchNorm<>, ln::Dense<2>>, ln::Shape<5>>;
    const Samples<M> samples;
    M model{ln::seed{3}};
    const std::vector<float> before(model.numbers().begin(), model.numbers().end());
    Memory<M> memory;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.1}, memory};
    CHECK_THROWS_WITH_AS(
        (void)trainer.step(samples.view(), first(1)),
        "a training step: layer 1, BatchNorm<> on 3, needs at least 2 numbers of each channel in a "
        "batch, found 1: train with larger batches",
        std::invalid_argument);
    CHECK(std::equal(before.begin(), before.end(), model.numbers().begin()));
    (void)trainer.step(samples.view(), first(2));
    CHECK(!std::equal(before.begin(), before.end(), model.numbers().begin()));
}
