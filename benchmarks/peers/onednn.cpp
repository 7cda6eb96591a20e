// lamina and oneDNN, which libtorch and others build on: card, lenet5, mlp and vgg_small.
#include "compare.hpp"
#include "libraries.hpp"
#include "onednn_net.hpp"

namespace {

using namespace bench;

[[nodiscard]] float* numbers(const memory& m) {
    return static_cast<float*>(m.get_data_handle());
}

class OneDnnInference {
  public:
    OneDnnInference(const Network& network, int batch)
        : net_{network, batch, dnnl::prop_kind::forward_inference} {}

    void infer(const float* x, float* y) {
        net_.input.set_data_handle(const_cast<float*>(x));
        net_.calls.run();
        std::copy_n(numbers(net_.output), net_.output.get_desc().get_size() / sizeof(float), y);
    }

  private:
    OneDnnNet net_;
};

/// What is learnt, its gradient, and the optimiser's state.
struct Learnt {
    memory value, gradient;
    std::vector<float> velocity;
};

class OneDnnTrainer {
  public:
    OneDnnTrainer(const Network& network, int batch)
        : outputs_{network.outputs}, net_{network, batch, dnnl::prop_kind::forward_training},
          output_gradient_{net_.calls.make(net_.output.get_desc())} {
        memory gradient = output_gradient_;
        for (std::size_t i = net_.steps.size(); i-- > 0;) {
            const Step& step = net_.steps[i];
            if (step.activation != nullptr)
                gradient = activation_gradient(step, gradient);
            if (step.layer->kind == Kind::conv)
                gradient = conv_gradient(step, gradient, i > 0);
            else if (step.layer->kind == Kind::dense)
                gradient = dense_gradient(step, gradient, i > 0);
            else
                gradient = pool_gradient(step, gradient);
        }
    }

    float train(const lamina::data::Images& images, std::span<const std::uint32_t> indices) {
        float* x = numbers(net_.input);
        for (const std::uint32_t i : indices) {
            const std::uint8_t* pixels = images.image(i).pixels();
            for (std::size_t p = 0; p < images.shape().size(); ++p)
                *x++ = static_cast<float>(pixels[p]) * (1.0F / 255.0F);
        }
        net_.calls.run();
        const float loss = cross_entropy(images, indices);
        backward_.run();
        for (Learnt& l : learnt_)
            descend(numbers(l.value), numbers(l.gradient), l.velocity.data(), l.velocity.size());
        return loss;
    }

  private:
    /// The mean loss; its gradient by the scores goes to `output_gradient_`.
    float cross_entropy(const lamina::data::Images& images, std::span<const std::uint32_t> indices) {
        const float share = 1.0F / static_cast<float>(indices.size());
        const float* y = numbers(net_.output);
        float* dy = numbers(output_gradient_);
        float loss = 0;
        for (const std::uint32_t i : indices) {
            const float largest = *std::max_element(y, y + outputs_);
            float sum = 0;
            for (int o = 0; o < outputs_; ++o)
                sum += dy[o] = std::exp(y[o] - largest);
            for (int o = 0; o < outputs_; ++o)
                dy[o] *= share / sum;
            dy[images.label(i)] -= share;
            loss += std::log(sum) + largest - y[images.label(i)];
            y += outputs_;
            dy += outputs_;
        }
        return loss * share;
    }

    static void descend(float* __restrict p, const float* __restrict g, float* __restrict v, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            v[i] = static_cast<float>(momentum) * v[i] + g[i];
            p[i] -= static_cast<float>(learning_rate) * v[i];
        }
    }

    memory activation_gradient(const Step& step, memory dy) {
        const Eltwise f = eltwise(*step.activation);
        const memory::desc y = step.y.get_desc();
        const dnnl::eltwise_forward::primitive_desc hint{
            {dnnl::prop_kind::forward_training, f.backward, y, f.alpha, 0}, backward_.engine};
        dy = backward_.reordered(dy, y);
        backward_.add(dnnl::eltwise_backward{{{f.backward, y, y, f.alpha, 0}, backward_.engine, hint}},
                      {{DNNL_ARG_DST, step.y}, {DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_SRC, dy}});
        return dy;
    }

