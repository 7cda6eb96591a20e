// A network of plain loops (plain.hpp), with the parameters of a model: scores, gradients, steps.
#pragma once

#include "plain.hpp"

#include <lamina/data/images.hpp>
#include <lamina/indices.hpp>

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

namespace bench::plain {

template <class Model>
class Network;

template <class... Layers, class In>
class Network<ln::Model<ln::Net<Layers...>, In>> {
    using Model = ln::Model<ln::Net<Layers...>, In>;
    static constexpr int count = sizeof...(Layers);

    template <int I>
    using placed = typename Model::inferred::template at<I>;
    /// The position of a layer's weight or bias in the flat array, or 0.
    static constexpr std::size_t offset_of(int layer, bool weight) {
        for (const ln::ModelTensor& t : Model::tensors)
            if (t.layer == layer && t.is_weight == weight)
                return t.offset;
        return 0;
    }

  public:
    explicit Network(const Model& model)
        : parameters_{model.parameters().begin(), model.parameters().end()},
          gradients_(parameters_.size()), state_{std::make_unique<State>()} {
        values_.emplace_back(In::size);
        for (const ln::LayerInfo& layer : Model::layers)
            values_.emplace_back(layer.output.size());
        slopes_ = values_;
    }

    /// The scores of one sample, valid until the next call.
    const float* forward(const float* x) {
        std::copy(x, x + In::size, values_[0].begin());
        forward();
        return values_.back().data();
    }

    /// Adds to the gradients those of the sample that went forward last, whose scores have the gradient `dy`.
    void backward(const float* dy) {
        std::copy(dy, dy + Model::output_shape::size, slopes_.back().begin());
        backward();
    }
    void clear_gradients() { std::fill(gradients_.begin(), gradients_.end(), 0.0F); }
    [[nodiscard]] std::span<const float> gradients() const noexcept { return gradients_; }

    /// Feeding, forward, loss, backward and optimiser. Returns the mean loss before the step.
    float step(const ln::data::Images& images, std::span<const std::uint32_t> indices) {
        constexpr ln::SoftmaxCrossEntropy loss;
        using Scores = ln::View<float, typename Model::output_shape>;
        const float share = 1.0F / static_cast<float>(indices.size());
        float sum = 0;
        clear_gradients();
        for (const std::uint32_t i : indices) {
            const std::uint8_t* pixels = images.image(i).pixels();
            for (int k = 0; k < In::size; ++k)
                values_[0][static_cast<std::size_t>(k)] = static_cast<float>(pixels[k]) * (1.0F / 255.0F);
            forward();
            float target[Model::output_shape::size] = {};
            target[images.label(i)] = 1;
            sum += loss.loss_and_gradient(Scores{values_.back().data()}, Scores{target},
                                          Scores{slopes_.back().data()});
            for (float& dy : slopes_.back())
                dy *= share;
            backward();
        }
        optimizer.update(parameters_.data(), gradients_.data(), *state_, optimizer.learning_rate);
        return sum * share;
    }

    ln::SGD optimizer;

  private:
    using State = typename ln::SGD::State<float, Model::parameter_extent>;

    /// f(loops, shapes) of layer I.
    template <int I>
    static void with_layer(auto f) {
        using P = placed<I>;
        f(Loops<typename P::layer>{}, At<typename P::input, typename P::output>{});
    }

    void forward() {
        ln::for_each_index<count>([this](auto i) {
            with_layer<i>([&]<class L, class A>(L, A) {
                const float* p = parameters_.data();
                L::template forward<A>(values_[i].data(), p + offset_of(i, true), p + offset_of(i, false),
                                       values_[std::size_t{i} + 1].data());
            });
        });
    }
    void backward() {
        ln::for_each_index<count>([this](auto k) {
            constexpr int i = count - 1 - k;
            constexpr std::size_t x = i, y = i + 1;
            with_layer<i>([&]<class L, class A>(L, A) {
                float* g = gradients_.data();
                L::template backward<A>(values_[x].data(), values_[y].data(), slopes_[y].data(),
                                        parameters_.data() + offset_of(i, true),
                                        i > 0 ? slopes_[x].data() : nullptr, g + offset_of(i, true),
                                        g + offset_of(i, false));
            });
        });
    }

    std::vector<float> parameters_, gradients_;
    std::unique_ptr<State> state_;
    std::vector<std::vector<float>> values_, slopes_; ///< activations, and the loss's derivatives by them
};

} // namespace bench::plain
