// Networks that branch, as modules of PyTorch whose names are those of the same networks in lamina: see
// branch_networks.hpp.
#pragma once

#include <torch/torch.h>

#include <initializer_list>
#include <string>
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

inline torch::nn::Sequential branch_network(const std::string& net) {
    using namespace torch::nn;
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
    TORCH_CHECK(net == "concat", "no network ", net);
    return Sequential(
        conv(1, 4, 3, 1, 1), Tanh(),
        Branches(true, {Sequential(conv(4, 3, 3, 1, 1), ReLU()),
                        Sequential(conv(4, 5, 1, 1, 0), Tanh(), conv(5, 2, 5, 1, 2)), Sequential()}),
        MaxPool2d(2), Flatten(), Linear(324, 10));
}

} // namespace oracle
