// Networks that branch trained beside PyTorch, tensor by tensor under the same names: the loss of every step,
// the first gradient, the final parameters and running statistics.
#include <lamina/core.hpp>
#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>

#include "oracle/branch_networks.hpp"
#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace lamina;
using namespace oracle;

namespace {

const References& references() {
    static const References all{"branches"};
    return all;
}

/// Calls f(number, place) with the numbers of a tensor, in PyTorch's order: outputs first, which memory may
/// have last.
template <class Numbers>
void in_torch_order(const ModelTensor& t, Numbers numbers, auto f) {
    const std::size_t columns = t.columns > 0 ? t.columns : 1, rows = t.size / columns;
    for (std::size_t i = 0; i < t.size; ++i)
        f(numbers[t.offset + (i % rows) * columns + i / rows], i);
}
[[nodiscard]] std::string name_of(const ModelTensor& t) {
    return std::string{std::string_view{t.name}};
}

template <class Model>
void start(Model& model, const TrainingRun& run) {
    for (const ModelTensor& t : Model::tensors) {
        if (t.lifetime != Lifetime::trained)
            continue;
        const bool is_norm = t.is_weight && t.shape.rank == 1;
        const int fan_in = static_cast<int>(t.size) / t.shape[0];
        const double scale = !t.is_weight ? 0.1 : is_norm ? 0.5 : weight_scale(fan_in);
        const MadeNumbers values{std::string(run.net) + '/' + name_of(t)};
        in_torch_order(t, model.parameters(), [&](auto& e, std::size_t i) {
            e = static_cast<typename Model::scalar>((is_norm ? 1 : 0) + scale * values[i]);
        });
    }
}

template <class Model, class T>
void check(std::span<const T> numbers, Lifetime of, const std::string& record, double within) {
    for (const ModelTensor& t : Model::tensors) {
        if (t.lifetime != of)
            continue;
        CAPTURE(record + name_of(t));
        const Reference& expected = references()[record + name_of(t)];
        const std::size_t stride = sample_stride(t.size);
        REQUIRE(expected.values.size() == (t.size + stride - 1) / stride);
        Difference difference;
        in_torch_order(t, numbers, [&](const auto& e, std::size_t i) {
            if (i % stride == 0)
                difference.add(static_cast<double>(e), expected.values[i / stride]);
        });
        // The bias of a layer before a batch norm has no effect: its gradient is but rounding errors.
        const auto next = static_cast<std::size_t>(t.layer) + 1;
        const bool has_no_effect =
            !t.is_weight && next < Model::layers.size() && Model::layers[next].name.starts_with("BatchNorm");
        CHECK(difference.relative(has_no_effect ? 1 : 1e-300) <= within);
    }
}

data::Images batch(const TrainingRun& run) {
    const MadeNumbers pixel{std::string(run.net) + "/pixels"}, label{std::string(run.net) + "/labels"};
    const auto [channels, height, width] = run.input;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(run.batch * channels * height * width)), labels;
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = pixel.byte(i);
    for (std::size_t i = 0; i < static_cast<std::size_t>(run.batch); ++i)
        labels.push_back(static_cast<std::uint8_t>(label.byte(i) % training_classes));
    return {run.net, {channels, height, width}, pixels, labels};
}

/// A step of training with the batch: on sequences of images as samples of them.
template <class M>
double step_of(const TrainingRun& run, auto& trainer, const data::Images& images,
               std::span<const std::uint32_t> indices) {
    if constexpr (SequenceShape<typename M::input_shape>) {
        std::vector<typename M::Input> inputs(images.size());
        std::vector<int> labels(images.size());
        const MadeNumbers pixel{std::string(run.net) + "/pixels"};
        std::size_t at = 0;
        for (std::size_t n = 0; n < inputs.size(); ++n) {
            labels[n] = images.label(n);
            for (int i = 0; i < M::Input::size; ++i)
                inputs[n][i] = static_cast<typename M::scalar>(pixel.byte(at++)) / 255;
        }
        return static_cast<double>(trainer.step(data::Samples{inputs, labels}, indices));
    } else {
        return static_cast<double>(trainer.step(images, indices));
    }
}

