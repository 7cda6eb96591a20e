// lamina and libtorch: all networks. libtorch at its best: images channels-last, which lets it pool with
// vectors and spares its convolutions a reordering; gradients dropped instead of set to zero; activations in
// place; and memory kept between steps (libraries.hpp).
#include "compare.hpp"
#include "libraries.hpp"
#include "libtorch_sequences.hpp"

#include <torch/torch.h>

#include <array>

namespace {

using namespace bench;

/// A network of functional calls, which is what modules make of themselves, less their bookkeeping.
class TorchNet {
  public:
    explicit TorchNet(const Network& network, bool learns) : learns_{learns}, layers_{network.layers} {
        for (const Layer& layer : layers_) {
            if (!layer.learns())
                continue;
            const std::int64_t out = layer.output[0];
            auto weight = torch::tensor(layer.weight);
            if (layer.kind == Kind::conv)
                weight = weight
                             .reshape({out, layer.input[0] / layer.groups, layer.kernel.height,
                                       layer.kernel.width})
                             .contiguous(at::MemoryFormat::ChannelsLast);
            else if (layer.kind == Kind::dense)
                weight = weight.reshape({out, -1});
            parameters.push_back(weight.set_requires_grad(learns));
            parameters.push_back(torch::tensor(layer.bias).set_requires_grad(learns));
            if (layer.kind == Kind::batch_norm) {
                running_.push_back(torch::zeros({out}));
                running_.push_back(torch::ones({out}));
            }
        }
        last_reader_.resize(layers_.size() + 1);
        for (std::size_t i = 0; i < layers_.size(); ++i)
            for (const std::size_t value : layers_[i].inputs)
                last_reader_[value] = i;
    }

    /// In training `running_` moves on.
    torch::Tensor forward(torch::Tensor x) const {
        if (x.dim() == 4)
            x = channels_last(x);
        std::vector<torch::Tensor> values{x};
        std::size_t p = 0, running = 0;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const Layer& layer = layers_[i];
            x = values[layer.inputs.front()];
            switch (layer.kind) {
            case Kind::conv:
                x = conv(x, layer, parameters[p], parameters[p + 1]);
                break;
            case Kind::dense:
                x = torch::linear(x.flatten(1), parameters[p], parameters[p + 1]);
                break;
            case Kind::max_pool:
                x = torch::max_pool2d(x, both(layer.kernel), both(layer.stride));
                break;
            case Kind::avg_pool:
                x = torch::avg_pool2d(x, both(layer.kernel), both(layer.stride));
                break;
            case Kind::batch_norm:
                x = torch::batch_norm(x, parameters[p], parameters[p + 1], running_[running],
                                      running_[running + 1], learns_, 0.1, 1e-5, false);
                running += 2;
                break;
            case Kind::sum: // into the branch that was computed last, which nobody else reads
                x = x.add_(values[layer.inputs[1]]);
                break;
            case Kind::relu:
                x = torch::relu_(x);
                break;
            case Kind::leaky_relu:
                x = torch::leaky_relu_(x, layer.slope);
                break;
            case Kind::tanh:
                x = torch::tanh_(x);
                break;
            }
            p += layer.learns() ? 2 : 0;
            values.push_back(x);
            for (const std::size_t value : layer.inputs)
                if (last_reader_[value] == i)
                    values[value].reset();
        }
        return x;
    }

    std::vector<torch::Tensor> parameters;

  private:
    using Both = std::array<std::int64_t, 2>;
    static Both both(const lamina::size& s) { return {s.height, s.width}; }
    /// Padding that is not the same at opposite sides is an operation of its own in PyTorch.
    static torch::Tensor conv(torch::Tensor x, const Layer& layer, const torch::Tensor& weight,
                              const torch::Tensor& bias) {
        const lamina::pad& p = layer.padding;
        const bool even = p.top == p.bottom && p.left == p.right;
        if (!even)
            x = torch::constant_pad_nd(x, {p.left, p.right, p.top, p.bottom});
        return torch::conv2d(x, weight, bias, both(layer.stride), even ? Both{p.top, p.left} : Both{0, 0}, 1,
                             layer.groups);
    }
    /// One channel is in both orders at once: only its strides tell libtorch to go on with channels last,
    /// which pays for more than one sample.
    static torch::Tensor channels_last(const torch::Tensor& x) {
        if (x.size(1) > 1)
            return x.contiguous(at::MemoryFormat::ChannelsLast);
        return x.size(0) > 1 ? x.as_strided(x.sizes(), {x.stride(0), 1, x.stride(2), 1}) : x;
    }

