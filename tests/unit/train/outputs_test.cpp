// Networks with several outputs, each with a loss.
#include "../../laws/allocations.hpp"
#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"
#include "oracle/torch_order.hpp"

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/io/checkpoint.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ln = lamina;

namespace {

using In = ln::Shape<2, 6, 5>;
using Policy = ln::Named<"policy", ln::Conv<3, 2>>; // an image of scores
using Value = ln::Named<"value", ln::Net<ln::Dense<5>, ln::Tanh, ln::Dense<2>>>;
template <class... Heads>
using Trunk = ln::Model<ln::Net<ln::Conv<4, 3>, ln::Tanh, Heads...>, In, double>;
using Model = Trunk<ln::Outputs<Value, Policy, ln::Identity>>; // the last is what the others begin with

static_assert(std::is_same_v<Model::output_shape, ln::Shape<2 + 3 * 3 * 2 + 4 * 4 * 3>>);
static_assert(Model::heads.size() == 3 && Model::heads[1].shape == ln::dims{3, 3, 2});
static_assert(Model::heads[0].offset == 0 && Model::heads[1].offset == 2 && Model::heads[2].offset == 20);
static_assert(std::string_view{Model::heads[0].name} == "value" &&
              std::string_view{Model::heads[1].name} == "policy" &&
              std::string_view{Model::heads[2].name} == "2");
// A network without Outputs has one.
static_assert(Trunk<>::heads.size() == 1 && Trunk<>::heads[0].shape == ln::dims{4, 4, 3});

const ln::Losses losses = ln::Losses{
    ln::MeanSquaredError{}, ln::SoftmaxCrossEntropy{.label_smoothing = 0.1},
    ln::Huber{.delta = 0.25}}.weighted(1, 0.5, 3);

constexpr int count = 13; // a pack that is not full is among them
/// Random inputs and targets: a value, a class and the numbers of the trunk.
struct Made {
    std::vector<Model::Input> inputs{count};
    std::vector<Model::Output> targets{count};

