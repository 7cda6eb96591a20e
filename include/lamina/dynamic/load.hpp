// load: a run-time network from a file alone. Needs jansson and zlib.
#pragma once

#include <lamina/dynamic/network.hpp>
#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/input_file.hpp>
#include <lamina/files/printable.hpp>
#include <lamina/files/safetensors_reader.hpp>
#include <lamina/io/file_options.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/names.hpp>
#include <lamina/io/safetensors.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::inline LAMINA_ABI::dynamic {

/// The paths of the layers in a file, whose tensors have the order of the network's, as `save` writes them.
/// A layer without tensors has its number. Throws `format_error` if the tensors are others.
[[nodiscard]] inline std::vector<std::string> paths_in_file(const Network& network,
                                                            const files::Safetensors& file,
                                                            const LoadOptions& options,
                                                            const std::string& source) {
    std::vector<const files::StoredTensor*> stored;
    for (const files::StoredTensor& tensor : file.tensors)
        if (!io::is_below(tensor.name, "lamina.test") && !io::is_of_any(tensor.name, options.ignore))
            stored.push_back(&tensor);
    std::sort(stored.begin(), stored.end(), [](const auto* a, const auto* b) { return a->begin < b->begin; });
    const ModelTensors expected = network.tensors();
    if (stored.size() != expected.size())
        raise(format_error{source + ": expected " + std::to_string(expected.size()) +
                           " tensors, as the topology in its metadata has, found " +
                           std::to_string(stored.size())});
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < network.layers().size(); ++i)
        paths.push_back(std::to_string(i));
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const std::string_view own = expected[i].name, last = own.substr(own.rfind('.'));
        const std::string name = io::name_in_model(options.rename.pairs, stored[i]->name);
        if (!name.ends_with(last) || stored[i]->shape != files::extents_of(expected[i].shape))
            raise(format_error{source +
                               ": expected tensors in the order of the layers, as save writes them: a " +
                               std::string{last.substr(1)} + " of " +
                               files::to_string(files::extents_of(expected[i].shape)) + " for layer " +
                               std::to_string(expected[i].layer) + ", found " + files::printable(name) +
                               " of " + files::to_string(stored[i]->shape)});
        paths[as_size(expected[i].layer)] = name.substr(0, name.size() - last.size());
    }
    return paths;
}

/// A network that a file describes, which `save` wrote: its topology is in the metadata, its numbers and
/// their names are the tensors. `MyLayers` are layers of yours that it may have.
///
///     ln::dynamic::Network network = ln::dynamic::load("digits.safetensors");
///
/// Throws `format_error`, which names the file, what was expected and what was found, and `shape_error` if
/// the topology has a layer that is not known, or does not fit.
template <class... MyLayers>
[[nodiscard]] Network load(const std::string& path, const LoadOptions& options = {}) {
    const std::vector<std::uint8_t> bytes = files::read_whole(path);
    const files::SafetensorsReader reader{files::bytes_of(bytes), path};
    const files::Safetensors file = reader.read();
    const std::string* const topology = file.find(files::topology_key);
    if (topology == nullptr)
        raise(format_error{reader.source() +
                           ": expected a topology in the metadata, as save writes it, found "
                           "none: make a Network of it, and load(network, path)"});
    const std::vector<std::string> paths =
        paths_in_file(Network::with<MyLayers...>(*topology), file, options, reader.source());
    Network network = Network::with<MyLayers...>(*topology, paths);
    io::decode(network, reader, options);
    return network;
}

} // namespace lamina::inline LAMINA_ABI::dynamic