// Tolerances as those of networks without branches, see torch_test.cpp. Each batch norm of a deep network
// makes rounding errors larger: `in_double` may say so.
template <class Topology, class T, class In = Shape<1, 12, 12>>
void check_training(const TrainingRun& run, double in_double = 1e-13) {
    CAPTURE(name(run));
    CAPTURE(sizeof(T));
    using M = BranchModel<Topology, T, In>;
    const double within = sizeof(T) == 8 ? in_double : 1e-5;
    const auto memory = std::make_unique<TrainingMemory<M, SGD, 64>>();
    const auto model = std::make_unique<M>();
    start(*model, run);
    Trainer trainer{*model, SoftmaxCrossEntropy{},
                    SGD{.learning_rate = training_rate, .momentum = training_momentum}, *memory};
    const data::Images images = batch(run);
    std::vector<std::uint32_t> indices(images.size());
    std::iota(indices.begin(), indices.end(), std::uint32_t{0});
    const Reference& losses = references()[name(run) + "/loss"];
    REQUIRE(losses.values.size() == static_cast<std::size_t>(run.steps));
    Difference difference;
    for (std::size_t step = 0; step < losses.values.size(); ++step) {
        difference.add(step_of<M>(run, trainer, images, indices), losses.values[step]);
        if (step == 0)
            check<M>(std::span<const T>{trainer.gradients()}, Lifetime::trained, name(run) + "/gradient/",
                     within);
    }
    CHECK(difference.relative() <= within);
    const std::span<const T> numbers{model->numbers()};
    check<M>(numbers, Lifetime::trained, name(run) + "/final/", within);
    check<M>(numbers, Lifetime::kept, name(run) + "/final/", within);
}

} // namespace

TEST_CASE("Training: twenty steps of residual blocks with batch norm are PyTorch's") {
    for (const TrainingRun& run : {resnet_40, resnet_23}) {
        check_training<ResNet, double>(run);
        check_training<ResNet, float>(run);
    }
}

TEST_CASE("Training: twenty steps of a network with a concat are PyTorch's") {
    for (const TrainingRun& run : {concat_64, concat_23}) {
        check_training<Inception, double>(run);
        check_training<Inception, float>(run);
    }
}

TEST_CASE(
    "Training: twenty steps of ResNet-8 are PyTorch's, with padding of one side and shortcuts of one pixel") {
    for (const TrainingRun& run : {resnet8_40, resnet8_23}) {
        check_training<ResNet8, double, Shape<3, 16, 16>>(run);
        check_training<ResNet8, float, Shape<3, 16, 16>>(run);
    }
}

TEST_CASE("Training: twenty steps of DS-CNN are PyTorch's, with the same masks of dropout") {
    for (const TrainingRun& run : {ds_cnn_40, ds_cnn_23})
        check_training<DsCnn<ReLU>, double, Shape<1, 17, 6>>(run, 1e-12); // nine batch norms
    check_training<DsCnn<Tanh>, float, Shape<1, 17, 6>>(ds_cnn_tanh_23);
}

TEST_CASE("Training: twenty steps by Winograd's algorithm are PyTorch's") {
    using Wide = Net<Conv<16, 3, 1, 1>, Tanh, Conv<24, 3, 1, 1>, Tanh, MaxPool<2, 2>, Conv<16, 3, 1, 1>, Tanh,
                     Flatten, Dense<10>>;
    using M = Model<Wide, Shape<3, 12, 12>>;
    if (native_lanes<float> >= 4) {
        CHECK(topology::uses_scratch<M::plan::Training::at<1>::placed>);
        CHECK(topology::uses_scratch<M::plan::Training::at<2>::placed>);
    }
    check_training<Wide, double, Shape<3, 12, 12>>(wide_23);
    check_training<Wide, float, Shape<3, 12, 12>>(wide_23);
    check_training<Exact<Wide>, float, Shape<3, 12, 12>>(wide_23);
}

TEST_CASE("Training: twenty steps of a network on sequences of images are PyTorch's") {
    check_training<Frames, double, FramesIn>(frames_23);
    check_training<Frames, float, FramesIn>(frames_23);
}
