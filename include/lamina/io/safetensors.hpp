// save and load: a model's weights in safetensors files, as PyTorch reads and writes them. Needs jansson and
// zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/input_file.hpp>
#include <lamina/files/output_file.hpp>
#include <lamina/io/file_options.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/saved_bytes.hpp>
#include <lamina/model.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lamina::inline LAMINA_ABI {

namespace io {
template <class Traits>
void write(std::basic_ostream<char, Traits>& stream, const std::vector<std::byte>& bytes) {
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::ptrdiff_t>(bytes.size()));
    if (!stream.flush())
        raise(format_error{"stream: cannot be written"});
}
} // namespace io

/// An array, vector or span of inputs.
template <class T, class In>
using TestInputs = std::type_identity_t<std::span<const Tensor<T, In>>>;

/// The bytes of a safetensors file with the model's weights and biases, named and shaped as by
/// `torch.nn.Sequential`: layer 0 has `0.weight` and `0.bias`; a convolution's weight is [out,in,kh,kw], a
/// dense layer's [out,in]. Numbers are F32, or F64 for a model in double. The metadata hold the topology, its
/// fingerprint and a checksum.
///
/// `tests` are inputs to store in the file together with the model's outputs; `load` then checks that the
/// loaded model gives the same outputs. `{.rename = {{"features.0", "0"}}}` writes tensors under the names of
/// another module; `load` takes the same pairs. Throws `format_error` if a number is not finite, or if the
/// names would not load again.
template <class Topology, class In, class T>
[[nodiscard]] std::vector<std::byte> save(const Model<Topology, In, T>& model, TestInputs<T, In> tests = {},
                                          const SaveOptions& options = {}) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        return io::encode(
            model, tests.size(), [&](std::size_t i) { return tests[i].data(); }, "model", options);
    else
        return {};
}

/// Writes the same to a file. The file is replaced completely or not at all: if anything fails, the older
/// file stays as it was. The new file keeps the permissions of the old one; if the path is a symbolic link,
/// its target is replaced. Throws `format_error`, which names the file and the system's reason.
template <class Topology, class In, class T>
void save(const Model<Topology, In, T>& model, const std::string& path, TestInputs<T, In> tests = {},
          const SaveOptions& options = {}) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        files::replace_file(path, files::bytes_of(io::encode(
                                      model, tests.size(), [&](std::size_t i) { return tests[i].data(); },
                                      files::printable_path(path), options)));
}

/// Writes the same to a `std::ostream`. Throws `format_error` if the stream does not take all bytes.
template <class Topology, class In, class T, class Traits>
void save(const Model<Topology, In, T>& model, std::basic_ostream<char, Traits>& stream,
          TestInputs<T, In> tests = {}, const SaveOptions& options = {}) {
    io::write(stream, save(model, tests, options));
}

/// The same without tests: `save(model, {.rename = ...})`, `save(model, path, {.rename = ...})`.
template <class Topology, class In, class T>
[[nodiscard]] std::vector<std::byte> save(const Model<Topology, In, T>& model, const SaveOptions& options) {
    return save(model, TestInputs<T, In>{}, options);
}
template <class Topology, class In, class T>
void save(const Model<Topology, In, T>& model, const std::string& path, const SaveOptions& options) {
    save(model, path, TestInputs<T, In>{}, options);
}
template <class Topology, class In, class T, class Traits>
void save(const Model<Topology, In, T>& model, std::basic_ostream<char, Traits>& stream,
          const SaveOptions& options) {
    save(model, stream, TestInputs<T, In>{}, options);
}

