// What must hold for every optimiser.
#include "allocations.hpp"
#include "passes.hpp"

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <memory>

namespace ln = lamina;
using laws::Numbers;

namespace {

constexpr int extent = 37, steps = 6;

/// One parameter's way, written out from the optimisers' definitions: p after each step along the gradients
/// g.
Numbers reference(const ln::SGD& o, double p, const Numbers& g) {
    Numbers way;
    double v = 0;
    for (std::size_t t = 0; t < g.size(); ++t) {
        v = o.momentum * v + g[t];
        const double direction = o.nesterov ? g[t] + o.momentum * v : v;
        p = p - o.learning_rate * direction;
        way.push_back(p);
    }
    return way;
}

Numbers reference(const ln::Adam& o, double p, const Numbers& g, double weight_decay = 0) {
    Numbers way;
    double m = 0, v = 0;
    for (std::size_t t = 0; t < g.size(); ++t) {
        p -= o.learning_rate * weight_decay * p;
        m = o.beta1 * m + (1 - o.beta1) * g[t];
        v = o.beta2 * v + (1 - o.beta2) * std::pow(g[t], 2);
        const double step = static_cast<double>(t + 1);
        const double unbiased_m = m / (1 - std::pow(o.beta1, step));
        const double unbiased_v = v / (1 - std::pow(o.beta2, step));
        p = p - o.learning_rate * unbiased_m / (std::sqrt(unbiased_v) + o.epsilon);
        way.push_back(p);
    }
    return way;
}

Numbers reference(const ln::AdamW& o, double p, const Numbers& g) {
    return reference(
        ln::Adam{.learning_rate = o.learning_rate, .beta1 = o.beta1, .beta2 = o.beta2, .epsilon = o.epsilon},
        p, g, o.weight_decay);
}

template <class T, class Optimizer>
void follows_its_definition(const Optimizer& optimizer) {
    const Numbers start = laws::numbers(extent, 1), gradients = laws::numbers(steps * extent, 2);
    typename Optimizer::template State<T, extent> state;
    ln::Tensor<T, ln::Shape<extent>> p, g;
    std::copy(start.begin(), start.end(), p.begin());
    Numbers found, expected(steps * extent);
    for (int t = 0; t < steps; ++t) {
        for (int i = 0; i < extent; ++i)
            g[i] = static_cast<T>(gradients[static_cast<std::size_t>(t * extent + i)]);
        optimizer.update(p.data(), g.data(), state, optimizer.learning_rate);
        found.insert(found.end(), p.begin(), p.end());
    }
    for (std::size_t i = 0; i < extent; ++i) {
        Numbers own;
        for (std::size_t t = 0; t < steps; ++t)
            own.push_back(gradients[t * extent + i]);
        const Numbers way = reference(optimizer, start[i], own);
        for (std::size_t t = 0; t < steps; ++t)
            expected[t * extent + i] = way[t];
    }
    laws::check_close("parameters after each step", found, expected, laws::rounding<T>);
}

template <class Optimizer>
void stands_still_without_gradient(const Optimizer& optimizer) {
    INFO("no gradient, no step");
    typename Optimizer::template State<float, extent> state;
    ln::Tensor<float, ln::Shape<extent>> p, zero{};
    const Numbers start = laws::numbers(extent, 1);
    std::copy(start.begin(), start.end(), p.begin());
    const auto before = p;
    for (int t = 0; t < steps; ++t)
        optimizer.update(p.data(), zero.data(), state, optimizer.learning_rate);
    CHECK(p == before);
}

using Net = ln::Net<ln::Conv<3, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<5>>;
using Model = ln::Model<Net, ln::Shape<1, 6, 7>>;

/// Steps of a trainer, on a number of samples that does not fill its lanes.
template <class Optimizer>
void trains(const Optimizer& optimizer) {
    std::array<Model::Input, 19> inputs;
    std::array<Model::Output, 19> targets;
    std::array<std::uint32_t, 19> order;
    for (std::uint32_t s = 0; s < 19; ++s) {
        order[s] = s;
        const Numbers x = laws::numbers(Model::Input::size, s),
                      t = laws::numbers(Model::Output::size, 50 + s);
        std::copy(x.begin(), x.end(), inputs[s].begin());
        std::copy(t.begin(), t.end(), targets[s].begin());
    }
    const ln::data::Samples data{std::span<const Model::Input>{inputs},
                                 std::span<const Model::Output>{targets}};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, optimizer};
    const float first = trainer.step(data, order);
    const std::size_t before = laws::allocations();
    float last = first;
    for (int step = 0; step < 20; ++step)
        last = trainer.step(data, order, optimizer.learning_rate, 1e-4);
    trainer.template freeze<0>();
    for (int step = 0; step < 5; ++step)
        last = trainer.step(data, order, optimizer.learning_rate, 1e-4, 1e-3);
    trainer.template unfreeze<0>();
    const std::size_t after = laws::allocations();
    {
        INFO("a step allocates nothing");
        CHECK(after == before);
    }
    INFO("the loss falls");
    CHECK(last < first);

    const Numbers flat(model.parameters().begin(), model.parameters().end());
    laws::check_padding_is_zero(flat, laws::Of<Net, ln::Shape<1, 6, 7>, float>::network().views);
}

template <class Optimizer>
void optimizer_laws(const Optimizer& optimizer) {
    follows_its_definition<float>(optimizer);
    follows_its_definition<double>(optimizer);
    stands_still_without_gradient(optimizer);
    trains(optimizer);
}

} // namespace

TEST_CASE("SGD obeys the laws of optimisers") {
    optimizer_laws(ln::SGD{.learning_rate = 0.05});
}

TEST_CASE("SGD with momentum obeys the laws of optimisers") {
    optimizer_laws(ln::SGD{.learning_rate = 0.05, .momentum = 0.9});
}

TEST_CASE("SGD with Nesterov's momentum obeys the laws of optimisers") {
    optimizer_laws(ln::SGD{.learning_rate = 0.05, .momentum = 0.9, .nesterov = true});
}

TEST_CASE("AdamW obeys the laws of optimisers") {
    for (const ln::AdamW& adamw : {ln::AdamW{}, ln::AdamW{.learning_rate = 0.05, .weight_decay = 0.5}}) {
        follows_its_definition<float>(adamw);
        follows_its_definition<double>(adamw);
    }
    stands_still_without_gradient(ln::AdamW{.weight_decay = 0});
    trains(ln::AdamW{});
}

TEST_CASE("Adam obeys the laws of optimisers") {
    optimizer_laws(ln::Adam{});
    optimizer_laws(ln::Adam{.learning_rate = 0.05, .beta1 = 0.75, .beta2 = 0.9, .epsilon = 1e-3});
}