    Made() {
        ln::Random random{ln::seed{3}};
        for (Model::Input& x : inputs)
            for (double& e : x)
                e = random.symmetric();
        for (Model::Output& t : targets) {
            for (double& e : Model::head<0>(t))
                e = random.symmetric();
            Model::head<"policy">(t)[static_cast<int>(random.below(18))] = 1;
            for (double& e : Model::head<2>(t))
                e = random.symmetric();
        }
    }
    [[nodiscard]] auto samples() const { return ln::data::Samples{inputs, targets}; }
    /// The same with the targets of head `I` alone.
    template <class Part, int I>
    [[nodiscard]] std::vector<typename Part::Output> targets_of() const {
        std::vector<typename Part::Output> own(targets.size());
        for (std::size_t i = 0; i < own.size(); ++i)
            std::copy_n(Model::head<I>(targets[i]).data(), own[i].size, own[i].data());
        return own;
    }
};
const std::vector<std::uint32_t> all = [] {
    std::vector<std::uint32_t> indices(count);
    for (std::size_t i = 0; i < indices.size(); ++i)
        indices[i] = static_cast<std::uint32_t>(i);
    return indices;
}();

template <class Parameters>
void copy_to(const auto& from, const Parameters& to) {
    std::copy(from.begin(), from.end(), to.begin());
}
double difference(const auto& a, const auto& b) {
    double largest = 0;
    for (int i = 0; i < a.size; ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

/// A model with head `I` alone, and the same parameters.
template <class Part, int I>
void copy_parameters(const Model& model, Part& part) {
    copy_to(model.weight<0>(), part.template weight<0>());
    copy_to(model.bias<0>(), part.template bias<0>());
    if constexpr (I == 0) {
        copy_to(model.weight<2, 0, 0>(), part.template weight<2, 0>());
        copy_to(model.bias<2, 0, 0>(), part.template bias<2, 0>());
        copy_to(model.weight<2, 0, 2>(), part.template weight<2, 2>());
        copy_to(model.bias<2, 0, 2>(), part.template bias<2, 2>());
    } else if constexpr (I == 1) {
        copy_to(model.weight<2, 1>(), part.template weight<2>());
        copy_to(model.bias<2, 1>(), part.template bias<2>());
    }
}

/// Subtracts `factor` times the gradient of head `I` alone, trained with its own loss, from `gradient`, a
/// model that holds a gradient; returns the loss times the factor.
template <class Part, int I>
double take_away(const Model& model, const Made& made, Model& gradient) {
    Part part;
    copy_parameters<Part, I>(model, part);
    const auto targets = made.targets_of<Part, I>();
    ln::Trainer trainer{part, losses.at<I>(), ln::SGD{}};
    const double loss = trainer.loss_and_gradient(ln::data::Samples{made.inputs, targets}, all);
    Part own;
    copy_to(trainer.gradients(), own.parameters());
    const double factor = losses.factor<I>();
    const auto subtract = [=](auto from, auto what) {
        for (int i = 0; i < from.size; ++i)
            from[i] -= factor * what[i];
    };
    subtract(gradient.weight<0>(), own.template weight<0>());
    subtract(gradient.bias<0>(), own.template bias<0>());
    if constexpr (I == 0) {
        subtract(gradient.weight<2, 0, 0>(), own.template weight<2, 0>());
        subtract(gradient.bias<2, 0, 0>(), own.template bias<2, 0>());
        subtract(gradient.weight<2, 0, 2>(), own.template weight<2, 2>());
        subtract(gradient.bias<2, 0, 2>(), own.template bias<2, 2>());
    } else if constexpr (I == 1) {
        subtract(gradient.weight<2, 1>(), own.template weight<2>());
        subtract(gradient.bias<2, 1>(), own.template bias<2>());
    }
    return factor * loss;
}

using OfValue = Trunk<ln::Net<ln::Dense<5>, ln::Tanh, ln::Dense<2>>>;
using OfPolicy = Trunk<ln::Conv<3, 2>>;
using OfTrunk = Trunk<>;

template <class... Layers>
using ProblemOf = typename ln::topology::Inferred<ln::Net<Layers...>, ln::Shape<8>, float>::problem;
using Two = ln::Outputs<ln::Dense<2>, ln::Dense<1>>;

} // namespace

// Misplaced wherever they are but at the end of the topology, also before a layer that does not fit what they
// give.
static_assert(std::is_same_v<ProblemOf<Two>, ln::none> &&
              std::is_same_v<ProblemOf<ln::Named<"heads", Two>>, ln::none>);
static_assert(std::is_same_v<ProblemOf<Two, ln::MaxPool<2, 2>>,
                             ln::problem::layer<0, Two>::must_be_the_last_of_the_network>);
static_assert(
    std::is_same_v<ProblemOf<ln::Net<Two>>,
                   ln::problem::layer<0, Two, ln::problem::inside<0>>::must_be_the_last_of_the_network>);
static_assert(
    std::is_same_v<ProblemOf<ln::Outputs<Two, ln::Dense<1>>>,
                   ln::problem::layer<0, Two, ln::problem::inside<0>>::must_be_the_last_of_the_network>);

TEST_CASE("outputs: each is that of a network with this head alone, of one sample and of many") {
    const Made made;
    const Model model{ln::seed{1}};
    std::vector<Model::Output> many(count);
    model.forward(made.inputs, many);
    const auto check = [&]<class Part, int I>() {
        Part part;
        copy_parameters<Part, I>(model, part);
        for (std::size_t i = 0; i < made.inputs.size(); ++i) {
            const Model::Output one = model.forward(made.inputs[i]);
            const auto expected = part.forward(made.inputs[i]);
            CHECK(difference(Model::head<I>(one), expected) < 1e-14);
            CHECK(difference(Model::head<I>(many[i]), expected) < 1e-14);
        }
    };
    check.operator()<OfValue, 0>();
    check.operator()<OfPolicy, 1>();
    check.operator()<OfTrunk, 2>();
}

TEST_CASE("outputs: softmax, argmax and top_k take a head") {
    Model::Output y{};
    Model::head<"policy">(y)(2, 1, 0) = 3;
    CHECK(ln::argmax(Model::head<1>(y)) == 14);
    CHECK(ln::softmax(Model::head<1>(y))(2, 1, 0) == doctest::Approx(std::exp(3) / (17 + std::exp(3))));
    CHECK(ln::top_k<2>(Model::head<1>(std::as_const(y)))[0].index == 14);
}

TEST_CASE("losses: loss and gradient are the sums of those of the heads, trained one by one") {
    const Made made;
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, losses, ln::SGD{}};
    const double loss = trainer.loss_and_gradient(made.samples(), all);
    Model rest;
    copy_to(trainer.gradients(), rest.parameters());
    const double expected = take_away<OfValue, 0>(model, made, rest) +
                            take_away<OfPolicy, 1>(model, made, rest) +
                            take_away<OfTrunk, 2>(model, made, rest);
    CHECK(std::abs(loss - expected) < 1e-13); // sums of some hundred terms near 1
    for (const double e : rest.parameters())
        CHECK(std::abs(e) < 1e-13);
    CHECK(std::abs(ln::evaluate(model, made.samples(), losses).loss - loss) < 1e-13);
}

TEST_CASE("losses: the gradient is that of differences, through all heads") {
    const Made made;
    Model model{ln::seed{2}};
    ln::Trainer trainer{model, losses, ln::SGD{}};
    (void)trainer.loss_and_gradient(made.samples(), all);
    const std::vector<double> gradient(trainer.gradients().begin(), trainer.gradients().end());
    int checked = 0;
    for (const ln::ModelTensor& t : Model::tensors)
        for (std::size_t i = t.offset; i < t.offset + t.size; ++i, ++checked) {
            double& e = model.parameters()[i];
            const double at = e, step = 1e-5;
            e = at + step;
            const double above = trainer.loss_and_gradient(made.samples(), all);
            e = at - step;
            const double below = trainer.loss_and_gradient(made.samples(), all);
            e = at;
            // The third derivative, of about 1, times the square of the step.
            CHECK(std::abs((above - below) / (2 * step) - gradient[i]) < 1e-8);
        }
    CHECK(checked == Model::parameter_count);
}

TEST_CASE("losses: accuracy and confusion are of the first head whose loss has classes") {
    const Made made;
    const Model model{ln::seed{1}};
    const ln::Metrics m = ln::evaluate(model, made.samples(), losses);
    CHECK(m.confusion.classes() == 18);
    int right = 0;
    for (std::size_t i = 0; i < made.inputs.size(); ++i) {
        const Model::Output y = model.forward(made.inputs[i]);
        const int actual = ln::argmax(Model::head<1>(made.targets[i])),
                  predicted = ln::argmax(Model::head<1>(y));
        right += actual == predicted ? 1 : 0;
        CHECK(m.confusion(actual, predicted) > 0);
    }
    CHECK(m.accuracy == doctest::Approx(right / double{count}));
    // Without classes there is none.
    const auto none = ln::evaluate(model, made.samples(),
                                   ln::Losses{ln::Huber{}, ln::MeanAbsoluteError{}, ln::MeanSquaredError{}});
    CHECK(std::isnan(none.accuracy));
    CHECK(none.confusion.classes() == 0);
    CHECK(std::isfinite(none.loss));
}

TEST_CASE("losses: a run goes on from a checkpoint with the same bits, not with other settings of a loss") {
    const Made made;
    const auto train = [&](Model& model, int steps, std::vector<std::byte>* saved, bool load,
                           const auto& with) {
        ln::Trainer trainer{model, with, ln::Adam{}};
        if (load)
            (void)ln::load_checkpoint(trainer, *saved);
        for (int i = 0; i < steps; ++i)
            trainer.step(made.samples(), all);
        if (saved != nullptr && !load)
            *saved = ln::save_checkpoint(trainer, {});
    };
    std::vector<std::byte> saved;
    Model whole{ln::seed{4}}, first{ln::seed{4}}, second;
    train(whole, 7, nullptr, false, losses);
    train(first, 3, &saved, false, losses);
    train(second, 4, &saved, true, losses);
    CHECK(std::equal(whole.parameters().begin(), whole.parameters().end(), second.parameters().begin()));
    CHECK_THROWS_WITH_AS(train(second, 1, &saved, true, losses.weighted(1, 1, 3)),
                         "checkpoint: the saved run had loss.1.factor 0.5, found 1", ln::format_error);
    auto other = losses;
    other.at<2>().delta = 1;
    CHECK_THROWS_WITH_AS(train(second, 1, &saved, true, other),
                         "checkpoint: the saved run had loss.2.delta 0.25, found 1", ln::format_error);
}

TEST_CASE("losses: the same bits for any number of threads") {
    const Made made;
    const auto trained = [&](int threads) {
        Model model{ln::seed{5}};
        ln::Trainer trainer{model, losses, ln::SGD{.learning_rate = 0.1}};
        ln::fit(trainer, made.samples(), {.epochs = 2, .batch = 13, .threads = threads, .progress = false});
        return std::vector<double>(model.parameters().begin(), model.parameters().end());
    };
    CHECK(trained(1) == trained(2));
}

TEST_CASE("outputs: heads have their names in files") {
    const Model model{ln::seed{6}};
    const std::string path = "outputs_test.safetensors";
    ln::save(model, path);
    Model loaded;
    ln::load(loaded, path);
    std::remove(path.c_str());
    CHECK(std::equal(model.parameters().begin(), model.parameters().end(), loaded.parameters().begin()));
    std::string names;
    for (const ln::ModelTensor& t : Model::tensors)
        names += std::string{std::string_view{t.name}} + " ";
    CHECK(names == "0.weight 0.bias 2.value.0.weight 2.value.0.bias 2.value.2.weight 2.value.2.bias "
                   "2.policy.weight 2.policy.bias ");
}

TEST_CASE("losses: a factor or a setting that makes no sense is refused") {
    const Made made;
    Model model{ln::seed{1}};
    const auto step = [&](const auto& with) {
        ln::Trainer trainer{model, with, ln::SGD{}};
        trainer.step(made.samples(), all);
    };
    CHECK_THROWS_WITH_AS(step(losses.weighted(1, -0.5, 1)),
                         "the factor of a loss must be at least 0 and finite, found -0.5",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(step(losses.weighted(1, 1, std::numeric_limits<double>::infinity())),
                         "the factor of a loss must be at least 0 and finite, found inf",
                         std::invalid_argument);
    auto other = losses;
    other.at<2>().delta = -1;
    CHECK_THROWS_WITH_AS(step(other), "Huber: delta must be above 0 and finite, found -1",
                         std::invalid_argument);
    step(losses.weighted(1, 0, 0)); // a head may be left out
}

TEST_CASE("losses: no step allocates") {
    const Made made;
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, losses, ln::SGD{}};
    const std::size_t before = laws::allocations();
    trainer.step(made.samples(), all);
    const Model::Output y = model.forward(made.inputs[0]);
    CHECK(std::isfinite(ln::softmax(Model::head<1>(y))[0]));
    CHECK(laws::allocations() == before);
}

namespace {

using oracle::outputs_run;

template <class T>
using Torch = ln::Model<
    ln::Net<ln::Conv<outputs_run.filters, 3>, ln::ReLU,
            ln::Outputs<ln::Conv<outputs_run.moves / 12, 1>,
                        ln::Net<ln::Dense<outputs_run.hidden>, ln::Tanh, ln::Dense<outputs_run.values>>>>,
    In, T>;

/// Calls f(view, name) for each tensor of such a model.
void for_each_tensor(auto& model, auto f) {
    f(model.template weight<0>(), "0.weight");
    f(model.template bias<0>(), "0.bias");
    f(model.template weight<2, 0>(), "2.0.weight");
    f(model.template bias<2, 0>(), "2.0.bias");
    f(model.template weight<2, 1, 0>(), "2.1.0.weight");
    f(model.template bias<2, 1, 0>(), "2.1.0.bias");
    f(model.template weight<2, 1, 2>(), "2.1.2.weight");
    f(model.template bias<2, 1, 2>(), "2.1.2.bias");
}

template <class T>
void check_torch(double within) {
    using M = Torch<T>;
    const oracle::References references{"outputs"};
    M model, gradient;
    int fan_in = 0;
    for_each_tensor(model, [&](auto view, const std::string& name) {
        using S = typename decltype(view)::shape;
        if (S::rank > 1)
            fan_in = S::size / S::extents[S::rank == 4 ? 3 : 0]; // a bias takes that of its weight
        const oracle::MadeNumbers start{"outputs/" + name};
        oracle::in_torch_order(view, [&](auto& e, std::size_t i) {
            e = static_cast<T>(oracle::weight_scale(fan_in) * start[i]);
        });
    });
    std::vector<typename M::Input> x(outputs_run.batch);
    std::vector<typename M::Output> t(outputs_run.batch);
    std::vector<std::uint32_t> indices;
    const oracle::MadeNumbers inputs{"outputs/x"}, moves{"outputs/moves"}, values{"outputs/values"};
    for (std::size_t s = 0; s < x.size(); ++s) {
        for (std::size_t i = 0; i < std::size_t{In::size}; ++i)
            x[s].data()[i] = static_cast<T>(inputs[s * std::size_t{In::size} + i]);
        M::template head<0>(t[s])[moves.byte(s) % outputs_run.moves] = 1;
        for (std::size_t i = 0; i < std::size_t{outputs_run.values}; ++i)
            M::template head<1>(t[s]).data()[i] =
                static_cast<T>(values[s * std::size_t{outputs_run.values} + i]);
        indices.push_back(static_cast<std::uint32_t>(s));
    }
    const auto check = [&](auto& found, const std::string& record) {
        for_each_tensor(found, [&](auto view, const std::string& name) {
            CAPTURE(record + name);
            const oracle::Reference& expected = references[record + name];
            REQUIRE(expected.values.size() == static_cast<std::size_t>(view.size));
            oracle::Difference difference;
            oracle::in_torch_order(view, [&](const auto& e, std::size_t i) {
                difference.add(static_cast<double>(e), expected.values[i]);
            });
            CHECK(difference.relative() <= within);
        });
    };
    const ln::data::Samples data{x, t};
    ln::Trainer trainer{
        model,
        ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}.weighted(1, outputs_run.value_factor),
        ln::SGD{.learning_rate = oracle::training_rate, .momentum = oracle::training_momentum}};
    oracle::Difference difference;
    const oracle::Reference& losses_of_steps = references["loss"];
    REQUIRE(losses_of_steps.values.size() == std::size_t{outputs_run.steps});
    for (std::size_t step = 0; step < losses_of_steps.values.size(); ++step) {
        difference.add(static_cast<double>(trainer.step(data, indices)), losses_of_steps.values[step]);
        if (step == 0) {
            copy_to(trainer.gradients(), gradient.parameters());
            check(gradient, "gradient/");
        }
    }
    CHECK(difference.relative() <= within);
    check(model, "final/");
}

} // namespace

TEST_CASE("outputs: twenty steps of a network with a policy and a value are PyTorch's") {
    check_torch<double>(
        1e-13); // rounding errors of sums over the batch, and of steps that build on each other
    check_torch<float>(1e-5);
}
