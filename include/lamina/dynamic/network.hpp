// Network: a network whose topology is chosen at run time, the twin of Model.
#pragma once

#include <lamina/dynamic/inference_pass.hpp>
#include <lamina/dynamic/make_layer.hpp>
#include <lamina/dynamic/parse.hpp>
#include <lamina/dynamic/structure.hpp>
#include <lamina/dynamic/training_pass.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/math/random.hpp>
#include <lamina/model.hpp>
#include <lamina/topology/fingerprint.hpp>
#include <lamina/topology/initialize.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

/// A network whose topology is known only when the program runs, and then said as files say it:
///
///     Network net{"1x28x28 Conv<16,3> ReLU MaxPool<2,2> Dense<10>", seed{42}};
///     Network block{"16x8x8 Conv<16,3,1,1> BatchNorm<> Sum(x,1) ReLU", seed{42}};
///
/// First the shape of the input, then each layer, which reads the one before it, or those of these numbers
/// (from 0; x is the input). Layers, parameters, their layout and the computed numbers are those of a `Model`
/// of the same topology. All memory is allocated by the constructor. It holds its own workspace, so only one
/// thread may use it at a time.
class Network {
  public:
    using scalar = float;

    /// All parameters zero. Throws `shape_error` if a layer does not fit its input, or is not known.
    explicit Network(std::string_view topology) : Network{topology, {}, LayerMaker<>{}} {}
    Network(std::string_view topology, seed start) : Network{topology} { initialize(start); }
    /// With layers whose tensors have these names in files, in place of their numbers.
    Network(std::string_view topology, std::span<const std::string> paths)
        : Network{topology, paths, LayerMaker<>{}} {}
    /// The same with layers of one's own, which the text says by their `name`: `Network::with<Swish>(text)`.
    template <class... MyLayers>
    [[nodiscard]] static Network with(std::string_view topology, std::span<const std::string> paths = {}) {
        return {topology, paths, LayerMaker<MyLayers...>{}};
    }
    Network(std::string_view topology, std::span<const std::string> paths, auto make)
        : Network{parse(topology), paths, make} {}
    /// `make(text, index, inputs)` gives each layer.
    Network(const TopologyText& topology, std::span<const std::string> paths, auto make)
        : s_{std::make_shared<const Structure>(topology, make, paths)}, numbers_{padded_extent()}, pass_{*s_},
          one_{*s_}, result_(output().size()) {}

    [[nodiscard]] dims input() const noexcept { return s_->input; }
    [[nodiscard]] dims output() const noexcept { return s_->infos.back().output; }
    /// Name, shapes, parameters, MACs and bytes of each layer.
    [[nodiscard]] std::span<const LayerInfo> layers() const noexcept { return s_->infos; }
    /// The layer that computes the outputs: the last one that does not only reshape.
    [[nodiscard]] const LayerInfo& last_layer(int head = 0) const noexcept {
        return layers()[as_size(s_->last_layers[as_size(head)])];
    }
    /// Name, shape and position of each output, as `Model::heads`: one unless the network ends in `Outputs`.
    [[nodiscard]] std::span<const HeadInfo> heads() const noexcept { return s_->heads; }
    /// One of the outputs, in a view of all.
    template <class E>
    [[nodiscard]] View<E> head(int i, const View<E>& y) const noexcept {
        const HeadInfo& own = s_->heads[as_size(i)];
        return {y.data() + own.offset, Layout<AnyShape>{own.shape}};
    }
    /// What the constructor takes.
    [[nodiscard]] std::string topology() const {
        std::string text;
        topology::spell(input(), layers(), layers().size(), [&](std::string_view part) { text += part; });
        return text;
    }

    /// All tensors, as `Model::tensors`: the trained ones in the order of the layers, then those that are
    /// kept.
    [[nodiscard]] ModelTensors tensors() const noexcept { return ModelTensors{s_->tensors}; }
    /// Their numbers as one array: each begins at a multiple of 64 bytes, and the padding between them is
    /// zero.
    [[nodiscard]] std::span<float> numbers() noexcept { return {numbers_.data(), as_size(extent())}; }
    [[nodiscard]] std::span<const float> numbers() const noexcept {
        return {numbers_.data(), as_size(extent())};
    }
    /// Those that are trained, which come first.
    [[nodiscard]] std::span<float> parameters() noexcept {
        return {numbers_.data(), as_size(parameter_extent())};
    }
    [[nodiscard]] std::span<const float> parameters() const noexcept {
        return {numbers_.data(), as_size(parameter_extent())};
    }
    [[nodiscard]] int parameter_extent() const noexcept { return s_->parameter_extent; }
    [[nodiscard]] int extent() const noexcept { return s_->extent; }
    /// The numbers of a tensor by its name in files, such as "0.weight", in their order in memory. Throws
    /// `std::invalid_argument` if there is none of that name.
    [[nodiscard]] std::span<float> tensor(std::string_view name) {
        std::string known;
        for (const ModelTensor& t : tensors()) {
            if (std::string_view{t.name} == name)
                return numbers().subspan(t.offset, t.size);
            known.append(known.empty() ? "" : ", ").append(t.name);
        }
        raise(std::invalid_argument{"tensor: expected one of " + (known.empty() ? "none" : known) +
                                    ", found \"" + std::string{name} + "\""});
    }

    /// Draws the weights as a `Model` does, with the same bits; all else begins as its layer says.
    void initialize(seed start) noexcept {
        topology::initialize(numbers_.data(), as_size(extent()), tensors(), start);
    }
    /// Whether a step needs the whole batch, as with a BatchNorm.
    [[nodiscard]] bool needs_whole_batch() const noexcept { return s_->table.gathering() > 0; }

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
            one_.answer(*s_, numbers_.data(), x.data(), y.data());
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
            pass_.forward(*s_, numbers_.data());
            const View<pack<float>> result = pass_.output(*s_);
            for (std::size_t r = 0; r < count; ++r)
                for (std::size_t i = 0; i < out; ++i)
                    y[(first + r) * out + i] = result[static_cast<std::ptrdiff_t>(i)][static_cast<int>(r)];
        }
    }

    [[nodiscard]] const Structure& structure() const noexcept { return *s_; }
    /// For trainers: a pass over one pack of samples.
    [[nodiscard]] TrainingPass training_pass() const { return TrainingPass{s_}; }
    /// The number of floats behind which the array of numbers ends.
    static constexpr std::size_t block = 256;
    [[nodiscard]] std::size_t padded_extent() const noexcept {
        return (as_size(extent()) + block - 1) / block * block;
    }

  private:
    std::shared_ptr<const Structure> s_;
    AlignedNumbers numbers_;
    InferencePass<pack<float>> pass_;
    InferencePass<float> one_;
    std::vector<float> result_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
