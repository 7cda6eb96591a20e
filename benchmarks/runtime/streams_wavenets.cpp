// The WaveNets of Neural Amp Modeler as streams, beside plain loops.
#include "streams.hpp"

#include <amp/wavenet.hpp>

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

/// A causal convolution of one step: y = b + sum over taps and inputs of W x. The sums of all outputs go side
/// by side, which a compiler makes vectors of.
class PlainConv {
    std::size_t outputs_ = 0, inputs_ = 0, kernel_ = 0, dilation_ = 0, now_ = 0;
    std::vector<float> weight_, bias_, past_; // [taps][inputs][outputs]; [steps][inputs], a ring

  public:
    PlainConv(const auto& take, std::size_t outputs, std::size_t inputs, std::size_t kernel,
              std::size_t dilation, bool has_bias)
        : outputs_{outputs}, inputs_{inputs}, kernel_{kernel}, dilation_{dilation},
          weight_(outputs * inputs * kernel), bias_(outputs), past_(((kernel - 1) * dilation + 1) * inputs) {
        for (std::size_t o = 0; o < outputs; ++o) // files have outputs, inputs, taps
            for (std::size_t c = 0; c < inputs; ++c)
                for (std::size_t k = 0; k < kernel; ++k)
                    weight_[(k * inputs + c) * outputs + o] = take();
        for (float& b : bias_)
            b = has_bias ? take() : 0;
    }
    void operator()(const float* x, float* y) {
        const std::size_t steps = past_.size() / inputs_;
        std::copy_n(x, inputs_, past_.data() + now_ * inputs_);
        std::copy_n(bias_.data(), outputs_, y);
        const float* w = weight_.data();
        for (std::size_t k = 0; k < kernel_; ++k) {
            const std::size_t step = now_ + 1 + k * dilation_; // the oldest lies behind the newest
            const float* in = past_.data() + (step < steps ? step : step - steps) * inputs_;
            for (std::size_t c = 0; c < inputs_; ++c, w += outputs_)
                for (std::size_t o = 0; o < outputs_; ++o)
                    y[o] += w[o] * in[c];
        }
        now_ = now_ + 1 < steps ? now_ + 1 : 0;
    }
};

/// Kernel and dilation of each layer.
using Convs = std::vector<std::pair<std::size_t, std::size_t>>;
/// What amp::Array says, in numbers.
struct PlainSizes {
    std::size_t channels;
    Convs convs;
    std::size_t head_outputs, head_kernel;
    bool head_has_bias;
};

template <class Net>
class PlainWaveNet {
    struct Layer {
        PlainConv conv, of_input;
        std::optional<PlainConv> residual; // the last layer of all has none
    };
    struct Array {
        std::size_t channels, head_outputs;
        PlainConv first, head;
        std::vector<Layer> layers;
    };
    std::vector<Array> arrays_;
    bool is_leaky_;
    float scale_;

  public:
    PlainWaveNet(const OnSound<Net>& model, const std::vector<PlainSizes>& sizes, bool is_leaky, float scale)
        : is_leaky_{is_leaky}, scale_{scale} {
        std::vector<float> numbers;
        for (const ln::ModelTensor& t : OnSound<Net>::tensors)
            for (std::size_t i = 0; i < t.size; ++i)
                numbers.push_back(model.numbers()[t.place(i)]);
        std::size_t next = 0;
        const auto take = [&] { return numbers.at(next++); };
        std::size_t inputs = 1;
        for (const PlainSizes& s : sizes) {
            const std::size_t C = s.channels;
            PlainConv first{take, C, inputs, 1, 1, false};
            std::vector<Layer> layers;
            for (const auto& [kernel, dilation] : s.convs) {
                PlainConv conv{take, C, C, kernel, dilation, true}, of_input{take, C, 1, 1, 1, false};
                std::optional<PlainConv> residual;
                if (&s != &sizes.back() || layers.size() + 1 < s.convs.size())
                    residual.emplace(take, C, C, 1, 1, true);
                layers.push_back({std::move(conv), std::move(of_input), std::move(residual)});
            }
            PlainConv head{take, s.head_outputs, C, s.head_kernel, 1, s.head_has_bias};
            arrays_.push_back({C, s.head_outputs, std::move(first), std::move(head), std::move(layers)});
            inputs = C;
        }
        if (next != numbers.size())
            throw std::logic_error{"plain loops do not take all numbers"};
    }

