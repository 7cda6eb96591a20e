// Checks whether a file has the topology of a model, by its metadata. Needs jansson.
#pragma once

#include <lamina/files/printable.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/files/spelling.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI::io {

/// "1x28x28 Conv<16,3,1> LeakyReLU<> MaxPool<2,2> Dense<10>".
[[nodiscard]] inline std::string topology_text(const dims& input, std::span<const LayerInfo> layers) {
    std::string text;
    topology::spell(input, layers, layers.size(), [&](std::string_view part) { text += part; });
    return text;
}
template <class M>
[[nodiscard]] std::string topology_text() {
    return topology_text(M::input_shape::extents, M::layers);
}

/// 16 hexadecimal digits.
[[nodiscard]] inline std::string fingerprint_text(std::uint64_t fingerprint) {
    return files::spelled([&](files::Spelling& out) { out.hexadecimal(fingerprint, 16); });
}

/// The first difference of two topologies, word by word; empty if there is none.
[[nodiscard]] inline std::string topology_fault(std::string_view expected, std::string_view found) {
    const auto take_word = [](std::string_view& text) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
        return word;
    };
    const auto shown = [](std::string_view word) { return word.empty() ? "none" : files::printable(word); };
    for (int layer = -1; !expected.empty() || !found.empty(); ++layer) {
        const std::string_view wanted = take_word(expected), given = take_word(found);
        if (wanted != given)
            return (layer < 0 ? "input" : "layer " + std::to_string(layer)) + ": expected " + shown(wanted) +
                   ", found " + shown(given);
    }
    return {};
}

/// The start of a text, up to this number of words.
[[nodiscard]] inline std::string_view first_words(std::string_view text, int words) noexcept {
    std::size_t end = 0;
    while (words-- > 0 && end < text.size())
        end = text.find(' ', end + 1) < text.size() ? text.find(' ', end + 1) : text.size();
    return text.substr(0, end);
}

/// The last layer of one of two networks with the same weights, which the other one lacks.
struct LastLayer {
    enum class Of { both, model, file, unknown };

    std::string name = {}; ///< "Softmax" or "Sigmoid"; empty if there is none
    Of of = Of::both;      ///< who has it; `unknown` if the model has it and the file does not say
};

struct TopologyMatch {
    std::string fault; ///< empty if the file may be the model's
    LastLayer last = {};
};

/// The rest of `longer` after `shorter`; empty unless `longer` begins with `shorter` and goes on.
[[nodiscard]] inline std::string_view added(std::string_view longer, std::string_view shorter) noexcept {
    const bool goes_on = longer.size() > shorter.size() && longer[shorter.size()] == ' ' &&
                         longer.substr(0, shorter.size()) == shorter;
    return goes_on ? longer.substr(shorter.size() + 1) : std::string_view{};
}

/// The topology in a file's metadata with the model's number of steps, where both are on sequences of the
/// same channels: the layers are the same then, if their parameters have the same shapes.
[[nodiscard]] inline std::string with_steps_of(const std::string& model, const std::string& found) {
    const std::string_view own = first_words(model, 1), other = first_words(found, 1);
    // ",8>" of "Sequence<100,8>"; nothing of another input
    const auto channels = [](std::string_view input) {
        const std::size_t at = input.substr(0, 9) == "Sequence<" ? input.find(',') : input.npos;
        return at < input.size() ? input.substr(at) : std::string_view{};
    };
    if (channels(own).empty() || channels(own) != channels(other))
        return found;
    return std::string{own}.append(found, other.size());
}

/// Compares the topology in a file's metadata, if there is one, with the model's: they are the same, or one
/// of the two has an additional last layer that computes probabilities, or their sequences have another
/// number of steps. Only the first `layers` layers count.
[[nodiscard]] inline TopologyMatch match_topology(const std::string& model, const files::Safetensors& file,
                                                  int layers = -1) {
    const std::string* const written = file.find(files::topology_key);
    const std::string found = written != nullptr ? with_steps_of(model, *written) : std::string{};
    TopologyMatch match;
    if (written != nullptr && layers >= 0) {
        match.fault = topology_fault(first_words(model, layers + 1), first_words(found, layers + 1));
        return match;
    }
    if (written == nullptr) {
        const std::string_view last = std::string_view{model}.substr(model.rfind(' ') + 1);
        if (topology::makes_probabilities(last))
            match.last = {std::string{last}, LastLayer::Of::unknown};
    } else {
        const std::string_view more = added(model, found), less = added(found, model);
        if (topology::makes_probabilities(more))
            match.last = {std::string{more}, LastLayer::Of::model};
        else if (topology::makes_probabilities(less))
            match.last = {std::string{less}, LastLayer::Of::file};
        else
            match.fault = topology_fault(model, found);
        if (!match.fault.empty() && !(more.empty() && less.empty()))
            match.fault += more.empty() ? ": only a Softmax or a Sigmoid at the end may be missing"
                                        : ": only a Softmax or a Sigmoid at the end may be new";
    }

    topology::Fnv hash; // of the topology that the file names, or must have
    hash(written != nullptr ? *written : model);
    const std::string expected = fingerprint_text(hash.value());
    const std::string* fingerprint = file.find(files::fingerprint_key);
    if (match.fault.empty() && fingerprint != nullptr && *fingerprint != expected)
        match.fault =
            "fingerprint of the topology: expected " + expected + ", found " + files::printable(*fingerprint);
    return match;
}

/// The same, if the networks must not differ at all.
[[nodiscard]] inline std::string exact_topology_fault(const std::string& model,
                                                      const files::Safetensors& file, int layers = -1) {
    const TopologyMatch match = match_topology(model, file, layers);
    const std::string* found = file.find(files::topology_key);
    if (!match.fault.empty() || found == nullptr)
        return match.fault;
    const int words = layers < 0 ? static_cast<int>(model.size()) : layers + 1;
    return topology_fault(first_words(model, words), first_words(*found, words));
}

} // namespace lamina::inline LAMINA_ABI::io
