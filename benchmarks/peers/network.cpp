#include "network.hpp"

#include "../runtime/networks.hpp"

#include <lamina/io/model_tensors.hpp>
#include <lamina/train/trainer.hpp>

#include <benchmark/benchmark.h>

#include <cstdlib>

namespace bench {
namespace {

template <int Filters, int Kernel, int Stride, int Padding>
Layer layer_of(ln::Conv<Filters, Kernel, Stride, Padding>) {
    return {.kind = Kind::conv, .kernel = Kernel, .stride = Stride, .padding = Padding};
}
template <int Size, int Stride>
Layer layer_of(ln::MaxPool<Size, Stride>) {
    return {.kind = Kind::max_pool, .kernel = Size, .stride = Stride};
}
template <int Size, int Stride>
Layer layer_of(ln::AvgPool<Size, Stride>) {
    return {.kind = Kind::avg_pool, .kernel = Size, .stride = Stride};
}
template <int Outputs>
Layer layer_of(ln::Dense<Outputs>) {
    return {.kind = Kind::dense};
}
template <int Numerator, int Denominator>
Layer layer_of(ln::LeakyReLU<Numerator, Denominator>) {
    return {.kind = Kind::leaky_relu, .slope = static_cast<float>(Numerator) / Denominator};
}
Layer layer_of(ln::ReLU) {
    return {.kind = Kind::relu};
}
Layer layer_of(ln::Tanh) {
    return {.kind = Kind::tanh};
}

template <class Topology>
struct layers_of;
template <class... Layers>
struct layers_of<ln::Net<Layers...>> {
    static std::vector<Layer> get() { return {layer_of(Layers{})...}; }
};

template <class Model>
class NetworkOf : public Network {
  public:
    explicit NetworkOf(std::string its_name) {
        name = std::move(its_name);
        input = Model::input_shape::extents;
        outputs = Model::output_shape::size;
        macs = static_cast<double>(Model::macs);
        training_macs = static_cast<double>(3 * Model::macs - Model::layers[0].macs);
        layers = layers_of<typename Model::topology>::get();
        const auto parameters = model_->parameters();
        for (const auto& tensor : ln::io::model_tensors<Model>) {
            Layer& layer = layers[std::stoul(std::string{tensor.name})];
            auto& numbers = layer.weight.empty() ? layer.weight : layer.bias;
            for (std::size_t i = 0; i < tensor.size; ++i)
                numbers.push_back(parameters[tensor.place(i)]);
        }
        for (std::size_t i = 0; i < layers.size(); ++i) {
            layers[i].input = Model::layers[i].input;
            layers[i].output = Model::layers[i].output;
        }
    }

    void reset() override {
        *model_ = Model{start};
        *memory_ = {};
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
        y_[0] = model_->forward(x_[0], *workspace_);
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
    std::unique_ptr<typename Model::Workspace> workspace_ = std::make_unique<typename Model::Workspace>();
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
    std::abort();
}

} // namespace bench
