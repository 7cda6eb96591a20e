// save and load: a model's weights in safetensors files, as PyTorch reads and writes them. Needs jansson.
#pragma once

#include <lamina/io/input_file.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/output_file.hpp>
#include <lamina/io/safetensors_format.hpp>
#include <lamina/io/safetensors_reader.hpp>
#include <lamina/io/tensor_numbers.hpp>
#include <lamina/model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lamina {

namespace io {

template <class Topology, class In, class T>
[[nodiscard]] std::vector<std::byte> encode(const Model<Topology, In, T>& model, const std::string& target) {
    const std::span<const T> parameters = model.parameters();
    Safetensors file;
    file.metadata = {{"format", "pt"}, {topology_key, topology_text(In::extents, model.layers)}};
    std::vector<std::byte> data;
    for (const ModelTensor& tensor : model_tensors(model)) {
        const std::size_t begin = data.size();
        write_numbers(tensor, parameters, data, target);
        file.tensors.push_back({tensor.name, dtype_of<T>, tensor.shape, begin, data.size()});
    }
    file.data = data;
    return to_bytes(file);
}

} // namespace io

/// The model's weights and biases as a safetensors file, as `torch.nn.Sequential` names and shapes them:
/// layer 0 has `0.weight` and `0.bias`; a convolution's weight is [out,in,kh,kw], a dense layer's [out,in].
/// F32, of a model in double F64. Throws `format_error` if a number is not finite.
template <class Topology, class In, class T>
[[nodiscard]] std::vector<std::byte> save(const Model<Topology, In, T>& model) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        return io::encode(model, "model");
    else
        return {};
}

/// The same into a file. The file appears complete or not at all: whatever fails, an older one stays as it
/// was. Throws `format_error`, which names the file and the system's reason.
template <class Topology, class In, class T>
void save(const Model<Topology, In, T>& model, const std::string& path) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        io::replace_file(path, io::encode(model, path));
}

/// Weights and biases from a safetensors file, written by `save` or from a state dict of PyTorch's. Numbers
/// may be F16, BF16, F32 or F64; those too precise for the model are rounded. A file must have the model's
/// tensors, all of them and no other; one written by `save` must come from the same layers, too.
///
/// Throws `format_error`, which names `source`, the tensors, what was expected and what was found; the model
/// is then as it was before.
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, std::span<const std::byte> bytes,
          const std::string& source = "safetensors bytes") {
    if constexpr (!Broken<Model<Topology, In, T>>) {
        const io::Safetensors file = io::SafetensorsReader{bytes, source}.read();
        io::check_topology(file.metadata, io::topology_text(In::extents, model.layers), source);
        const std::vector<io::ModelTensor> tensors = io::model_tensors(model);
        const std::vector<const io::StoredTensor*> stored = io::match(tensors, file.tensors, source);

        const std::span<T> parameters = model.parameters();
        std::vector<T> loaded(parameters.size()); // zero, as the padding between tensors must be
        for (std::size_t i = 0; i < tensors.size(); ++i)
            io::read_numbers(tensors[i], stored[i]->dtype, file.bytes(*stored[i]), std::span<T>{loaded},
                             source);
        std::copy(loaded.begin(), loaded.end(), parameters.begin());
    }
}

/// The same from a file.
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, const std::string& path) {
    io::InputFile file{path};
    const std::vector<std::uint8_t> bytes = io::read_bytes(file, PTRDIFF_MAX);
    load(model, std::as_bytes(std::span{bytes}), path);
}

} // namespace lamina
