// A model's weights and biases as the tensors of a file: names, shapes, order of elements.
#pragma once

#include <lamina/error.hpp>
#include <lamina/io/json.hpp>
#include <lamina/io/safetensors_format.hpp>
#include <lamina/model.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/net.hpp>
#include <lamina/topology/summary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::io {

/// A weight or bias: its name and shape in files, and its place in the model's flat array.
struct ModelTensor {
    std::string name;
    std::vector<std::uint64_t> shape;
    std::size_t offset = 0;
    std::size_t size = 0;
    /// In memory it is a matrix of [size / columns][columns], in the file the transposed one.
    std::size_t columns = 1;

    /// Where the i-th element of the file is in the flat array.
    [[nodiscard]] std::size_t place(std::size_t i) const noexcept {
        const std::size_t rows = size / columns;
        return offset + i % rows * columns + i / rows;
    }
};

/// Files have the outputs first; memory has them last where the layer says so.
[[nodiscard]] inline ModelTensor model_tensor(int layer, const char* kind, const dims& extents,
                                              std::ptrdiff_t offset, bool ends_in_outputs) {
    ModelTensor tensor{std::to_string(layer) + kind,
                       {extents.extent, extents.extent + extents.rank},
                       static_cast<std::size_t>(offset),
                       extents.size()};
    if (ends_in_outputs) {
        tensor.columns = static_cast<std::size_t>(extents[extents.rank - 1]);
        std::rotate(tensor.shape.begin(), tensor.shape.end() - 1, tensor.shape.end());
    }
    return tensor;
}

template <int I, class Layer, class Model>
void add_tensors_of_layer(const Model& model, std::vector<ModelTensor>& tensors) {
    const auto add = [&](const char* kind, auto view, bool ends_in_outputs) {
        tensors.push_back(model_tensor(I, kind, decltype(view)::shape::extents,
                                       view.data() - model.parameters().data(), ends_in_outputs));
    };
    constexpr bool ends_in_outputs = requires {
        requires Layer::weight_ends_in_outputs;
    };
    if constexpr (requires { model.template weight<I>(); })
        add(".weight", model.template weight<I>(), ends_in_outputs);
    if constexpr (requires { model.template bias<I>(); })
        add(".bias", model.template bias<I>(), false);
}

/// In the order of the layers.
template <class... Layers, class In, class T>
[[nodiscard]] std::vector<ModelTensor> model_tensors(const Model<Net<Layers...>, In, T>& model) {
    std::vector<ModelTensor> tensors;
    [&]<int... I>(std::integer_sequence<int, I...>) {
        (add_tensors_of_layer<I, Layers>(model, tensors), ...);
    }
    (std::make_integer_sequence<int, sizeof...(Layers)>{});
    return tensors;
}

inline constexpr const char* topology_key = "lamina.topology";

/// "1x28x28 Conv<16,3,1> LeakyReLU<> MaxPool<2,2> Dense<10>".
[[nodiscard]] inline std::string topology_text(const dims& input, std::span<const LayerInfo> layers) {
    std::string text = to_string(input);
    for (const LayerInfo& layer : layers)
        text.append(" ").append(layer.name);
    return text;
}

/// Compares word by word; a file that does not say its topology has any.
inline void check_topology(const std::map<std::string, std::string>& metadata, std::string_view expected,
                           const std::string& source) {
    const auto entry = metadata.find(topology_key);
    if (entry == metadata.end())
        return;
    const auto take_word = [](std::string_view& text) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        return word;
    };
    const auto shown = [](std::string_view word) { return word.empty() ? "none" : printable(word); };
    std::string_view found = entry->second;
    for (int layer = -1; !expected.empty() || !found.empty(); ++layer) {
        const std::string_view wanted = take_word(expected), given = take_word(found);
        if (wanted != given)
            raise(format_error{source + ": " + (layer < 0 ? "input" : "layer " + std::to_string(layer)) +
                               ": expected " + shown(wanted) + ", found " + shown(given)});
    }
}

/// The stored tensor for each of the model's. The error lists all that are missing, of another shape, or not
/// the model's.
[[nodiscard]] inline std::vector<const StoredTensor*> match(const std::vector<ModelTensor>& expected,
                                                            const std::vector<StoredTensor>& found,
                                                            const std::string& source) {
    std::map<std::string_view, const StoredTensor*> others;
    for (const StoredTensor& tensor : found)
        others[tensor.name] = &tensor;

    std::vector<const StoredTensor*> matches;
    std::string faults;
    for (const ModelTensor& tensor : expected) {
        const auto node = others.extract(tensor.name);
        matches.push_back(node ? node.mapped() : nullptr);
        if (!node || node.mapped()->shape != tensor.shape)
            faults += "\n  " + tensor.name + ": expected " + to_string(tensor.shape) + ", found " +
                      (node ? to_string(node.mapped()->shape) : "none");
    }
    for (const auto& [name, tensor] : others)
        faults += "\n  " + printable(name) + ": expected none, found " + to_string(tensor->shape);
    if (!faults.empty())
        raise(format_error{source + ": expected the tensors of the model, found other ones:" + faults});
    return matches;
}

} // namespace lamina::io
