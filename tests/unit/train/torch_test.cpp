// Whole networks trained beside PyTorch: the loss of every step, the first gradient and the final parameters.
#include <lamina/core.hpp>
#include <lamina/data/images.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"
#include "oracle/torch_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

using namespace lamina;
using namespace oracle;

namespace {

using Card = Net<Conv<16, 3>, LeakyReLU<>, MaxPool<2, 2>, Dense<10>>;
using LeNet5 = Net<Conv<6, 5, 1, 2>, Tanh, AvgPool<2, 2>, Conv<16, 5>, Tanh, AvgPool<2, 2>, Flatten,
                   Dense<120>, Tanh, Dense<84>, Tanh, Dense<10>>;
using VGG = Net<Conv<8, 3, 1, 1>, ReLU, Conv<8, 3, 1, 1>, ReLU, MaxPool<2, 2>, Conv<16, 3, 1, 1>, ReLU,
                MaxPool<2, 2>, Dense<10>>;

using Norms = Net<Conv<6, 3>, BatchNorm<>, ReLU, MaxPool<2, 2>, Conv<8, 3>, BatchNorm<>, ReLU, LayerNorm,
                  Flatten, Dense<12>, BatchNorm<>, Tanh, Dense<10>>;

// Relative to the largest number of a tensor: the rounding errors of sums over a batch and all pixels, and,
// of what comes after the first step, of up to twenty steps that build on each other.
struct Tolerance {
    double gradient, loss, parameters;
};
template <class T>
constexpr Tolerance tolerance = sizeof(T) == 8 ? Tolerance{1e-13, 1e-13, 1e-13} : Tolerance{1e-5, 1e-5, 1e-5};

const References& references() {
    static const References all{"training"};
    return all;
}

/// Whether layer `I` normalises: its weight begins near 1.
template <class Model, int I>
constexpr bool is_norm = // (g++ 12 with sanitizers does not call a find a constant)
    Model::layers[I].name.starts_with("BatchNorm") || Model::layers[I].name == "LayerNorm";

// Calls f(view, "weight k", is_norm) and f(view, "bias k", is_norm) for the k-th layer of the model that has
// any.
template <class Model, class F>
void for_each_parameter(Model& model, F f) {
    int k = 0;
    const auto visit = [&]<int I>() {
        if constexpr (Model::layers[I].parameters > 0) {
            f(model.template weight<I>(), "weight " + std::to_string(k), is_norm<Model, I>);
            f(model.template bias<I>(), "bias " + std::to_string(k), is_norm<Model, I>);
            ++k;
        }
    };
    [&]<int... I>(std::integer_sequence<int, I...>) {
        (visit.template operator()<I>(), ...);
    }
    (std::make_integer_sequence<int, static_cast<int>(Model::layers.size())>{});
}

template <class Model>
void start(Model& model, const TrainingRun& run) {
    int fan_in = 0;
    for_each_parameter(model, [&](auto view, const std::string& which, bool norm) {
        using S = typename decltype(view)::shape;
        if (S::rank > 1 && !norm)
            fan_in = S::size / S::extents[S::rank == 4 ? 3 : 0]; // a bias takes that of its weight
        const MadeNumbers values{std::string(run.net) + '/' + which};
        const bool is_weight = which.starts_with("weight");
        in_torch_order(view, [&](auto& e, std::size_t i) {
            e = static_cast<typename Model::scalar>(norm ? (is_weight ? 1 : 0) + 0.5 * values[i]
                                                         : weight_scale(fan_in) * values[i]);
        });
    });
}

template <class Model>
void check_parameters(Model& found, const std::string& record, double within, double least = 0) {
    for_each_parameter(found, [&](auto view, const std::string& which, bool) {
        CAPTURE(record + which);
        const Reference& expected = references()[record + which];
        const std::size_t stride = sample_stride(static_cast<std::size_t>(view.size));
        REQUIRE(expected.values.size() == (static_cast<std::size_t>(view.size) + stride - 1) / stride);
        Difference difference;
        in_torch_order(view, [&](const auto& e, std::size_t i) {
            if (i % stride == 0)
                difference.add(static_cast<double>(e), expected.values[i / stride]);
        });
        CHECK(difference.relative(std::max(least, std::numeric_limits<double>::min())) <= within);
    });
}

/// Running means and variances, which have the number of their layer's parameters.
template <class Model>
void check_kept(const Model& found, const std::string& record, double within) {
    for (const ModelTensor& t : Model::tensors) {
        if (t.lifetime != Lifetime::kept)
            continue;
        int k = 0;
        for (int layer = 0; layer < t.layer; ++layer)
            k += Model::layers[static_cast<std::size_t>(layer)].parameters > 0 ? 1 : 0;
        const std::string name{std::string_view{t.name}};
        const std::string which = name.substr(name.find('.') + 1) + ' ' + std::to_string(k);
        CAPTURE(record + which);
        const Reference& expected = references()[record + which];
        REQUIRE(expected.values.size() == t.size);
        Difference difference;
        for (std::size_t i = 0; i < t.size; ++i)
            difference.add(static_cast<double>(found.numbers()[t.offset + i]), expected.values[i]);
        CHECK(difference.relative() <= within);
    }
}

data::Images batch(const TrainingRun& run) {
    const MadeNumbers pixel{std::string(run.net) + "/pixels"}, label{std::string(run.net) + "/labels"};
    const dims shape{run.input.channels, run.input.height, run.input.width};
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(run.batch) * shape.size());
    std::vector<std::uint8_t> labels(static_cast<std::size_t>(run.batch));
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = pixel.byte(i);
    for (std::size_t i = 0; i < labels.size(); ++i)
        labels[i] = static_cast<std::uint8_t>(label.byte(i) % training_classes);
    return {run.net, shape, std::move(pixels), std::move(labels)};
}