    float operator()(float sound) {
        constexpr std::size_t most = 16;
        float x[most] = {sound}, head[most] = {}, z[most], more[most];
        for (Array& array : arrays_) {
            const std::size_t C = array.channels;
            array.first(x, more);
            std::copy_n(more, C, x);
            for (Layer& layer : array.layers) {
                layer.conv(x, z);
                layer.of_input(&sound, more);
                for (std::size_t c = 0; c < C; ++c) {
                    const float sum = z[c] + more[c];
                    z[c] = is_leaky_ ? (sum > 0 ? sum : 0.01F * sum) : std::tanh(sum);
                    head[c] += z[c];
                }
                if (layer.residual) {
                    (*layer.residual)(z, more);
                    for (std::size_t c = 0; c < C; ++c)
                        x[c] += more[c];
                }
            }
            array.head(head, more);
            std::copy_n(more, array.head_outputs, head);
        }
        return scale_ * head[0];
    }
};

/// Layers of one kernel, one for each dilation.
[[nodiscard]] Convs convs(std::size_t kernel, std::initializer_list<std::size_t> dilations) {
    Convs all;
    for (const std::size_t dilation : dilations)
        all.emplace_back(kernel, dilation);
    return all;
}
[[nodiscard]] Convs operator+(Convs a, const Convs& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

struct PlainStandard : PlainWaveNet<amp::Standard> {
    explicit PlainStandard(const OnSound<amp::Standard>& model)
        : PlainWaveNet{model,
                       {{16, convs(3, {1, 2, 4, 8, 16, 32, 64, 128, 256, 512}), 8, 1, false},
                        {8, convs(3, {1, 2, 4, 8, 16, 32, 64, 128, 256, 512}), 1, 1, true}},
                       false,
                       0.02F} {}
};
template <std::size_t Channels, class Net>
struct PlainSmaller : PlainWaveNet<Net> {
    explicit PlainSmaller(const OnSound<Net>& model)
        : PlainWaveNet<Net>{
              model,
              {{Channels, convs(3, {1, 2, 4, 8, 16, 32, 64}), Channels / 2, 1, false},
               {Channels / 2, convs(3, {128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512}), 1, 1, true}},
              false,
              0.02F} {}
};
struct PlainA2 : PlainWaveNet<amp::A2<8>> {
    explicit PlainA2(const OnSound<amp::A2<8>>& model)
        : PlainWaveNet{model,
                       {{8,
                         convs(6, {1, 3, 7, 17, 41, 101, 239, 1, 3, 7, 17, 41, 101, 239}) +
                             convs(15, {1, 13}) + convs(6, {1, 3, 7, 17, 41, 101, 239}),
                         1, 16, true}},
                       true,
                       0.01F} {}
};

} // namespace

void add_wavenets() {
    benchmark::RegisterBenchmark("nam_nano/stream", beside_loops<amp::Nano, PlainSmaller<4, amp::Nano>>);
    benchmark::RegisterBenchmark("nam_feather/stream",
                                 beside_loops<amp::Feather, PlainSmaller<8, amp::Feather>>);
    benchmark::RegisterBenchmark("nam_standard/stream", beside_loops<amp::Standard, PlainStandard>);
    benchmark::RegisterBenchmark("nam_a2/stream", beside_loops<amp::A2<8>, PlainA2>);
}

} // namespace bench
