// TorchTraining: libtorch trains a network as lamina's `fit` does.
#pragma once

#include "../../docs/examples/fashion/augmented.hpp"
#include "../peers/torch_net.hpp"
#include "recipes.hpp"

#include <lamina/data/images.hpp>
#include <lamina/optimizers/schedules.hpp>
#include <lamina/train/batches.hpp>

#include <torch/torch.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace accuracy {

namespace ln = lamina;
using Samples = std::span<const std::uint32_t>;

[[nodiscard]] inline std::vector<std::int64_t> batch_shape(const ln::dims& shape, std::size_t samples) {
    return {static_cast<std::int64_t>(samples), shape[0], shape[1], shape[2]};
}

/// Images as they are, gathered and scaled by libtorch's own operations.
[[nodiscard]] inline torch::Tensor inputs(const ln::data::Images& images, Samples samples,
                                          int /*epoch*/ = 0) {
    const auto all = torch::from_blob(const_cast<std::uint8_t*>(images.image(0).pixels()),
                                      batch_shape(images.shape(), images.size()), torch::kUInt8);
    std::vector<std::int64_t> wide{samples.begin(), samples.end()};
    const auto index = torch::from_blob(wide.data(), {static_cast<std::int64_t>(wide.size())}, torch::kInt64);
    return all.index_select(0, index).to(torch::kFloat32).mul_(1.0F / 255.0F);
}

/// Images that are shifted and mirrored by the same code as lamina's.
[[nodiscard]] inline torch::Tensor inputs(const fashion::Augmented& images, Samples samples, int epoch) {
    // A sample a lane, as a data source writes them.
    struct Lanes {
        float* pixels;
        ln::dims shape;

        struct Pixel {
            float* first;
            std::size_t image;
            void set(int lane, float value) const { first[static_cast<std::size_t>(lane) * image] = value; }
        };
        Pixel operator()(int channel, int row, int column) const {
            return {pixels + (channel * shape[1] + row) * shape[2] + column, shape.size()};
        }
    };
    const ln::dims shape = images.original().shape();
    torch::Tensor x = torch::empty(batch_shape(shape, samples.size()));
    images.training_inputs(samples, Lanes{x.data_ptr<float>(), shape}, epoch);
    return x;
}

/// `Data` are images or `Augmented` ones.
template <class Data>
class TorchTraining {
  public:
    TorchTraining(std::vector<bench::Layer> layers, const Data& data, const Recipe& recipe, ln::seed seed)
        : net_{std::move(layers), true}, data_{data}, recipe_{recipe}, seed_{seed},
          order_(data.size()), sgd_{net_.parameters,
                                    torch::optim::SGDOptions{recipe.learning_rate}.momentum(momentum)} {}

    /// Trains an epoch, counted from 1.
    void train(int epoch) {
        net_.train(true);
        ln::detail::shuffle(order_, seed_, epoch - 1);
        const std::size_t in_epoch = (order_.size() + batch - 1) / batch;
        for (std::size_t i = 0; i < in_epoch; ++i) {
            const std::size_t first = i * batch;
            const auto samples =
                Samples{order_}.subspan(first, std::min<std::size_t>(batch, order_.size() - first));
            const auto step = static_cast<std::int64_t>(static_cast<std::size_t>(epoch - 1) * in_epoch + i);
            const auto steps = static_cast<std::int64_t>(in_epoch) * recipe_.epochs;
            take_step(samples, epoch, ln::Cosine{}(recipe_.learning_rate, step, steps));
        }
    }

    [[nodiscard]] double accuracy(const ln::data::Images& images) {
        const torch::NoGradGuard guard;
        net_.train(false);
        constexpr std::size_t at_once = 100;
        std::int64_t right = 0;
        for (std::size_t first = 0; first < images.size(); first += at_once) {
            std::vector<std::uint32_t> samples(std::min(at_once, images.size() - first));
            std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(first));
            const torch::Tensor classes = net_.forward(inputs(images, samples)).argmax(1);
            right += classes.eq(labels(images, samples)).sum().template item<std::int64_t>();
        }
        return static_cast<double>(right) / static_cast<double>(images.size());
    }

  private:
    [[nodiscard]] static torch::Tensor labels(const auto& data, Samples samples) {
        torch::Tensor labels = torch::empty({static_cast<std::int64_t>(samples.size())}, torch::kInt64);
        for (std::size_t i = 0; i < samples.size(); ++i)
            labels.data_ptr<std::int64_t>()[i] = data.label(samples[i]);
        return labels;
    }
    void take_step(Samples samples, int epoch, double rate) {
        static_cast<torch::optim::SGDOptions&>(sgd_.param_groups()[0].options()).lr(rate);
        for (torch::Tensor& p : net_.parameters)
            p.mutable_grad().reset();
        torch::nn::functional::cross_entropy(net_.forward(inputs(data_, samples, epoch)),
                                             labels(data_, samples))
            .backward();
        sgd_.step();
    }

    bench::TorchNet net_;
    const Data& data_;
    Recipe recipe_;
    ln::seed seed_;
    std::vector<std::uint32_t> order_;
    torch::optim::SGD sgd_;
};

} // namespace accuracy
