// Whether a file holds the tensors of a model, and of its topology. Needs jansson.
#pragma once

#include <lamina/error.hpp>
#include <lamina/io/json.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/safetensors_format.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI::io {

/// "1x28x28 Conv<16,3,1> LeakyReLU<> MaxPool<2,2> Dense<10>".
[[nodiscard]] inline std::string topology_text(const dims& input, std::span<const LayerInfo> layers) {
    std::string text;
    topology::spell(input, layers, [&](std::string_view part) { text += part; });
    return text;
}

/// 16 hexadecimal digits.
[[nodiscard]] inline std::string fingerprint_text(std::uint64_t fingerprint) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(fingerprint));
    return text;
}

/// The first difference of two topologies, word by word; empty if there is none.
[[nodiscard]] inline std::string topology_fault(std::string_view expected, std::string_view found) {
    const auto take_word = [](std::string_view& text) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
        return word;
    };
    const auto shown = [](std::string_view word) { return word.empty() ? "none" : printable(word); };
    for (int layer = -1; !expected.empty() || !found.empty(); ++layer) {
        const std::string_view wanted = take_word(expected), given = take_word(found);
        if (wanted != given)
            return (layer < 0 ? "input" : "layer " + std::to_string(layer)) + ": expected " + shown(wanted) +
                   ", found " + shown(given);
    }
    return {};
}

/// What a file's metadata say against its topology being the model's; nothing, if they do not say any.
template <class M>
[[nodiscard]] std::string topology_fault(const Safetensors& file) {
    if (const std::string* found = file.find(topology_key))
        if (const std::string fault =
                topology_fault(topology_text(M::input_shape::extents, M::layers), *found);
            !fault.empty())
            return fault;
    const std::string expected = fingerprint_text(M::fingerprint);
    const std::string* found = file.find(fingerprint_key);
    if (found == nullptr || *found == expected)
        return {};
    return "fingerprint of the topology: expected " + expected + ", found " + printable(*found);
}

/// What a file's metadata say against its tensors being laid out as PyTorch's; nothing, if they do not say.
/// Others have the axes of kernels and matrices in another order, also where the shapes are the same.
[[nodiscard]] inline std::string format_fault(const Safetensors& file) {
    const std::string* found = file.find(format_key);
    if (found == nullptr || *found == torch_format)
        return {};
    return std::string{"\n  format in the metadata: expected "} + torch_format + " or none, found " +
           printable(*found) +
           ": bring weights into PyTorch's order, [out,in,kh,kw] and [out,in], "
           "and save them with the format pt";
}

/// The stored tensor for each of those expected, and what is wrong with the file: another format, and all
/// tensors that are missing, of another shape or kind of numbers, or not expected.
struct Matches {
    std::vector<const StoredTensor*> tensors;
    std::string faults;
};

[[nodiscard]] inline Matches match(std::span<const ModelTensor> expected, const Safetensors& file) {
    std::vector<const StoredTensor*> others =
        sorted(file.tensors, [](const StoredTensor& a, const StoredTensor& b) { return a.name < b.name; });
    const auto take_out = [&](std::string_view name) -> const StoredTensor* {
        for (const StoredTensor*& other : others)
            if (other != nullptr && other->name == name)
                return std::exchange(other, nullptr);
        return nullptr;
    };

    Matches matches{{}, format_fault(file)};
    for (const ModelTensor& tensor : expected) {
        const StoredTensor* own = take_out(tensor.name);
        matches.tensors.push_back(own);
        const std::vector<std::uint64_t> shape = extents_of(tensor.shape);
        const bool readable = own == nullptr || own->dtype != Dtype::other;
        if (own == nullptr || own->shape != shape || !readable)
            matches.faults += "\n  " + std::string{std::string_view{tensor.name}} + ": expected " +
                              to_string(shape) + (readable ? "" : std::string{" of "} + readable_dtypes) +
                              ", found " + (own ? to_string(*own) : "none");
    }
    for (const StoredTensor* other : others)
        if (other != nullptr)
            matches.faults += "\n  " + printable(other->name) + ": expected none, found " + to_string(*other);
    return matches;
}

} // namespace lamina::inline LAMINA_ABI::io
