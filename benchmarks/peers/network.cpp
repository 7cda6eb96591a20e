#include "network.hpp"

#include "../runtime/networks.hpp"
#include "layer_list.hpp"

#include <lamina/train/trainer.hpp>

#include <benchmark/benchmark.h>

#include <cstdlib>

namespace bench {
namespace {

template <class Model>
class NetworkOf : public Network {
  public:
    explicit NetworkOf(std::string its_name) {
        name = std::move(its_name);
        input = Model::input_shape::extents;
        outputs = Model::output_shape::size;
        macs = static_cast<double>(Model::macs);
        training_macs = static_cast<double>(3 * Model::macs - Model::layers[0].macs);
        layers = layer_list(*model_);
    }

    void reset() override {
        // In their places: the stack may not have room for another.
        std::destroy_at(model_.get());
        std::construct_at(model_.get(), start);
        std::destroy_at(memory_.get());
        std::construct_at(memory_.get());
    }
    float train(const ln::data::Images& images, std::span<const std::uint32_t> indices) override {
        const float loss = trainer_.step(images, indices);
        benchmark::ClobberMemory();
        return loss;
    }

    void set_inputs(std::span<const float> x) override {
        constexpr std::size_t size = Model::Input::size;
        x_.resize(x.size() / size);
        for (std::size_t i = 0; i < x.size(); ++i)
            x_[i / size][static_cast<int>(i % size)] = x[i];
        prepared_->prepare(); // peers prepare their weights, too
    }
    void infer() override {
        y_.resize(x_.size());
        benchmark::DoNotOptimize(x_.data());
        model_->forward(x_, y_, *batch_workspace_);
        benchmark::ClobberMemory();
    }
    void infer_one() override {
        y_.resize(1);
        benchmark::DoNotOptimize(x_.data());
        y_[0] = prepared_->forward(x_[0], *workspace_);
        benchmark::ClobberMemory();
    }
    std::vector<float> scores() const override {
        std::vector<float> all;
        for (const auto& y : y_)
            all.insert(all.end(), y.begin(), y.end());
        return all;
    }

  private:
    using Memory = ln::TrainingMemory<Model, ln::SGD>;
    static constexpr ln::seed start{1};

    std::unique_ptr<Model> model_ = std::make_unique<Model>(start);
    std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
    std::unique_ptr<ln::Prepared<Model>> prepared_ = std::make_unique<ln::Prepared<Model>>(*model_);
    std::unique_ptr<typename ln::Prepared<Model>::Workspace> workspace_ =
        std::make_unique<typename ln::Prepared<Model>::Workspace>();
    std::unique_ptr<typename Model::BatchWorkspace> batch_workspace_ =
        std::make_unique<typename Model::BatchWorkspace>();
    ln::Trainer<Model, ln::SoftmaxCrossEntropy, ln::SGD, Memory&> trainer_{
        *model_, {}, {.learning_rate = learning_rate, .momentum = momentum}, *memory_};
    std::vector<typename Model::Input> x_;
    std::vector<typename Model::Output> y_;
};

} // namespace

std::unique_ptr<Network> make_network(const std::string& name) {
    if (name == "card")
        return std::make_unique<NetworkOf<CardModel>>(name);
    if (name == "lenet5")
        return std::make_unique<NetworkOf<Lenet5Model>>(name);
    if (name == "mlp")
        return std::make_unique<NetworkOf<MlpModel>>(name);
    if (name == "vgg_small")
        return std::make_unique<NetworkOf<VggSmallModel>>(name);
    if (name == "resnet8")
        return std::make_unique<NetworkOf<Resnet8Model>>(name);
    if (name == "resnet8_folded")
        return std::make_unique<NetworkOf<FoldedModel<Resnet8Model>>>(name);
    if (name == "ds_cnn")
        return std::make_unique<NetworkOf<DsCnnModel>>(name);
    if (name == "ds_cnn_folded")
        return std::make_unique<NetworkOf<FoldedModel<DsCnnModel>>>(name);
    if (name == "mobilenet")
        return std::make_unique<NetworkOf<MobileNetModel>>(name);
    if (name == "mobilenet_folded")
        return std::make_unique<NetworkOf<FoldedModel<MobileNetModel>>>(name);
    if (name == "autoencoder")
        return std::make_unique<NetworkOf<AutoencoderModel>>(name);
    if (name == "autoencoder_folded")
        return std::make_unique<NetworkOf<FoldedModel<AutoencoderModel>>>(name);
    std::abort();
}

} // namespace bench
