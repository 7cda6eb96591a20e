// A network as an ONNX file. Field numbers are those of onnx.proto, operators those of opset 13.
#pragma once

#include "network.hpp"

#include <concepts>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

namespace bench {

/// A message of Protocol Buffers, as bytes.
class Message {
  public:
    Message& add(int field, std::integral auto value) {
        varint(static_cast<std::uint64_t>(field) << 3U);
        varint(static_cast<std::uint64_t>(value));
        return *this;
    }
    Message& add(int field, float value) {
        varint(static_cast<std::uint64_t>(field) << 3U | 5U);
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    Message& add(int field, std::string_view text) {
        varint(static_cast<std::uint64_t>(field) << 3U | 2U);
        varint(text.size());
        bytes += text;
        return *this;
    }
    Message& add(int field, const Message& message) { return add(field, std::string_view{message.bytes}); }
    Message& add(int field, const std::vector<std::int64_t>& values) {
        for (const std::int64_t value : values)
            add(field, value);
        return *this;
    }

    std::string bytes;

  private:
    void varint(std::uint64_t value) {
        for (; value >= 128; value >>= 7U)
            bytes += static_cast<char>(value % 128 + 128);
        bytes += static_cast<char>(value);
    }
};

class OnnxGraph {
  public:
    OnnxGraph(const Network& network, int batch) {
        graph_.add(2, network.name);
        std::vector<std::string> values{"x"};
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            std::vector<std::string> inputs;
            for (const std::size_t value : network.layers[i].inputs)
                inputs.push_back(values[value]);
            values.push_back(
                add(network.layers[i], inputs,
                    i + 1 == network.layers.size() ? "y" : std::string{"y"} += std::to_string(i)));
        }
        std::vector<std::int64_t> shape{batch};
        shape.insert(shape.end(), network.input.extent, network.input.extent + network.input.rank);
        graph_.add(11, tensor_info("x", shape)).add(12, tensor_info("y", {batch, network.outputs}));
    }

    void write(const std::string& path) const {
        const Message opset = Message{}.add(1, std::string_view{}).add(2, 13);
        const Message model = Message{}.add(1, 8).add(7, graph_).add(8, opset);
        std::ofstream{path, std::ios::binary} << model.bytes;
    }

  private:
    /// Adds a layer from `inputs` to `y`; returns `y`.
    std::string add(const Layer& layer, std::vector<std::string> inputs, const std::string& y) {
        const std::vector<std::int64_t> kernel{layer.kernel.height, layer.kernel.width},
            strides{layer.stride.height, layer.stride.width},
            pads{layer.padding.top, layer.padding.left, layer.padding.bottom, layer.padding.right};
        Message node;
        switch (layer.kind) {
        case Kind::conv:
            node.add(4, "Conv");
            add_ints(node, "kernel_shape", kernel), add_ints(node, "strides", strides),
                add_ints(node, "pads", pads),
                node.add(5, Message{}.add(1, "group").add(3, layer.groups).add(20, 2));
            break;
        case Kind::max_pool:
        case Kind::avg_pool:
            node.add(4, layer.kind == Kind::max_pool ? "MaxPool" : "AveragePool");
            add_ints(node, "kernel_shape", kernel), add_ints(node, "strides", strides);
            break;
        case Kind::dense:
            if (layer.input.rank > 1) {
                graph_.add(1, Message{}.add(1, inputs[0]).add(2, y + "_flat").add(4, "Flatten"));
                inputs[0] = y + "_flat";
            }
            node.add(4, "Gemm").add(5, Message{}.add(1, "transB").add(3, 1).add(20, 2));
            break;
        case Kind::sum:
            node.add(4, "Add");
            break;
        case Kind::batch_norm:
            std::abort(); // peers infer folded networks
        case Kind::relu:
            node.add(4, "Relu");
            break;
        case Kind::leaky_relu:
            node.add(4, "LeakyRelu").add(5, Message{}.add(1, "alpha").add(2, layer.slope).add(20, 1));
            break;
        case Kind::tanh:
            node.add(4, "Tanh");
            break;
        }
        for (const std::string& x : inputs)
            node.add(1, x);
        const bool is_global_pool =
            layer.input.rank == 3 && layer.kind == Kind::avg_pool && layer.output.rank == 1;
        node.add(2, is_global_pool ? y + "_image" : y).add(3, y);
        if (layer.learns()) {
            const std::int64_t out = layer.output[0];
            node.add(1, constant(y + "_weight", layer.weight,
                                 layer.kind == Kind::conv
                                     ? std::vector{out, std::int64_t{layer.input[0] / layer.groups},
                                                   kernel[0], kernel[1]}
                                     : std::vector{out, static_cast<std::int64_t>(layer.input.size())}));
            node.add(1, constant(y + "_bias", layer.bias, {out}));
        }
        graph_.add(1, node);
        if (is_global_pool)
            graph_.add(1, Message{}.add(1, y + "_image").add(2, y).add(4, "Flatten"));
        return y;
    }

    std::string constant(const std::string& name, const std::vector<float>& values,
                         const std::vector<std::int64_t>& shape) {
        const std::string_view raw{reinterpret_cast<const char*>(values.data()),
                                   values.size() * sizeof(float)};
        graph_.add(5, Message{}.add(1, shape).add(2, 1).add(8, name).add(9, raw));
        return name;
    }

    static void add_ints(Message& node, std::string_view name, const std::vector<std::int64_t>& values) {
        node.add(5, Message{}.add(1, name).add(8, values).add(20, 7));
    }

    static Message tensor_info(std::string_view name, const std::vector<std::int64_t>& shape) {
        Message dims;
        for (const std::int64_t extent : shape)
            dims.add(1, Message{}.add(1, extent));
        return Message{}.add(1, name).add(2, Message{}.add(1, Message{}.add(1, 1).add(2, dims)));
    }

    Message graph_;
};

} // namespace bench
