// The networks everything is measured on, as a peer meets them: their layers as a list, with the weights they
// start from; and lamina's own side of the comparison, compiled once for all peers.
#pragma once

#include <lamina/data/images.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bench {

enum class Kind { conv, dense, max_pool, avg_pool, batch_norm, sum, relu, leaky_relu, tanh };

/// A layer, its weights in PyTorch's order: outputs, inputs, rows, columns.
struct Layer {
    Kind kind;
    std::vector<std::size_t> inputs = {}; ///< values: 0 is the network's input, i + 1 what layer i computes
    lamina::dims input = {}, output = {};
    lamina::size kernel = 0, stride = 1;
    lamina::pad padding = {};
    int groups = 1;
    float slope = 0; ///< of leaky_relu, where the input is negative
    std::vector<float> weight = {}, bias = {};

    [[nodiscard]] bool learns() const noexcept { return !weight.empty(); }
    [[nodiscard]] bool activates() const noexcept { return kind >= Kind::relu; }
};

/// What both sides train with.
constexpr double learning_rate = 0.01, momentum = 0.9;

/// lamina's side: a model of fixed type behind virtual functions, each of which does much work.
class Network {
  public:
    virtual ~Network() = default;

    std::string name;
    lamina::dims input;
    int outputs = 0;
    double macs = 0, training_macs = 0; ///< multiply-adds of a sample, as steps.cpp counts them
    std::vector<Layer> layers;

    /// The weights `layers` has, and the optimiser's state zero.
    virtual void reset() = 0;
    /// A training step; returns the loss before it.
    virtual float train(const lamina::data::Images& images, std::span<const std::uint32_t> indices) = 0;

    /// Copies the inputs of `infer`, sample after sample; `infer_one` takes the first.
    virtual void set_inputs(std::span<const float> x) = 0;
    virtual void infer() = 0;
    virtual void infer_one() = 0;
    /// Of the last call of `infer` or `infer_one`.
    [[nodiscard]] virtual std::vector<float> scores() const = 0;
};

/// A fresh one, by its name.
[[nodiscard]] std::unique_ptr<Network> make_network(const std::string& name);

} // namespace bench
