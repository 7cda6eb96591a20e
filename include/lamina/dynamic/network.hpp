// Network: a network whose topology is chosen at run time, the twin of Model.
#pragma once

#include <lamina/dynamic/activations.hpp>
#include <lamina/dynamic/conv.hpp>
#include <lamina/dynamic/dense.hpp>
#include <lamina/dynamic/pass.hpp>
#include <lamina/dynamic/pool.hpp>
#include <lamina/dynamic/reshape.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/math/random.hpp>
#include <lamina/model.hpp>
#include <lamina/parameters.hpp>
#include <lamina/topology/initialize.hpp>
#include <lamina/topology/summary.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// An array of numbers aligned to 64 bytes, as a model's parameters are.
class AlignedNumbers {
  public:
    AlignedNumbers() = default;
    /// At least `count` numbers, all zero.
    explicit AlignedNumbers(std::size_t count) : lines_((count + 15) / 16) {}

    [[nodiscard]] float* data() noexcept { return lines_.empty() ? nullptr : lines_.front().numbers; }
    [[nodiscard]] const float* data() const noexcept {
        return lines_.empty() ? nullptr : lines_.front().numbers;
    }

  private:
    struct alignas(64) Line {
        float numbers[16] = {};
    };
    std::vector<Line> lines_;
};

/// Loads samples into the lanes of x: the sample at `rows[i]` into lane i.
template <class S, class Convert>
void load_lanes(const S* const (&rows)[static_cast<std::size_t>(native_lanes<float>)], View<pack<float>> x,
                Convert convert) noexcept {
    kernels::has_effects();
    std::ptrdiff_t at = 0;
    for_runs(x, x, [&](pack<float>* run, pack<float>*, int count) {
        kernels::lanes_run<S, float>(rows, at, count, run, convert);
        at += count;
    });
}

/// A network whose topology is known only when the program runs:
///
///     Network net{{1, 28, 28}, {conv(16, 3), relu(), max_pool(2, 2), dense(10)}, seed{42}};
///
/// Layers, parameters, their layout and the computed numbers are those of a `Model` of the same topology. All
/// memory is allocated by the constructor. It holds its own workspace, so only one thread may use it at a
/// time.
class Network {
  public:
    using scalar = float;

    /// All parameters zero. Throws `shape_error` if a layer does not fit its input.
    Network(const dims& input, const std::vector<Description>& layers) {
        require_shape(input);
        if (layers.empty())
            raise(shape_error{"network_has_no_layers<Net<>>: a Net needs at least one layer"});
        dims shape = input;
        for (const Description& d : layers) {
            layers_.push_back(d.make(static_cast<int>(layers_.size()), shape));
            const Layer& l = *layers_.back();
            const auto extent = static_cast<long long>(extent_) + // which a std::size_t may not hold
                                static_cast<long long>(aligned(static_cast<std::size_t>(l.weight_size))) +
                                static_cast<long long>(aligned(static_cast<std::size_t>(l.bias_size)));
            Where{static_cast<int>(infos_.size()), l.name, shape}.expect(
                extent <= most_elements, problem_of("parameters", extent) + "::are_too_many",
                "a network can have at most 2,147,483,647 parameters");
            const std::size_t weight = extent_;
            extent_ = static_cast<std::size_t>(extent);
            for (const long long elements :
                 {Layout{l.input, l.input_halo}.elements(), Layout{l.output, l.gradient_halo}.elements()})
                Where{static_cast<int>(infos_.size()), l.name, shape}.expect(
                    elements <= most_elements,
                    problem_of("activations", elements) + problem_of("::are_more_than", most_elements),
                    "with the zeros around it, an image of this layer has more numbers than an int counts: "
                    "use smaller images or fewer channels");
            const auto weights = static_cast<std::size_t>(l.weight_size);
            places_.push_back({weight, weight + aligned(weights)});
            if (weights > 0)
                add_tensor("weight", weight, weights, weight + aligned(weights),
                           initial::drawn{l.fan_in, l.fan_out});
            if (weights > 0)
                set_shape_in_files(tensors_.back(), l);
            if (l.bias_size > 0)
                add_tensor("bias", weight + aligned(weights), static_cast<std::size_t>(l.bias_size), extent_,
                           initial::constant{0});
            infos_.push_back(
                {l.name,
                 {},
                 Text{} << static_cast<int>(infos_.size()),
                 l.input,
                 l.output,
                 l.weight_size + l.bias_size,
                 l.macs,
                 static_cast<long long>(l.output.size()) * static_cast<long long>(sizeof(float))});
            shape = l.output;
        }
        for (ModelTensor& t : tensors_)
            t.initial.rectifier = rectifier_after(static_cast<std::size_t>(t.layer));
        steps_ = steps_of(layers_, places_);
        parameters_ = AlignedNumbers{padded_extent()};
        pass_ = InferencePass<pack<float>>{steps_, input};
        one_ = InferencePass<float>{steps_, input};
        result_.resize(shape.size());
    }
    Network(const dims& input, const std::vector<Description>& layers, seed start) : Network{input, layers} {
        initialize(start);
    }