    bool learns_;
    std::vector<Layer> layers_;
    std::vector<std::size_t> last_reader_; // of each value
    std::vector<torch::Tensor> running_;   // mean and variance of each batch norm
};

std::vector<std::int64_t> shape_of(const Network& network, std::int64_t samples) {
    std::vector<std::int64_t> shape{samples};
    for (int axis = 0; axis < network.input.rank; ++axis)
        shape.push_back(network.input[axis]);
    return shape;
}

class TorchTrainer {
  public:
    TorchTrainer(const Network& network, int /*batch*/)
        : net_{network, true}, network_{network}, sgd_{net_.parameters,
                                                       torch::optim::SGDOptions{learning_rate}.momentum(
                                                           momentum)} {}

    float train(const lamina::data::Images& images, std::span<const std::uint32_t> indices) {
        if (!pixels_.defined())
            wrap(images);
        wide_.assign(indices.begin(), indices.end());
        const auto index =
            torch::from_blob(wide_.data(), {static_cast<std::int64_t>(wide_.size())}, torch::kInt64);
        const auto x = pixels_.index_select(0, index).to(torch::kFloat32).mul_(1.0F / 255.0F);
        for (torch::Tensor& p : net_.parameters)
            p.mutable_grad().reset();
        const auto loss =
            torch::nn::functional::cross_entropy(net_.forward(x), labels_.index_select(0, index));
        loss.backward();
        sgd_.step();
        return loss.item<float>();
    }

  private:
    /// The images as bytes in one tensor: a batch is gathered and scaled by libtorch's own operations.
    void wrap(const lamina::data::Images& images) {
        const auto count = static_cast<std::int64_t>(images.size());
        pixels_ = torch::from_blob(const_cast<std::uint8_t*>(images.image(0).pixels()),
                                   shape_of(network_, count), torch::kUInt8);
        labels_ = torch::empty({count}, torch::kInt64);
        for (std::int64_t i = 0; i < count; ++i)
            labels_.data_ptr<std::int64_t>()[i] = images.label(static_cast<std::size_t>(i));
    }

    TorchNet net_;
    const Network& network_;
    torch::optim::SGD sgd_;
    torch::Tensor pixels_, labels_;
    std::vector<std::int64_t> wide_;
};

class TorchInference {
  public:
    TorchInference(const Network& network, int batch)
        : net_{network, false}, shape_{shape_of(network, batch)} {}

    void infer(const float* x, float* y) {
        const c10::InferenceMode guard;
        const auto scores = net_.forward(torch::from_blob(const_cast<float*>(x), shape_));
        std::copy_n(scores.data_ptr<float>(), scores.numel(), y);
    }

  private:
    TorchNet net_;
    std::vector<std::int64_t> shape_;
};

} // namespace

int main(int count, char** arguments) {
    restart_with_settings(arguments);
    keep_memory();
    torch::set_num_threads(1);
    for (const char* network : {"card", "lenet5"})
        add_training<TorchTrainer>("libtorch", network, {32, 64, 128, 256});
    add_training<TorchTrainer>("libtorch", "mlp", {64, 128, 256, 1024});
    for (const char* network : {"card", "lenet5", "mlp"})
        add_inference<TorchInference>("libtorch", network, {64, 256});
    add_training<TorchTrainer>("libtorch", "vgg_small", {16, 64});
    add_inference<TorchInference>("libtorch", "vgg_small", {16, 64});
    for (const char* network : {"ds_cnn", "mobilenet", "resnet8"})
        add_training<TorchTrainer>("libtorch", network, {16, 32, 64}); // lamina's memory is for batches of 64
    add_training<TorchTrainer>("libtorch", "autoencoder", {32, 64});
    for (const char* network : {"ds_cnn_folded", "mobilenet_folded", "resnet8_folded", "autoencoder_folded"})
        add_inference<TorchInference>("libtorch", network, {32, 64, 128});
    benchmark::RegisterBenchmark("lstm40/train/libtorch/16", train_sequences)->Unit(benchmark::kMicrosecond);
    return run_all(count, arguments);
}
