// The WaveNets of Neural Amp Modeler as streams, beside plain loops.
#include "plain_streams.hpp"
#include "streams.hpp"

#include <amp/wavenet.hpp>

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

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
    static constexpr std::size_t most_channels = 16;

  public:
    PlainWaveNet(const OnSound<Net>& model, const std::vector<PlainSizes>& sizes, bool is_leaky, float scale)
        : is_leaky_{is_leaky}, scale_{scale} {
        NumbersInOrder take{model};
        std::size_t inputs = 1;
        for (const PlainSizes& s : sizes) {
            const std::size_t C = s.channels;
            if (C > most_channels)
                throw std::logic_error{"plain loops have room for 16 channels"};
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
        take.require_end();
    }

    float operator()(float sound) {
        float x[most_channels] = {sound}, head[most_channels] = {}, z[most_channels], scratch[most_channels];
        for (Array& array : arrays_) {
            const std::size_t C = array.channels;
            array.first(x, scratch);
            std::copy_n(scratch, C, x);
            for (Layer& layer : array.layers) {
                layer.conv(x, z);
                layer.of_input(&sound, scratch);
                for (std::size_t c = 0; c < C; ++c) {
                    const float sum = z[c] + scratch[c];
                    z[c] = is_leaky_ ? (sum > 0 ? sum : 0.01F * sum) : std::tanh(sum);
                    head[c] += z[c];
                }
                if (layer.residual) {
                    (*layer.residual)(z, scratch);
                    for (std::size_t c = 0; c < C; ++c)
                        x[c] += scratch[c];
                }
            }
            array.head(head, scratch);
            std::copy_n(scratch, array.head_outputs, head);
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
