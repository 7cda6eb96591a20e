// check_data: the checks of data and their labels at run time, before training.
#pragma once

#include <lamina/data/labels.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/problem/message.hpp>
#include <lamina/tensor.hpp>
#include <lamina/train/training_data.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The index of a sample in the innermost data, where people look it up.
template <class Data>
[[nodiscard]] std::size_t place_of_sample(const Data& data, std::size_t sample) {
    if constexpr (requires { data.original_index(sample); })
        return data.original_index(sample);
    else
        return sample;
}
/// Writes "image 7", "sample 7" or, of a subset's samples, "sample 7 of the original data".
template <class Data>
[[nodiscard]] char* spell_sample(char* to, const Data& data, std::size_t sample) {
    const std::size_t place = place_of_sample(data, sample);
    if constexpr (requires { data.image(sample); })
        to = messages::spell(to, "image ");
    else
        to = messages::spell(to, "sample ");
    to = messages::spell(to, place);
    if (place != sample)
        to = messages::spell(to, " of the original data");
    return to;
}

/// The first step whose label is not a class of a network whose answers have that many outputs, or -1.
[[nodiscard]] int first_unfit_step(const auto& labels, int outputs) noexcept {
    for (std::size_t k = 0; k < labels.size(); ++k)
        if (const auto label = static_cast<long long>(labels[k]);
            label < 0 || label >= lamina::data::classes_of_labels(outputs))
            return static_cast<int>(k);
    return -1;
}
/// Whether the sample's label is a class, or all of its labels are.
template <Labelled Data>
[[nodiscard]] bool label_fits(const Data& data, int outputs, std::size_t sample) {
    if constexpr (LabelsSteps<Data>) {
        return first_unfit_step(data.label(sample), outputs) < 0;
    } else {
        const auto label = static_cast<long long>(data.label(sample));
        return label >= 0 && label < lamina::data::classes_of_labels(outputs);
    }
}
/// Throws `data_error` unless it is one.
template <Labelled Data>
void require_label(const Data& data, int outputs, std::size_t sample) {
    if (label_fits(data, outputs, sample))
        return;
    long long label = 0;
    if constexpr (LabelsSteps<Data>)
        label = static_cast<long long>(
            data.label(sample)[as_size(first_unfit_step(data.label(sample), outputs))]);
    else
        label = static_cast<long long>(data.label(sample));
    char text[256] = {};
    char* end = text;
    const auto add = [&](const auto&... parts) { ((end = messages::spell(end, parts)), ...); };
    if (outputs == 1)
        add("the model has one output, so labels 0 and 1 are expected");
    else
        add("the model has ", outputs, " outputs, so labels from 0 to ", outputs - 1, " are expected");
    add("; ");
    end = spell_sample(end, data, sample);
    add(" has label ", label);
    if constexpr (LabelsSteps<Data>)
        add(" at step ", first_unfit_step(data.label(sample), outputs));
    if (label == lamina::data::classes_of_labels(outputs))
        add(". Labels count from 0: if yours begin at 1, subtract 1");
    if constexpr (requires { data.source(); })
        raise(data_error{std::string{data.source()} + ": " + text});
    else
        raise<data_error>(text);
}
/// The same for all samples, or for those of `indices`. Of all, the error names the one that is first in the
/// innermost data.
template <Labelled Data>
void require_labels(const Data& data, int outputs) {
    const std::size_t size = as_size(data.size());
    std::size_t first = size;
    for (std::size_t i = 0; i < size; ++i)
        if (!label_fits(data, outputs, i) &&
            (first == size || place_of_sample(data, i) < place_of_sample(data, first)))
            first = i;
    if (first != size)
        require_label(data, outputs, first);
}
template <Labelled Data>
void require_labels(const Data& data, int outputs, std::span<const std::uint32_t> indices) {
    for (const std::uint32_t i : indices)
        require_label(data, outputs, i);
}

/// Calls the data's `validate`, if they have one, and checks the labels of all samples or of those of
/// `indices`. Throws `data_error`.
template <class In, class Out, class Data>
void check_data_of(const Data& data, auto... indices) {
    if constexpr (requires { data.template validate<In, Out>(indices...); })
        data.template validate<In, Out>(indices...);
    if constexpr (Labelled<Data>)
        require_labels(data, answer_size(Out::extents), indices...);
}
template <class Model, class L, class Data>
void check_data([[maybe_unused]] const Model& model, [[maybe_unused]] const L& loss, const Data& data,
                auto... indices) {
    if constexpr (RunTimeModel<Model>) {
        require_fit(model, loss, data); // what types say of a Model
        if constexpr (Labelled<Data>)
            require_labels(data, outputs_of(model), indices...);
    } else {
        check_data_of<typename Model::input_shape, typename Model::output_shape>(data, indices...);
    }
}

/// Throws `data_error` unless there is at least one index, and all are below `size`.
inline void require_samples(std::size_t size, std::span<const std::uint32_t> indices) {
    if (indices.empty())
        raise<data_error>("step: at least one sample is needed, found none");
    for (const std::uint32_t i : indices)
        if (i >= size)
            raise<data_error>("step: expected samples below ", size, ", found sample ", i);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