/// The same of a `dynamic::Network`: the bytes are those of a `Model` with the same topology, names and
/// numbers. `tests` are the numbers of whole inputs, one behind the other; for another number of them it
/// throws `data_error`.
template <RunTimeModel M>
[[nodiscard]] std::vector<std::byte> save(const M& network, std::span<const float> tests = {},
                                          const SaveOptions& options = {}) {
    return io::encode_network(network, tests, "model", options);
}
template <RunTimeModel M>
[[nodiscard]] std::vector<std::byte> save(const M& network, const SaveOptions& options) {
    return save(network, std::span<const float>{}, options);
}
template <RunTimeModel M>
void save(const M& network, const std::string& path, std::span<const float> tests = {},
          const SaveOptions& options = {}) {
    files::replace_file(
        path, files::bytes_of(io::encode_network(network, tests, files::printable_path(path), options)));
}
template <RunTimeModel M>
void save(const M& network, const std::string& path, const SaveOptions& options) {
    save(network, path, std::span<const float>{}, options);
}
template <RunTimeModel M, class Traits>
void save(const M& network, std::basic_ostream<char, Traits>& stream, std::span<const float> tests = {},
          const SaveOptions& options = {}) {
    io::write(stream, save(network, tests, options));
}

/// Loads weights and biases from a safetensors file, which `save` wrote or which holds a PyTorch state dict.
/// Numbers may be F16, BF16, F32 or F64 and are rounded to the model's type. A file must have exactly the
/// model's tensors; `.rename` says what the file calls them, `.ignore` which others to leave out,
/// `.keep` which of the model's stay as they are. A file
/// written by `save` must also be of the same layers and have the right checksum; but one of the two networks
/// may have a Softmax or Sigmoid more, at its end. If the file has test vectors, the model must reproduce
/// their outputs.
///
/// Loading a file that `save` wrote for this very model, without test vectors and options of names, does not
/// allocate (see `load_saved`). Throws `format_error`, which names `source`, the tensors, what was expected
/// and what was found; the model then stays as it was.
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, std::span<const std::byte> bytes,
          std::string_view source = "safetensors bytes", const LoadOptions& options = {}) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        if (!options.rename.pairs.empty() || !options.ignore.lines.empty() || !options.keep.lines.empty() ||
            !load_saved(model, bytes))
            io::decode(model, files::SafetensorsReader{bytes, source}, options);
}
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, std::span<const std::byte> bytes, const LoadOptions& options) {
    load(model, bytes, "safetensors bytes", options);
}

/// The same from a file.
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, const std::string& path, const LoadOptions& options = {}) {
    const std::vector<std::uint8_t> bytes = files::read_whole(path);
    load(model, files::bytes_of(bytes), path, options);
}

/// The same from the rest of a `std::istream`.
template <class Topology, class In, class T, class Traits>
void load(Model<Topology, In, T>& model, std::basic_istream<char, Traits>& stream,
          const LoadOptions& options = {}) {
    files::InputStream file{stream};
    const std::vector<std::uint8_t> bytes = files::read_bytes(file, PTRDIFF_MAX);
    load(model, files::bytes_of(bytes), file.path(), options);
}

/// The same for a `dynamic::Network`, whose topology must be that of the file. (`dynamic::load` makes a
/// network from a file.)
template <RunTimeModel M>
void load(M& network, std::span<const std::byte> bytes, std::string_view source = "safetensors bytes",
          const LoadOptions& options = {}) {
    io::decode(network, files::SafetensorsReader{bytes, source}, options);
}
template <RunTimeModel M>
void load(M& network, std::span<const std::byte> bytes, const LoadOptions& options) {
    load(network, bytes, "safetensors bytes", options);
}
template <RunTimeModel M>
void load(M& network, const std::string& path, const LoadOptions& options = {}) {
    const std::vector<std::uint8_t> bytes = files::read_whole(path);
    load(network, files::bytes_of(bytes), path, options);
}

template <RunTimeModel M, class Traits>
void load(M& network, std::basic_istream<char, Traits>& stream, const LoadOptions& options = {}) {
    files::InputStream file{stream};
    const std::vector<std::uint8_t> bytes = files::read_bytes(file, PTRDIFF_MAX);
    load(network, files::bytes_of(bytes), file.path(), options);
}

} // namespace lamina::inline LAMINA_ABI