template <class Topology, const TrainingRun& Run, class T>
void check_training_in() {
    CAPTURE(sizeof(T));
    using M = Model<Topology, Shape<Run.input.channels, Run.input.height, Run.input.width>, T>;
    using Optimizer = std::conditional_t<Run.adamw, AdamW, SGD>;
    const auto memory = std::make_unique<TrainingMemory<M, Optimizer, Run.batch>>();
    const auto model = std::make_unique<M>(), gradient = std::make_unique<M>();
    start(*model, Run);
    constexpr double rate = Run.adamw ? adamw_rate : training_rate;
    Optimizer optimizer{.learning_rate = rate};
    if constexpr (!Run.adamw)
        optimizer.momentum = training_momentum;
    Trainer trainer{*model, SoftmaxCrossEntropy{}, optimizer, *memory};
    const data::Images images = batch(Run);
    std::vector<std::uint32_t> indices(images.size());
    std::iota(indices.begin(), indices.end(), std::uint32_t{0});

    const Reference& losses = references()[name(Run) + "/loss"];
    REQUIRE(losses.values.size() == std::size_t{Run.steps});
    Difference difference;
    for (std::size_t step = 0; step < losses.values.size(); ++step) {
        const int t = static_cast<int>(step);
        if (t == Run.freeze_at && Run.unfreeze_at > 0)
            trainer.template freeze<0>();
        if (t == Run.unfreeze_at && Run.unfreeze_at > 0)
            trainer.unfreeze("0");
        const T loss = Run.clip_norm > 0 ? trainer.step(images, indices, rate, Run.l2, Run.clip_norm)
                                         : trainer.step(images, indices, rate, Run.l2);
        difference.add(static_cast<double>(loss), losses.values[step]);

        if (step == 0) {
            std::copy(trainer.gradients().begin(), trainer.gradients().end(), gradient->parameters().begin());
            // The bias of a layer before a batch norm has no effect: its gradient is but rounding errors.
            check_parameters(*gradient, name(Run) + "/gradient/", tolerance<T>.gradient,
                             NeedsWholeBatch<M> ? 0.01 : 0);
        }
    }
    CHECK(difference.relative() <= tolerance<T>.loss);
    check_parameters(*model, name(Run) + "/final/", tolerance<T>.parameters);
    check_kept(*model, name(Run) + "/final/", tolerance<T>.parameters);
}

template <class Topology, const TrainingRun& Run>
void check_training() {
    CAPTURE(name(Run));
    check_training_in<Topology, Run, double>();
    check_training_in<Topology, Run, float>();
}

} // namespace

TEST_CASE("Training: twenty steps of a small convolutional network are PyTorch's") {
    check_training<Card, card_64>();
    check_training<Card, card_23>();
}

TEST_CASE("Training: steps with an L2 penalty on the weights are PyTorch's") {
    check_training<Card, card_l2>();
}

TEST_CASE("Training: steps along a clipped gradient, penalty included, are PyTorch's") {
    check_training<Card, card_clip>();
    check_training<Card, card_unclipped>();
}

TEST_CASE("Training: steps with a layer that is frozen for a while are PyTorch's, with momentum and AdamW") {
    check_training<Card, card_frozen>();
    check_training<Card, card_adamw>();
}

TEST_CASE("Training: twenty steps of LeNet-5 are PyTorch's") {
    check_training<LeNet5, lenet5_64>();
    check_training<LeNet5, lenet5_23>();
}

TEST_CASE("Training: steps of a network with padded convolutions and ReLU are PyTorch's") {
    check_training<VGG, vgg_19>();
}

TEST_CASE("Training: twenty steps of a network with batch norm and layer norm are PyTorch's, running "
          "statistics too") {
    check_training<Norms, norms_64>();
    check_training<Norms, norms_23>();
}
