// Frozen layers: weights and biases that training does not change.
#pragma once

#include <lamina/error.hpp>
#include <lamina/parameters.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

/// Its name in files: "0.weight".
[[nodiscard]] inline std::string_view name_of(ModelTensors names, const ParameterTensor& tensor) noexcept {
    return names[static_cast<std::size_t>(tensor.index)].name;
}

// Templates, because a program that freezes nothing then need not compile them; and any list of tensors,
// because a std::span would cost each program that trains some 170 instantiations.

/// Freezes or unfreezes the tensors called `name`, or those of the layer or Net of that name. `names` has the
/// names of all tensors.
template <class Tensors>
void set_frozen(Tensors& tensors, ModelTensors names, std::string_view name, bool frozen) {
    bool found = false;
    for (ParameterTensor& t : tensors) {
        const std::string_view full = name_of(names, t);
        if (full.starts_with(name) && (full.size() == name.size() || full[name.size()] == '.')) {
            t.is_frozen = frozen;
            found = true;
        }
    }
    if (found)
        return;
    std::string message =
        frozen ? "freeze: expected a layer or one of " : "unfreeze: expected a layer or one of ";
    for (const ParameterTensor& t : tensors)
        message += std::string{name_of(names, t)} + ", ";
    raise(std::invalid_argument{message + "found \"" + std::string{name} + "\""});
}

/// The layers and tensors that are frozen, as `freeze` takes them: "0 3.bias", or "none".
[[nodiscard]] std::string frozen_text(const auto& tensors, ModelTensors names) {
    std::string text;
    int written = -1; // the last layer all of whose tensors are frozen
    for (const ParameterTensor& t : tensors) {
        if (!t.is_frozen || t.layer == written)
            continue;
        bool whole = true;
        for (const ParameterTensor& other : tensors)
            whole = whole && (other.layer != t.layer || other.is_frozen);
        if (whole)
            written = t.layer;
        const std::string_view name = name_of(names, t);
        text.append(text.empty() ? "" : " ").append(whole ? name.substr(0, name.rfind('.')) : name);
    }
    return text.empty() ? "none" : text;
}

/// Sets the gradients of frozen tensors to zero.
template <class T, class Tensors>
void clear_frozen(T* gradients, const Tensors& tensors) noexcept {
    for (const ParameterTensor& t : tensors)
        for (int i = t.from; t.is_frozen && i < t.to; ++i)
            gradients[i] = T(0);
}

/// Throws `std::invalid_argument` if everything is frozen.
template <class Tensors>
void require_something_moves(Tensors moving) {
    if (moving.begin() == moving.end())
        raise<std::invalid_argument>("all layers are frozen, so nothing would be learnt: unfreeze one");
}

} // namespace lamina::inline LAMINA_ABI
