// TorchNet: a network as libtorch computes it at its best.
#pragma once

#include "network.hpp"

#include <torch/torch.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace bench {

/// A network of functional calls, which is what modules make of themselves, less their bookkeeping. Images
/// are channels-last, which lets libtorch pool with vectors and spares its convolutions a reordering;
/// activations are in place.
class TorchNet {
  public:
    TorchNet(std::vector<Layer> layers, bool learns) : training_{learns}, layers_{std::move(layers)} {
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

    /// Whether batch norms take the batch's statistics, and `running_` moves on.
    void train(bool on) { training_ = on; }

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
                                      running_[running + 1], training_, 0.1, 1e-5, false);
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

    bool training_;
    std::vector<Layer> layers_;
    std::vector<std::size_t> last_reader_; // of each value
    std::vector<torch::Tensor> running_;   // mean and variance of each batch norm
};

} // namespace bench