    memory pool_gradient(const Step& step, memory dy) {
        const memory::dims stride{step.layer->stride.height, step.layer->stride.width},
            kernel{step.layer->kernel.height, step.layer->kernel.width};
        const auto algorithm = step.layer->kind == Kind::max_pool
                                   ? dnnl::algorithm::pooling_max
                                   : dnnl::algorithm::pooling_avg_exclude_padding;
        const dnnl::pooling_backward::primitive_desc desc{
            {algorithm, step.x.get_desc(), step.y.get_desc(), stride, kernel, {0, 0}, {0, 0}},
            backward_.engine,
            step.pool};
        memory dx = backward_.make(step.x.get_desc());
        std::unordered_map<int, memory> arguments{
            {DNNL_ARG_DIFF_DST, backward_.reordered(dy, step.y.get_desc())}, {DNNL_ARG_DIFF_SRC, dx}};
        if (step.workspace)
            arguments[DNNL_ARG_WORKSPACE] = step.workspace;
        backward_.add(dnnl::pooling_backward{desc}, arguments);
        return dx;
    }

    memory conv_gradient(const Step& step, const memory& dy, bool input_too) {
        const memory::dims stride{step.layer->stride.height, step.layer->stride.width},
            padding{step.layer->padding.top, step.layer->padding.left};
        const auto algorithm = dnnl::algorithm::convolution_direct;
        const memory::desc x = any(step.x.get_desc().dims()), y = any(step.y.get_desc().dims()),
                           w = any(step.weight.get_desc().dims());
        learn<dnnl::convolution_backward_weights>(
            step, dy,
            {{algorithm, x, w, step.bias.get_desc(), y, stride, padding, padding},
             backward_.engine,
             step.conv});
        if (!input_too)
            return {};
        return input_gradient<dnnl::convolution_backward_data>(
            step, dy, {{algorithm, x, w, y, stride, padding, padding}, backward_.engine, step.conv});
    }

    memory dense_gradient(const Step& step, const memory& dy, bool input_too) {
        const memory::desc x = step.x.get_desc(), y = any(step.y.get_desc().dims()),
                           w = any(step.weight.get_desc().dims());
        learn<dnnl::inner_product_backward_weights>(
            step, dy, {{x, w, step.bias.get_desc(), y}, backward_.engine, step.dense});
        if (!input_too)
            return {};
        return input_gradient<dnnl::inner_product_backward_data>(step, dy,
                                                                 {{x, w, y}, backward_.engine, step.dense});
    }

    template <class Primitive>
    memory input_gradient(const Step& step, const memory& dy,
                          const typename Primitive::primitive_desc& desc) {
        memory dx = backward_.make(desc.diff_src_desc());
        backward_.add(Primitive{desc},
                      {{DNNL_ARG_DIFF_DST, backward_.reordered(dy, desc.diff_dst_desc())},
                       {DNNL_ARG_WEIGHTS, backward_.reordered(step.weight, desc.weights_desc())},
                       {DNNL_ARG_DIFF_SRC, dx}});
        return dx;
    }

    template <class Primitive>
    void learn(const Step& step, const memory& dy, const typename Primitive::primitive_desc& desc) {
        memory dw = backward_.make(desc.diff_weights_desc()), db = backward_.make(desc.diff_bias_desc());
        backward_.add(Primitive{desc}, {{DNNL_ARG_SRC, backward_.reordered(step.x, desc.src_desc())},
                                        {DNNL_ARG_DIFF_DST, backward_.reordered(dy, desc.diff_dst_desc())},
                                        {DNNL_ARG_DIFF_WEIGHTS, dw},
                                        {DNNL_ARG_DIFF_BIAS, db}});
        keep(step.weight, backward_.reordered(dw, step.weight.get_desc()));
        keep(step.bias, db);
    }
    void keep(const memory& value, const memory& gradient) {
        learnt_.push_back({value, gradient, std::vector<float>(value.get_desc().get_size() / sizeof(float))});
    }

    int outputs_;
    OneDnnNet net_;
    Calls backward_{net_.calls.engine};
    memory output_gradient_;
    std::vector<Learnt> learnt_;
};

} // namespace

int main(int count, char** arguments) {
    restart_with_settings(arguments);
    keep_memory();
    for (const char* network : {"card", "lenet5", "mlp"}) {
        add_training<OneDnnTrainer>("onednn", network, {32, 64, 256});
        add_inference<OneDnnInference>("onednn", network, {16, 64, 256});
    }
    add_training<OneDnnTrainer>("onednn", "vgg_small", {16, 64});
    add_inference<OneDnnInference>("onednn", "vgg_small", {16, 64});
    return run_all(count, arguments);
}
