// lamina and libtorch: training of a recurrent network on long sequences, such as recordings.
#pragma once

#include "compare.hpp"

#include <lamina/core.hpp>

#include <torch/torch.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// `LSTM<40>` and `Dense<1>`, 16 sequences of 2,048 steps at a time.
class SequenceTraining {
    static constexpr int steps = 2048, batch = 16;
    using Model = lamina::Model<lamina::Net<lamina::LSTM<40>, lamina::Dense<1>>,
                                lamina::Sequence<steps, lamina::Shape<1>>>;
    using Memory = lamina::TrainingMemory<Model, lamina::SGD, batch>;
    static constexpr lamina::SGD sgd{.learning_rate = 1e-2, .momentum = 0.9};

    std::unique_ptr<Model> model_ = std::make_unique<Model>(lamina::seed{1});
    std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
    lamina::Trainer<Model, lamina::MeanSquaredError, lamina::SGD, Memory&> trainer_{
        *model_, lamina::MeanSquaredError{}, sgd, *memory_};
    std::vector<Model::Input> x_ = std::vector<Model::Input>(batch);
    std::vector<Model::Output> y_ = std::vector<Model::Output>(batch);
    std::vector<std::uint32_t> all_ = std::vector<std::uint32_t>(batch);

    torch::nn::LSTM lstm_{torch::nn::LSTMOptions{1, 40}.batch_first(true)};
    torch::nn::Linear dense_{40, 1};
    std::vector<torch::Tensor> parameters_;
    torch::Tensor torch_x_ = torch::empty({batch, steps, 1}), torch_y_ = torch::empty({batch, steps, 1});
    std::unique_ptr<torch::optim::SGD> torch_sgd_;

    void take_parameters(const torch::nn::Module& module, const std::string& layer) {
        const torch::NoGradGuard none;
        for (const auto& parameter : module.named_parameters()) {
            parameters_.push_back(parameter.value());
            for (const lamina::ModelTensor& t : Model::tensors)
                if (std::string_view{t.name} == layer + "." + parameter.key())
                    for (std::size_t i = 0; i < t.size; ++i)
                        parameter.value().data_ptr<float>()[i] = model_->numbers()[t.place(i)];
        }
    }

  public:
    static constexpr int samples = batch;
    /// Of a sequence, forward and backward, without the gradient of the input.
    static constexpr double macs = static_cast<double>(3 * Model::macs - std::int64_t{steps} * 4 * 40);

    SequenceTraining() {
        std::iota(all_.begin(), all_.end(), 0U);
        for (int b = 0; b < batch; ++b)
            for (int t = 0; t < steps; ++t) {
                const float in = std::sin(0.01F * static_cast<float>(t * (b + 1)));
                const float out = std::tanh(2 * in);
                x_[static_cast<std::size_t>(b)](0, t) = torch_x_.data_ptr<float>()[b * steps + t] = in;
                y_[static_cast<std::size_t>(b)](0, t) = torch_y_.data_ptr<float>()[b * steps + t] = out;
            }
        take_parameters(*lstm_, "0");
        take_parameters(*dense_, "1");
        torch_sgd_ = std::make_unique<torch::optim::SGD>(
            parameters_, torch::optim::SGDOptions{sgd.learning_rate}.momentum(sgd.momentum));
    }
    /// A step, and the loss before it.
    float lamina_step() { return trainer_.step(lamina::data::Samples{x_, y_}, all_); }
    float torch_step() {
        for (torch::Tensor& p : parameters_)
            p.mutable_grad().reset();
        const auto loss = torch::mse_loss(dense_(std::get<0>(lstm_(torch_x_))), torch_y_);
        loss.backward();
        torch_sgd_->step();
        return loss.item<float>();
    }
};

inline void train_sequences(benchmark::State& state) {
    SequenceTraining training;
    for (int i = 0; i < 2; ++i)
        if (const float ours = training.lamina_step(), theirs = training.torch_step();
            !(std::abs(ours - theirs) < 1e-4F * theirs))
            return state.SkipWithError("the losses differ");
    take_turns(
        state, training.samples, training.samples, training.macs, [](int) {},
        [&](int rounds) { return seconds_a_round(rounds, [&](int) { (void)training.lamina_step(); }); },
        [&](int rounds) { return seconds_a_round(rounds, [&](int) { (void)training.torch_step(); }); });
}

} // namespace bench
