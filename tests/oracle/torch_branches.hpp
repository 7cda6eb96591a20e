// Networks that branch, as modules of PyTorch whose names are those of the same networks in lamina: see
// branch_networks.hpp.
#pragma once

#include <lamina/kernels/random_numbers.hpp>

#include <torch/torch.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <tuple>
#include <vector>

namespace oracle {

/// Branches with the same input, named by their position; one without layers is the input itself.
struct Branches : torch::nn::Module {
    bool concat;
    std::vector<torch::nn::Sequential> all;

    Branches(bool concat_, std::initializer_list<torch::nn::Sequential> branches)
        : concat{concat_}, all{branches} {
        for (std::size_t k = 0; k < all.size(); ++k)
            if (!all[k]->is_empty())
                register_module(std::to_string(k), all[k]);
    }
    torch::Tensor forward(const torch::Tensor& x) {
        std::vector<torch::Tensor> outputs;
        for (torch::nn::Sequential& branch : all)
            outputs.push_back(branch->is_empty() ? x : branch->forward(x));
        return concat ? torch::cat(outputs, 1) : torch::stack(outputs).sum(0);
    }
};

inline torch::nn::Conv2d conv(int in, int out, int kernel, int stride, int padding) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(padding));
}

/// A convolution with other padding at opposite sides.
struct PaddedConv : torch::nn::Conv2dImpl {
    std::vector<std::int64_t> sides; // left, right, top, bottom

    PaddedConv(const torch::nn::Conv2dOptions& arguments, std::vector<std::int64_t> sides_)
        : Conv2dImpl{arguments}, sides{std::move(sides_)} {}
    torch::Tensor forward(const torch::Tensor& x) {
        return Conv2dImpl::forward(torch::constant_pad_nd(x, sides));
    }
};

/// Modules one after the other. (A Sequential cannot stand in another.)
struct Block : torch::nn::SequentialImpl {
    using SequentialImpl::SequentialImpl;
    torch::Tensor forward(const torch::Tensor& x) { return SequentialImpl::forward(x); }
};

/// Dropout with the mask of each step that lamina's layer at `position` makes for a trainer with seed 0.
struct GivenDropout : torch::nn::Module {
    std::uint64_t position, step = 0;
    int percent;

    GivenDropout(std::uint64_t position_, int percent_) : position{position_}, percent{percent_} {}
    torch::Tensor forward(const torch::Tensor& x) {
        namespace kernels = lamina::kernels;
        if (!is_training())
            return x;
        const kernels::LayerKey key{lamina::seed{0}, step++, position};
        torch::Tensor mask = torch::empty(x.sizes(), x.options());
        const std::int64_t elements = x[0].numel();
        for (std::int64_t n = 0; n < x.size(0); ++n) {
            const auto sample = static_cast<std::uint32_t>(n);
            const kernels::RandomNumbers<double> random{key, &sample};
            for (std::int64_t i = 0; i < elements; ++i)
                mask.data_ptr<double>()[n * elements + i] = random.keep(
                    100.0 / (100 - percent), static_cast<std::uint32_t>(i), kernels::drop_threshold(percent));
        }
        return x * mask;
    }
};

/// Layers of a network on sequences of images, five of two channels: one batch of all of them, then a batch
/// of sequences again.
struct ConvOfFrames : torch::nn::Conv2dImpl {
    using Conv2dImpl::Conv2dImpl;
    torch::Tensor forward(const torch::Tensor& x) {
        return Conv2dImpl::forward(x.reshape({-1, 2, x.size(2), x.size(3)}));
    }
};
struct LinearOfFrames : torch::nn::LinearImpl {
    using LinearImpl::LinearImpl;
    torch::Tensor forward(const torch::Tensor& x) { return LinearImpl::forward(x.flatten(1)); }
};
struct GRUOfFrames : torch::nn::GRUImpl {
    using GRUImpl::GRUImpl;
    torch::Tensor forward(const torch::Tensor& x) {
        return std::get<0>(GRUImpl::forward(x.reshape({-1, 5, x.size(1)})));
    }
};
struct LastStep : torch::nn::Module {
    torch::Tensor forward(const torch::Tensor& x) { return x.select(1, x.size(1) - 1); }
};

