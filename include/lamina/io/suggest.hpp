// Suggests the renames that turn a file's tensors into those of a model. Needs jansson.
#pragma once

#include <lamina/files/list.hpp>
#include <lamina/io/match.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI::io {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Removes the first character, or the first run of digits, from a text and returns it.
[[nodiscard]] inline std::string_view take_piece(std::string_view& text) noexcept {
    std::size_t length = 1;
    while (is_digit(text[0]) && length < text.size() && is_digit(text[length]))
        ++length;
    const std::string_view piece = text.substr(0, length);
    text.remove_prefix(length);
    return piece;
}

/// Compares names, with their numbers as numbers: "block2" comes before "block10". Returns a number below 0,
/// 0 or above 0.
[[nodiscard]] inline int natural_order(std::string_view a, std::string_view b) noexcept {
    while (!a.empty() && !b.empty()) {
        const std::string_view x = take_piece(a), y = take_piece(b);
        if (x == y)
            continue;
        if (is_digit(x[0]) && is_digit(y[0]) && x.size() != y.size())
            return x.size() < y.size() ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return static_cast<int>(b.empty()) - static_cast<int>(a.empty());
}

/// The name with `#` in place of its numbers.
[[nodiscard]] inline std::string without_numbers(std::string_view name) {
    std::string text;
    while (!name.empty()) {
        const std::string_view piece = take_piece(name);
        text += is_digit(piece[0]) ? "#" : piece;
    }
    return text;
}

/// The part of a tensor's name before its last dot, and the part after it.
[[nodiscard]] inline std::string_view layer_of(std::string_view name) noexcept {
    const std::size_t dot = name.rfind('.');
    return name.substr(0, dot == name.npos ? 0 : dot);
}
[[nodiscard]] inline std::string_view kind_of(std::string_view name) noexcept {
    return name.substr(name.rfind('.') + 1); // npos + 1 is 0
}

/// Where the number of a layer begins in a name that PyTorch gives a tensor of a recurrent module,
/// "rnn.weight_ih_l1" or "rnn.bias_hh_l1_reverse"; npos if it is no such name.
[[nodiscard]] inline std::size_t number_in_module(std::string_view name) noexcept {
    const std::size_t at = name.rfind("_l") + 2; // npos + 2 is 1
    std::size_t end = at;
    while (end < name.size() && is_digit(name[end]))
        ++end;
    const std::string_view rest = name.substr(end < name.size() ? end : name.size());
    return at > 2 && end > at && (rest.empty() || rest == "_reverse") ? at : name.npos;
}
/// The name as if each layer of a module were one of its own, as it is here: "rnn#1.weight_ih_l0" for
/// "rnn.weight_ih_l1". The first keeps its name.
[[nodiscard]] inline std::string as_layer(std::string_view name) {
    const std::size_t at = number_in_module(name);
    if (at == name.npos)
        return std::string{name};
    std::string_view rest = name.substr(at);
    const std::string_view number = take_piece(rest), layer = layer_of(name);
    if (number == "0" || layer.empty())
        return std::string{name};
    return std::string{layer}
        .append("#")
        .append(number)
        .append(name, layer.size(), at - layer.size())
        .append("0")
        .append(rest);
}
/// "rnn" of "rnn#1".
[[nodiscard]] inline std::string_view module_of(std::string_view layer) noexcept {
    return layer.substr(0, layer.find('#'));
}

/// A note for each layer, in the natural order of their names: "features.0", with "bias[16] weight[16,1,3,3]
/// " as its value.
[[nodiscard]] inline files::List<files::Note>
layers_named_by(const files::List<files::StoredTensor>& tensors) {
    files::List<files::Note> layers;
    for (const files::StoredTensor* tensor :
         files::sorted(tensors, [](const files::StoredTensor&a, const files::StoredTensor&b) {
             const int order = natural_order(layer_of(a.name), layer_of(b.name));
             return order != 0 ? order < 0 : kind_of(a.name) < kind_of(b.name);
         })) {
        if (tensor->dtype == files::Dtype::other)
            continue;
        const std::string_view name = layer_of(tensor->name);
        if (layers.empty() || layers.back().name != name)
            layers.push_back({std::string{name}, {}});
        layers.back()
            .value.append(kind_of(tensor->name))
            .append(files::to_string(without_ones_behind(tensor->shape))) // see shapes_match
            .append(" ");
    }
    return layers;
}

/// The layer of the file that corresponds to this layer of the model: the only one with the same tensors; or,
/// if equally many layers have them in file and model and their names differ only in numbers, the one at the
/// same position. Null if there is none.
[[nodiscard]] inline const files::Note* fitting_layer(const files::Note& layer,
                                                      const files::List<files::Note>& of_model,
                                                      const files::List<files::Note>& of_file) {
    int place = 0, count = 0;
    for (const files::Note& other : of_model)
        if (other.value == layer.value) {
            if (&other == &layer)
                place = count;
            ++count;
        }
    const files::Note *first = nullptr, *fitting = nullptr;
    for (const files::Note& other : of_file) {
        if (other.value != layer.value)
            continue;
        if (first == nullptr)
            first = &other;
        if (without_numbers(module_of(other.name)) != without_numbers(module_of(first->name)))
            return nullptr;
        if (place-- == 0)
            fitting = &other;
        --count;
    }
    return count == 0 ? fitting : nullptr;
}

/// The pair without the common end of both names: {"module", ""} for {"module.0", "0"}.
[[nodiscard]] inline Rename without_common_end(const Rename& pair) {
    const auto end = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
    const auto cut = [](std::string& name) {
        const std::size_t dot = name.rfind('.');
        name.resize(dot == name.npos ? 0 : dot);
    };
    Rename shorter = pair;
    while (!shorter.file.empty() && !shorter.model.empty() && end(shorter.file) == end(shorter.model)) {
        cut(shorter.file);
        cut(shorter.model);
    }
    return shorter;
}

[[nodiscard]] inline bool same(const Rename& a, const Rename& b) noexcept {
    return a.file == b.file && a.model == b.model;
}

/// The same renames with fewer pairs: one pair for all that replace the same prefix, none for a name that
/// stays.
[[nodiscard]] inline Renames collapsed(const Renames& renames) {
    Renames fewer;
    for (const Rename& pair : renames.pairs) {
        if (pair.file == pair.model)
            continue;
        const Rename shorter = without_common_end(pair);
        int sharing = 0;
        for (const Rename& other : renames.pairs)
            sharing += same(without_common_end(other), shorter) ? 1 : 0;
        const Rename& best = sharing > 1 ? shorter : pair;
        bool there = false;
        for (const Rename& other : fewer.pairs)
            there = there || same(other, best);
        if (!there)
            fewer.pairs.push_back(best);
    }
    return fewer;
}

/// "{{"module", ""}}", as written in a program; empty if a name has characters that cannot be printed.
[[nodiscard]] inline std::string to_string(const Renames& renames) {
    std::string text;
    for (const Rename& pair : renames.pairs) {
        for (const std::string* name : {&pair.file, &pair.model})
            if (files::printable(*name) != *name || name->find('"') != name->npos ||
                name->find('\\') != name->npos)
                return {};
        text += (text.empty() ? "" : ", ") + to_string(pair);
    }
    return '{' + text + '}';
}

/// The layer of the file that these pairs call like this layer of the model and that has the same tensors;
/// null if there is none.
[[nodiscard]] inline const files::Note*
layer_called(const files::Note& layer, const files::List<files::Note>& of_file, const Renames& rename) {
    for (const files::Note& other : of_file)
        if (other.value == layer.value && name_in_model(rename.pairs, other.name) == layer.name)
            return &other;
    return nullptr;
}

/// The pair for each layer of the model that the file has. Layers with the same tensors keep the names that
/// they have with `rename` if all of them have one. Otherwise all are paired anew, in order: a layer of the
/// file may be called like one of the model by accident.
[[nodiscard]] inline Renames pairs_of(const files::List<files::Note>& of_model,
                                      const files::List<files::Note>& of_file, const Renames& rename) {
    Renames all;
    for (const files::Note& layer : of_model) {
        const files::Note* fitting = nullptr;
        for (const files::Note& other : of_model)
            if (fitting == nullptr && other.value == layer.value && !layer_called(other, of_file, rename))
                fitting = fitting_layer(layer, of_model, of_file);
        if (fitting == nullptr)
            fitting = layer_called(layer, of_file, rename);
        if (fitting != nullptr)
            all.pairs.push_back({fitting->name, layer.name});
    }
    return all;
}

/// The pairs with one for each tensor of a layer that `as_layer` has named.
[[nodiscard]] inline Renames of_tensors(const Renames& pairs,
                                        const files::List<files::StoredTensor>& tensors) {
    Renames all;
    for (const Rename& pair : pairs.pairs) {
        if (module_of(pair.file) == pair.file)
            all.pairs.push_back(pair);
        else
            for (const files::StoredTensor& tensor : tensors)
                if (const std::string name = as_layer(tensor.name); layer_of(name) == pair.file)
                    all.pairs.push_back({tensor.name, pair.model + '.' + std::string{kind_of(name)}});
    }
    return all;
}

[[nodiscard]] inline bool is_in(std::string_view file, const Renames& renames) noexcept {
    for (const Rename& pair : renames.pairs)
        if (pair.file == file)
            return true;
    return false;
}

/// Those of the given pairs that rename a tensor of a layer without a new pair; then the new pairs, which are
/// `fewer` in short.
[[nodiscard]] inline Renames joined(const Renames& given, const files::List<files::StoredTensor>& tensors,
                                    const Renames& added, const Renames& fewer) {
    Renames all;
    for (const Rename& pair : given.pairs) {
        bool stays = false;
        for (const files::StoredTensor& tensor : tensors)
            stays = stays || (longest_match(given.pairs, &Rename::file, tensor.name) == &pair &&
                              !is_in(layer_of(tensor.name), added));
        if (stays && !is_in(pair.file, fewer))
            all.pairs.push_back(pair);
    }
    for (const Rename& pair : fewer.pairs)
        all.pairs.push_back(pair);
    return all;
}

/// A line with renames under which more tensors of the file match the model, judged by shapes and by names
/// after the last dot; empty if there are none. `matches` is the result without them.
[[nodiscard]] inline std::string suggestion(std::span<const ModelTensor> expected,
                                            const files::Safetensors& file, const LoadOptions& options,
                                            const Matches& matches) {
    files::List<files::StoredTensor> wanted, candidates, layers; // `layers`: candidates by other names
    for (const ModelTensor& tensor : expected)
        if (!is_of_any(tensor.name, options.keep))
            wanted.push_back({std::string{std::string_view{tensor.name}}, files::Dtype::f32,
                              files::extents_of(tensor.shape)});
    for (const files::StoredTensor& tensor : file.tensors)
        if (!is_of_any(tensor.name, options.ignore) &&
            !is_of_any(name_in_model(options.rename.pairs, tensor.name), options.keep))
            candidates.push_back(tensor);
    for (const files::StoredTensor& tensor : candidates) {
        layers.push_back(tensor);
        layers.back().name = as_layer(tensor.name);
    }
    const Renames pairs =
        of_tensors(pairs_of(layers_named_by(wanted), layers_named_by(layers), options.rename), candidates);
    const Renames all = joined(options.rename, file.tensors, pairs, pairs),
                  fewer = joined(options.rename, file.tensors, pairs, collapsed(pairs));
    const Matches by_all = match(expected, file, all, options.ignore, options.keep),
                  by_fewer = match(expected, file, fewer, options.ignore, options.keep);
    const bool enough = by_fewer.wanted <= by_all.wanted;
    const std::string text = to_string(enough ? fewer : all);
    const Matches& again = enough ? by_fewer : by_all;
    if (again.wanted >= matches.wanted || text.empty())
        return {};
    return (again.faults.empty() ? "\n  all of it fits" : "\n  more of it fits") +
           (" with .rename = " + text);
}

} // namespace lamina::inline LAMINA_ABI::io