    [[nodiscard]] dims input() const noexcept { return infos_.front().input; }
    [[nodiscard]] dims output() const noexcept { return infos_.back().output; }
    /// Name, shapes, parameters, MACs and bytes of each layer.
    [[nodiscard]] std::span<const LayerInfo> layers() const noexcept { return infos_; }

    /// The layer that computes the outputs: the last one that does not only reshape.
    [[nodiscard]] const Layer& last_layer() const noexcept {
        std::size_t i = layers_.size() - 1;
        while (i > 0 && layers_[i]->only_reshapes)
            --i;
        return *layers_[i];
    }

    /// All parameters as one array, layer by layer: each weight and each bias begins at a multiple of 64
    /// bytes, and the padding between them is zero.
    [[nodiscard]] std::span<float> parameters() noexcept { return {parameters_.data(), extent_}; }
    [[nodiscard]] std::span<const float> parameters() const noexcept { return {parameters_.data(), extent_}; }

    /// The same, as `Model::numbers`: no layer here has tensors that are kept.
    [[nodiscard]] std::span<float> numbers() noexcept { return parameters(); }
    [[nodiscard]] std::span<const float> numbers() const noexcept { return parameters(); }
    [[nodiscard]] int parameter_extent() const noexcept { return static_cast<int>(extent_); }
    [[nodiscard]] int extent() const noexcept { return static_cast<int>(extent_); }
    /// Whether a step needs the whole batch: no layer here does.
    [[nodiscard]] bool needs_whole_batch() const noexcept { return false; }

    /// Draws the weights as a `Model` does, with the same bits, and sets the biases to zero.
    void initialize(seed start) noexcept {
        topology::initialize(parameters_.data(), extent_, tensors(), start);
    }

    /// The weight of layer `i`: in,K,K,out for a convolution, out,in for a dense layer; and its bias. A layer
    /// without parameters gives an empty span. Throws `std::out_of_range` if there is no layer `i`.
    [[nodiscard]] std::span<float> weight(std::size_t i) {
        require_layer("weight", i);
        return parameters().subspan(places_[i].weight, static_cast<std::size_t>(layers_[i]->weight_size));
    }
    [[nodiscard]] std::span<float> bias(std::size_t i) {
        require_layer("bias", i);
        return parameters().subspan(places_[i].bias, static_cast<std::size_t>(layers_[i]->bias_size));
    }