inline torch::nn::Sequential branch_network(const std::string& net) {
    using namespace torch::nn;
    if (net == "frames")
        return Sequential(ConvOfFrames(Conv2dOptions(2, 4, 3).padding(1)), BatchNorm2d(4), ReLU(),
                          MaxPool2d(2), LinearOfFrames(4 * 3 * 4, 6),
                          GRUOfFrames(GRUOptions(6, 5).batch_first(true)), LastStep(), Linear(5, 10));
    if (net == "wide")
        return Sequential(conv(3, 16, 3, 1, 1), Tanh(), conv(16, 24, 3, 1, 1), Tanh(), MaxPool2d(2),
                          conv(24, 16, 3, 1, 1), Tanh(), Flatten(), Linear(16 * 6 * 6, 10));
    if (net == "resnet")
        return Sequential(
            conv(1, 4, 3, 1, 1), BatchNorm2d(4), ReLU(),
            Branches(false, {Sequential(), Sequential(conv(4, 4, 3, 1, 1), BatchNorm2d(4), ReLU(),
                                                      conv(4, 4, 3, 1, 1), BatchNorm2d(4))}),
            ReLU(),
            Branches(false, {Sequential(conv(4, 6, 1, 2, 0), BatchNorm2d(6)),
                             Sequential(conv(4, 6, 3, 2, 1), BatchNorm2d(6), ReLU(), conv(6, 6, 3, 1, 1),
                                        BatchNorm2d(6))}),
            ReLU(), AvgPool2d(2), Flatten(), Linear(54, 10));
    if (net == "resnet8") {
        // The second convolution of a block halves the image: TensorFlow's `same` pads it at the bottom and
        // at the right.
        const auto halve = [](int in, int out) {
            return PaddedConv(Conv2dOptions(in, out, 3).stride(2), {0, 1, 0, 1});
        };
        return Sequential(
            conv(3, 4, 3, 1, 1), BatchNorm2d(4), ReLU(),
            Branches(false, {Sequential(), Sequential(conv(4, 4, 3, 1, 1), BatchNorm2d(4), ReLU(),
                                                      conv(4, 4, 3, 1, 1), BatchNorm2d(4))}),
            ReLU(),
            Branches(false,
                     {Sequential(conv(4, 8, 1, 2, 0)),
                      Sequential(halve(4, 8), BatchNorm2d(8), ReLU(), conv(8, 8, 3, 1, 1), BatchNorm2d(8))}),
            ReLU(),
            Branches(false,
                     {Sequential(conv(8, 16, 1, 2, 0)), Sequential(halve(8, 16), BatchNorm2d(16), ReLU(),
                                                                   conv(16, 16, 3, 1, 1), BatchNorm2d(16))}),
            ReLU(), AdaptiveAvgPool2d(1), Flatten(), Linear(16, 10));
    }
    if (net == "ds_cnn" || net == "ds_cnn_tanh") {
        const auto activation = [&] {
            return net == "ds_cnn" ? Functional(torch::relu) : Functional(torch::tanh);
        };
        const auto separable = [&] {
            return Block(Conv2d(Conv2dOptions(8, 8, 3).padding(1).groups(8).bias(false)), BatchNorm2d(8),
                         activation(), conv(8, 8, 1, 1, 0), BatchNorm2d(8), activation());
        };
        // Windows of rows reach 16 + 10 over 17 rows, of columns 4 + 4 over 6.
        return Sequential(PaddedConv(Conv2dOptions(1, 8, {10, 4}).stride(2), {1, 1, 4, 5}), BatchNorm2d(8),
                          activation(), GivenDropout(3, 20), separable(), separable(), separable(),
                          separable(), GivenDropout(28, 40), AdaptiveAvgPool2d(1), Flatten(), Linear(8, 10));
    }
    TORCH_CHECK(net == "concat", "no network ", net);
    return Sequential(
        conv(1, 4, 3, 1, 1), Tanh(),
        Branches(true, {Sequential(conv(4, 3, 3, 1, 1), ReLU()),
                        Sequential(conv(4, 5, 1, 1, 0), Tanh(), conv(5, 2, 5, 1, 2)), Sequential()}),
        MaxPool2d(2), Flatten(), Linear(324, 10));
}

} // namespace oracle
