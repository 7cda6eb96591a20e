// An epoch of `card` by lamina and by libtorch, in turn, on one thread: the same images, order, recipe and
// batch, and libtorch again at the batch size it likes best. Both start from lamina's weights, and their
// losses are compared: what is timed is the same computation.
//
//     libtorch_card [folder of IDX files]
#include "../runtime/networks.hpp"
#include "../runtime/peak.hpp"

#include <lamina/data/idx.hpp>
#include <lamina/train/fit.hpp>

#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

using namespace bench;

constexpr double rate = 0.02, momentum = 0.9;

struct Epoch {
    double seconds;
    double loss;
};

Epoch lamina_epoch(const ln::data::Images& images, const std::vector<std::uint32_t>& order,
                   std::size_t batch) {
    CardModel model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{},
                        ln::SGD{.learning_rate = rate, .momentum = momentum}};
    double loss = 0;
    const double start = cpu_seconds();
    for (std::size_t first = 0; first + batch <= order.size(); first += batch)
        loss += trainer.step(images, std::span{order}.subspan(first, batch));
    return {(cpu_seconds() - start), loss / static_cast<double>(order.size() / batch)};
}

/// A layer's weight as libtorch has it: filters, channels, rows, columns.
torch::Tensor conv_weight(const CardModel& model) {
    const auto w = model.weight<0>();
    torch::Tensor t = torch::empty({16, 1, 3, 3});
    for (int o = 0; o < 16; ++o)
        for (int u = 0; u < 3; ++u)
            for (int v = 0; v < 3; ++v)
                t[o][0][u][v] = w(0, u, v, o);
    return t;
}

Epoch libtorch_epoch(const ln::data::Images& images, const std::vector<std::uint32_t>& order,
                     std::size_t batch) {
    const CardModel model{ln::seed{1}};
    torch::nn::Sequential net{torch::nn::Conv2d{torch::nn::Conv2dOptions{1, 16, 3}},
                              torch::nn::LeakyReLU{torch::nn::LeakyReLUOptions{}.negative_slope(0.01)},
                              torch::nn::MaxPool2d{torch::nn::MaxPool2dOptions{2}}, torch::nn::Flatten{},
                              torch::nn::Linear{2704, 10}};
    {
        const torch::NoGradGuard guard;
        auto parameters = net->parameters();
        parameters[0].copy_(conv_weight(model));
        parameters[1].zero_();
        parameters[2].copy_(torch::from_blob(const_cast<float*>(model.weight<3>().data()), {10, 2704}));
        parameters[3].zero_();
    }
    torch::optim::SGD sgd{net->parameters(), torch::optim::SGDOptions{rate}.momentum(momentum)};
    // The images as bytes in one tensor: a batch is gathered and scaled by libtorch's own operations.
    const auto size = static_cast<std::int64_t>(images.size());
    const auto pixels = torch::from_blob(const_cast<std::uint8_t*>(images.image(0).pixels()),
                                         {size, 1, 28, 28}, torch::kUInt8);
    auto labels = torch::empty({size}, torch::kInt64);
    for (std::int64_t i = 0; i < size; ++i)
        labels.data_ptr<std::int64_t>()[i] = images.label(static_cast<std::size_t>(i));
    std::vector<std::int64_t> wide(order.begin(), order.end());

    double loss = 0;
    const double start = cpu_seconds();
    for (std::size_t first = 0; first + batch <= order.size(); first += batch) {
        const auto index =
            torch::from_blob(wide.data() + first, {static_cast<std::int64_t>(batch)}, torch::kInt64);
        const auto x = pixels.index_select(0, index).to(torch::kFloat32).mul_(1.0F / 255.0F);
        sgd.zero_grad();
        const auto l = torch::nn::functional::cross_entropy(net->forward(x), labels.index_select(0, index));
        l.backward();
        sgd.step();
        loss += l.item<double>();
    }
    return {(cpu_seconds() - start), loss / static_cast<double>(order.size() / batch)};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int count, char** arguments) {
    torch::set_num_threads(1);
    const auto images =
        ln::data::load_idx(count > 1 ? arguments[1] : "/usr/share/datasets/fashion-mnist").train;
    std::vector<std::uint32_t> order(images.size());
    ln::detail::shuffle(order, ln::seed{3}, 0);

    std::printf("FMA peak %.0f GFLOP/s; medians of 3 epochs of %zu images, in turn\n", 2e-9 * fma_peak(),
                images.size());
    std::printf("%6s %12s %12s %8s %14s %14s\n", "batch", "lamina s", "libtorch s", "times", "lamina loss",
                "libtorch loss");
    double best = 1e30, lamina64 = 0;
    for (const std::size_t batch : {64, 128, 256, 512}) {
        std::vector<double> ours, theirs, ratios;
        Epoch a{}, b{};
        for (int run = 0; run < 3; ++run) {
            a = lamina_epoch(images, order, batch);
            b = libtorch_epoch(images, order, batch);
            ours.push_back(a.seconds);
            theirs.push_back(b.seconds);
            ratios.push_back(b.seconds / a.seconds);
        }
        best = std::min(best, median(theirs));
        lamina64 = batch == 64 ? median(ours) : lamina64;
        std::printf("%6zu %12.3f %12.3f %8.1f %14.5f %14.5f\n", batch, median(ours), median(theirs),
                    median(ratios), a.loss, b.loss);
    }
    std::printf("libtorch at its best batch size against lamina at 64: %.1f times\n", best / lamina64);
}