    /// The output for one sample. The result is valid until the next call.
    [[nodiscard]] std::span<const float> forward(std::span<const float> x) {
        forward(x, result_);
        return result_;
    }
    /// The outputs for all samples in `x`, which holds them one after another. Throws `data_error` unless x
    /// holds whole samples and y has exactly the size of their outputs. y must not overlap x, unless each
    /// output exactly replaces its own sample or there is only one.
    void forward(std::span<const float> x, std::span<float> y) {
        kernels::has_effects();
        const std::size_t in = input().size(), out = output().size(), samples = x.size() / in;
        if (x.size() != samples * in || y.size() != samples * out)
            raise(data_error{"forward: expected samples of " + std::to_string(in) +
                             " numbers and as many results of " + std::to_string(out) + ", found " +
                             std::to_string(x.size()) + " and " + std::to_string(y.size()) + " numbers"});
        if (samples == 1) {
            forward_one(x.data(), y.data());
            return;
        }
        require_apart(x.data(), in * sizeof(float), y.data(), out * sizeof(float), samples);
        constexpr std::size_t lanes = native_lanes<float>;
        for (std::size_t first = 0; first < samples; first += lanes) {
            const std::size_t count = samples - first < lanes ? samples - first : lanes;
            const float* rows[lanes];
            for (std::size_t r = 0; r < lanes; ++r)
                rows[r] = x.data() + (first + (r < count ? r : 0)) * in;
            load_lanes(rows, pass_.input(), [](auto v) { return pack<float>{v}; });
            pass_.forward(steps_, parameters_.data());
            const View<pack<float>> result = pass_.output();
            for (std::size_t r = 0; r < count; ++r)
                for (std::size_t i = 0; i < out; ++i)
                    y[(first + r) * out + i] = result[static_cast<int>(i)][static_cast<int>(r)];
        }
    }

    /// For trainers: the steps of a pass, the positions of the parameters, and their number in whole blocks.
    [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
    [[nodiscard]] ModelTensors tensors() const noexcept { return ModelTensors{tensors_}; }
    static constexpr std::size_t block = 256;
    [[nodiscard]] std::size_t padded_extent() const noexcept { return (extent_ + block - 1) / block * block; }

  private:
    void add_tensor(const char* name, std::size_t offset, std::size_t size, std::size_t end, Initial start) {
        ModelTensor tensor;
        tensor.layer = static_cast<int>(infos_.size());
        tensor.name << tensor.layer << "." << name;
        tensor.shape = dims{static_cast<int>(size)};
        tensor.offset = offset;
        tensor.size = size;
        tensor.end = end;
        tensor.initial = start;
        tensor.is_weight = start.is_drawn;
        tensors_.push_back(tensor);
    }
    /// [out,in,K,K] of a convolution, whose outputs are last in memory, and [out,in] of a dense layer.
    static void set_shape_in_files(ModelTensor& weight, const Layer& layer) noexcept {
        const int outputs = layer.bias_size, size = layer.weight_size;
        weight.shape = dims{outputs, size / outputs};
        if (layer.output.rank != 3)
            return;
        int kernel = 1;
        while (kernel * kernel * layer.input[0] * outputs < size)
            ++kernel;
        weight.shape = dims{outputs, layer.input[0], kernel, kernel};
        weight.columns = static_cast<std::size_t>(outputs);
    }
    void require_layer(const char* what, std::size_t i) const {
        if (i >= layers_.size())
            raise(std::out_of_range{std::string{what} + ": expected a layer below " +
                                    std::to_string(layers_.size()) + ", found layer " + std::to_string(i)});
    }
    void forward_one(const float* x, float* y) noexcept {
        kernels::has_effects();
        for_runs(one_.input(), one_.input(), [&x](float* run, float*, int count) {
            std::copy(x, x + count, run);
            x += count;
        });
        one_.forward(steps_, parameters_.data());
        const View<float> result = one_.output();
        std::copy(result.data(), result.data() + result.size, y);
    }

    /// Number of elements from the start of one parameter to the earliest start of the next.
    [[nodiscard]] static std::size_t aligned(std::size_t elements) noexcept {
        constexpr std::size_t step = topology::parameter_alignment / sizeof(float);
        return (elements + step - 1) / step * step;
    }
    /// As `topology::rectifier_after`.
    [[nodiscard]] double rectifier_after(std::size_t i) const noexcept {
        for (std::size_t k = i + 1; k < layers_.size(); ++k) {
            const Layer& next = *layers_[k];
            if (next.is_pool || next.only_reshapes)
                continue;
            if (const Activation* activation = next.as_activation())
                return activation->negative_slope();
            return -1;
        }
        return -1;
    }

    Layers layers_;
    std::vector<LayerInfo> infos_;
    std::vector<LayerPlace> places_;
    std::vector<ModelTensor> tensors_;
    std::size_t extent_ = 0;
    std::vector<Step> steps_;
    AlignedNumbers parameters_;
    InferencePass<pack<float>> pass_;
    InferencePass<float> one_;
    std::vector<float> result_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
