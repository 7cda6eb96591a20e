// lamina and libtorch: all networks. libtorch at its best: see torch_net.hpp; gradients dropped instead of
// set to zero; and memory kept between steps (libraries.hpp).
#include "compare.hpp"
#include "libraries.hpp"
#include "libtorch_sequences.hpp"
#include "torch_net.hpp"

#include <torch/torch.h>

namespace {

using namespace bench;

std::vector<std::int64_t> shape_of(const Network& network, std::int64_t samples) {
    std::vector<std::int64_t> shape{samples};
    for (int axis = 0; axis < network.input.rank; ++axis)
        shape.push_back(network.input[axis]);
    return shape;
}

class TorchTrainer {
  public:
    TorchTrainer(const Network& network, int /*batch*/)
        : net_{network.layers, true}, network_{network},
          sgd_{net_.parameters, torch::optim::SGDOptions{learning_rate}.momentum(momentum)} {}

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
        : net_{network.layers, false}, shape_{shape_of(network, batch)} {}

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
