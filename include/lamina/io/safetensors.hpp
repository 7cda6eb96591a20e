// save and load: a model's weights in safetensors files, as PyTorch reads and writes them. Needs jansson and
// zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/io/bytes.hpp>
#include <lamina/io/input_file.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/output_file.hpp>
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

/// Any array of inputs.
template <class T, class In>
using TestInputs = std::type_identity_t<std::span<const Tensor<T, In>>>;

/// The model's weights and biases as a safetensors file, as `torch.nn.Sequential` names and shapes them:
/// layer 0 has `0.weight` and `0.bias`; a convolution's weight is [out,in,kh,kw], a dense layer's [out,in].
/// F32, of a model in double F64. With the topology, its fingerprint and a checksum in the metadata.
///
/// `tests` are inputs that go into the file with the model's answers, for `load` to try.
/// Throws `format_error` if a number is not finite.
template <class Topology, class In, class T>
[[nodiscard]] std::vector<std::byte> save(const Model<Topology, In, T>& model, TestInputs<T, In> tests = {}) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        return io::encode(model, tests, "model");
    else
        return {};
}

/// The same into a file. The file appears complete or not at all: whatever fails, an older one stays as it
/// was. A new one takes over the permissions of the one it replaces; a symbolic link stays, what it leads to
/// is replaced. Throws `format_error`, which names the file and the system's reason.
template <class Topology, class In, class T>
void save(const Model<Topology, In, T>& model, const std::string& path, TestInputs<T, In> tests = {}) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        io::replace_file(path, io::bytes_of(io::encode(model, tests, io::printable_path(path))));
}

/// The same into a stream, a `std::ostream`. Throws `format_error` if the stream does not take all bytes.
template <class Topology, class In, class T, class Traits>
void save(const Model<Topology, In, T>& model, std::basic_ostream<char, Traits>& stream,
          TestInputs<T, In> tests = {}) {
    const std::vector<std::byte> bytes = save(model, tests);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::ptrdiff_t>(bytes.size()));
    if (!stream.flush())
        raise(format_error{"stream: cannot be written"});
}

/// Weights and biases from a safetensors file, written by `save` or from a state dict of PyTorch's. Numbers
/// may be F16, BF16, F32 or F64; those too precise for the model are rounded. A file must have the model's
/// tensors, all of them and no other; one written by `save` must come from the same layers, too, and its
/// checksum must be right. If it has test vectors, the model must answer as they say.
///
/// No heap for a file that `save` wrote for this very model without test vectors (see `load_saved`).
/// Throws `format_error`, which names `source`, the tensors, what was expected and what was found; the model
/// is then as it was before.
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, std::span<const std::byte> bytes,
          std::string_view source = "safetensors bytes", LoadOptions options = {}) {
    if constexpr (!Broken<Model<Topology, In, T>>)
        if (!load_saved(model, bytes))
            io::decode(model, io::SafetensorsReader{bytes, source}, options);
}

/// The same from a file.
template <class Topology, class In, class T>
void load(Model<Topology, In, T>& model, const std::string& path, LoadOptions options = {}) {
    const std::vector<std::uint8_t> bytes = io::read_whole(path);
    load(model, io::bytes_of(bytes), path, options);
}

/// The same from what is left of a stream, a `std::istream`.
template <class Topology, class In, class T, class Traits>
void load(Model<Topology, In, T>& model, std::basic_istream<char, Traits>& stream, LoadOptions options = {}) {
    io::InputStream file{stream};
    const std::vector<std::uint8_t> bytes = io::read_bytes(file, PTRDIFF_MAX);
    load(model, io::bytes_of(bytes), file.path(), options);
}

} // namespace lamina::inline LAMINA_ABI
