// A network of oneDNN primitives, which choose the layouts of what they read and write.
#pragma once

#include "network.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bench {

using dnnl::memory;

/// Primitives with their arguments, in the order they run.
class Calls {
  public:
    explicit Calls(dnnl::engine where) : engine{std::move(where)}, stream{engine} {}

    void add(dnnl::primitive primitive, std::unordered_map<int, memory> arguments) {
        calls_.emplace_back(std::move(primitive), std::move(arguments));
    }
    void run() {
        for (auto& [primitive, arguments] : calls_)
            primitive.execute(stream, arguments);
        stream.wait();
    }

    [[nodiscard]] memory make(const memory::desc& desc) const { return {desc, engine}; }
    /// `from` in the layout `wanted`: reordered each time the calls run, if it must be.
    [[nodiscard]] memory reordered(memory from, const memory::desc& wanted) {
        if (from.get_desc() == wanted)
            return from;
        memory to = make(wanted);
        add(dnnl::reorder{from, to}, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
        return to;
    }
    /// `values`, reordered now and never again.
    [[nodiscard]] memory constant(const std::vector<float>& values, const memory::desc& plain,
                                  const memory::desc& wanted) {
        memory from = make(plain), to = make(wanted);
        std::copy(values.begin(), values.end(), static_cast<float*>(from.get_data_handle()));
        dnnl::reorder{from, to}.execute(stream, from, to);
        stream.wait();
        return to;
    }

    dnnl::engine engine;
    dnnl::stream stream;

  private:
    std::vector<std::pair<dnnl::primitive, std::unordered_map<int, memory>>> calls_;
};

[[nodiscard]] inline memory::desc described(const memory::dims& dims, memory::format_tag tag) {
    return {dims, memory::data_type::f32, tag};
}
[[nodiscard]] inline memory::desc any(const memory::dims& dims) {
    return described(dims, memory::format_tag::any);
}
/// Row-major.
[[nodiscard]] inline memory::desc plain(const memory::dims& dims) {
    using tag = memory::format_tag;
    constexpr tag tags[] = {tag::a, tag::ab, tag::abc, tag::abcd};
    return described(dims, tags[dims.size() - 1]);
}

[[nodiscard]] inline memory::dims with_samples(int batch, const lamina::dims& shape) {
    memory::dims dims{batch};
    dims.insert(dims.end(), shape.extent, shape.extent + shape.rank);
    return dims;
}

/// Of a layer's forward pass, what its backward pass needs.
struct Step {
    const Layer* layer;
    const Layer* activation; ///< that was computed along with it, or null
    memory x, y, weight, bias, workspace;
    dnnl::convolution_forward::primitive_desc conv;
    dnnl::inner_product_forward::primitive_desc dense;
    dnnl::pooling_forward::primitive_desc pool;
};

struct Eltwise {
    dnnl::algorithm forward, backward; ///< backward from the outputs, as they alone are kept
    float alpha;
};
[[nodiscard]] inline Eltwise eltwise(const Layer& activation) {
    if (activation.kind == Kind::tanh)
        return {dnnl::algorithm::eltwise_tanh, dnnl::algorithm::eltwise_tanh_use_dst_for_bwd, 0};
    return {dnnl::algorithm::eltwise_relu, dnnl::algorithm::eltwise_relu_use_dst_for_bwd, activation.slope};
}

/// The forward pass of `batch` samples.
class OneDnnNet {
  public:
    OneDnnNet(const Network& network, int batch, dnnl::prop_kind kind) : batch_{batch}, kind_{kind} {
        const auto& layers = network.layers;
        input = calls.make(plain(with_samples(batch, network.input)));
        memory x = input;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            Step step{};
            step.layer = &layers[i];
            if (i + 1 < layers.size() && layers[i].learns() && layers[i + 1].activates())
                step.activation = &layers[++i];
            step.x = x;
            if (step.layer->kind == Kind::conv)
                add_conv(step);
            else if (step.layer->kind == Kind::dense)
                add_dense(step);
            else
                add_pool(step);
            x = step.y;
            steps.push_back(step);
        }
        output = calls.reordered(x, plain({batch, network.outputs}));
    }

    Calls calls{dnnl::engine{dnnl::engine::kind::cpu, 0}};
    memory input, output;
    std::vector<Step> steps;

  private:
    [[nodiscard]] static dnnl::primitive_attr attributes(const Step& step) {
        dnnl::primitive_attr attributes;
        if (step.activation != nullptr) {
            const Eltwise f = eltwise(*step.activation);
            dnnl::post_ops after;
            after.append_eltwise(1, f.forward, f.alpha, 0);
            attributes.set_post_ops(after);
        }
        return attributes;
    }

    void add_conv(Step& step) {
        const Layer& layer = *step.layer;
        const memory::dims kernel{layer.output[0], layer.input[0], layer.kernel.height, layer.kernel.width},
            stride{layer.stride.height, layer.stride.width}, padding{layer.padding.top, layer.padding.left};
        step.conv = {{kind_, dnnl::algorithm::convolution_direct, any(step.x.get_desc().dims()), any(kernel),
                      plain({layer.output[0]}), any(with_samples(batch_, layer.output)), stride, padding,
                      padding},
                     attributes(step),
                     calls.engine};
        add_weighted<dnnl::convolution_forward>(step, step.conv, kernel);
    }
    /// Takes its input as it comes, which costs less than a reordering to what it would choose.
    void add_dense(Step& step) {
        const Layer& layer = *step.layer;
        memory::dims weight = step.x.get_desc().dims();
        weight[0] = layer.output[0];
        step.dense = {{kind_, step.x.get_desc(), any(weight), plain({layer.output[0]}),
                       any(with_samples(batch_, layer.output))},
                      attributes(step),
                      calls.engine};
        add_weighted<dnnl::inner_product_forward>(step, step.dense, weight);
    }
    template <class Primitive>
    void add_weighted(Step& step, const auto& desc, const memory::dims& weight) {
        step.x = calls.reordered(step.x, desc.src_desc());
        step.weight = calls.constant(step.layer->weight, plain(weight), desc.weights_desc());
        step.bias = calls.constant(step.layer->bias, desc.bias_desc(), desc.bias_desc());
        step.y = calls.make(desc.dst_desc());
        calls.add(Primitive{desc}, {{DNNL_ARG_SRC, step.x},
                                    {DNNL_ARG_WEIGHTS, step.weight},
                                    {DNNL_ARG_BIAS, step.bias},
                                    {DNNL_ARG_DST, step.y}});
    }
    void add_pool(Step& step) {
        const Layer& layer = *step.layer;
        const memory::dims stride{layer.stride.height, layer.stride.width},
            kernel{layer.kernel.height, layer.kernel.width};
        const auto algorithm = layer.kind == Kind::max_pool ? dnnl::algorithm::pooling_max
                                                            : dnnl::algorithm::pooling_avg_exclude_padding;
        step.pool = {{kind_,
                      algorithm,
                      step.x.get_desc(),
                      any(with_samples(batch_, layer.output)),
                      stride,
                      kernel,
                      {0, 0},
                      {0, 0}},
                     calls.engine};
        step.y = calls.make(step.pool.dst_desc());
        std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, step.x}, {DNNL_ARG_DST, step.y}};
        if (step.pool.workspace_desc().get_size() > 0) { // where the maxima were
            step.workspace = calls.make(step.pool.workspace_desc());
            arguments[DNNL_ARG_WORKSPACE] = step.workspace;
        }
        calls.add(dnnl::pooling_forward{step.pool}, arguments);
    }

    int batch_;
    dnnl::prop_kind kind_;
};

} // namespace bench
