// What plain loops over the steps of a stream are made of.
#pragma once

#include <lamina/core.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace bench {

/// The numbers of a model's tensors, or of the one of that name, each in the order of files: outputs (all
/// gates) first, then inputs.
template <class Model>
[[nodiscard]] std::vector<float> numbers_of(const Model& model, std::string_view name = {}) {
    std::vector<float> numbers;
    for (const lamina::ModelTensor& t : Model::tensors)
        if (name.empty() || std::string_view{t.name} == name)
            for (std::size_t i = 0; i < t.size; ++i)
                numbers.push_back(model.numbers()[t.place(i)]);
    return numbers;
}

/// All of them, one after another.
class NumbersInOrder {
  public:
    template <class Model>
    explicit NumbersInOrder(const Model& model) : numbers_{numbers_of(model)} {}
    float operator()() { return numbers_.at(next_++); }
    void require_end() const {
        if (next_ != numbers_.size())
            throw std::logic_error{"plain loops do not take all numbers"};
    }

  private:
    std::vector<float> numbers_;
    std::size_t next_ = 0;
};

/// A causal convolution of one step: y = b + sum over taps and inputs of W x. The inner loop runs over
/// outputs, so that compilers vectorise it.
class PlainConv {
    std::size_t outputs_ = 0, inputs_ = 0, kernel_ = 0, dilation_ = 0, now_ = 0;
    std::vector<float> weight_, bias_, past_; // [taps][inputs][outputs]; [steps][inputs], a ring

  public:
    PlainConv(NumbersInOrder& take, std::size_t outputs, std::size_t inputs, std::size_t kernel,
              std::size_t dilation, bool has_bias)
        : outputs_{outputs}, inputs_{inputs}, kernel_{kernel}, dilation_{dilation},
          weight_(outputs * inputs * kernel), bias_(outputs), past_(((kernel - 1) * dilation + 1) * inputs) {
        for (std::size_t o = 0; o < outputs; ++o) // files have outputs, inputs, taps
            for (std::size_t c = 0; c < inputs; ++c)
                for (std::size_t k = 0; k < kernel; ++k)
                    weight_[(k * inputs + c) * outputs + o] = take();
        for (float& b : bias_)
            b = has_bias ? take() : 0;
    }
    void operator()(const float* x, float* y) {
        const std::size_t steps = past_.size() / inputs_;
        std::copy_n(x, inputs_, past_.data() + now_ * inputs_);
        std::copy_n(bias_.data(), outputs_, y);
        const float* w = weight_.data();
        for (std::size_t k = 0; k < kernel_; ++k) {
            const std::size_t step = now_ + 1 + k * dilation_; // the oldest lies behind the newest
            const float* in = past_.data() + (step < steps ? step : step - steps) * inputs_;
            for (std::size_t c = 0; c < inputs_; ++c, w += outputs_)
                for (std::size_t o = 0; o < outputs_; ++o)
                    y[o] += w[o] * in[c];
        }
        now_ = now_ + 1 < steps ? now_ + 1 : 0;
    }
};

} // namespace bench
