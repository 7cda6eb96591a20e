// Labelled: data whose samples have labels, and the weights of those.
#pragma once

#include <lamina/data/labels.hpp>
#include <lamina/ieee.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The type of the labels of data.
template <class Data>
using LabelOf = std::remove_cvref_t<decltype(std::declval<const Data&>().label(std::size_t{0}))>;
/// Data whose samples are sequences with a label for each step: `label(i)` is a std::array of integers.
template <class Data>
concept LabelsSteps = data::IsArrayOfLabels<LabelOf<Data>>;

/// Data whose samples have labels: `label(i)` is the class of sample i, an integer, or those of its steps. A
/// floating-point `label` does not count: it would be a target of regression.
template <class Data>
concept Labelled = LabelsSteps<Data> || requires(const Data& data) {
    { data.label(std::size_t{0}) } -> std::convertible_to<long long>;
    requires !std::is_floating_point_v<LabelOf<Data>>;
};

/// Losses that weigh samples by their labels.
template <class L, class Data>
concept WeighsLabels = Labelled<Data> && requires(const L& loss) {
    { loss.weight_of_label(std::size_t{0}) } -> std::convertible_to<double>;
};
/// The weight of a sample in the mean over samples. That of a sequence is the mean over its steps.
template <class L, class Data>
[[nodiscard]] double weight_of_sample(const L& loss, const Data& data, std::size_t sample) {
    if constexpr (WeighsLabels<L, Data> && LabelsSteps<Data>) {
        const auto& labels = data.label(sample);
        double sum = 0;
        for (const auto label : labels)
            sum += loss.weight_of_label(static_cast<std::size_t>(label));
        return sum / static_cast<double>(labels.size());
    } else if constexpr (WeighsLabels<L, Data>) {
        return loss.weight_of_label(static_cast<std::size_t>(data.label(sample)));
    } else {
        return 1;
    }
}
/// The factor that makes the sum of these samples' losses their mean; 0 if no sample counts.
template <class T, class L, class Data>
[[nodiscard]] T share_of_sample(const L& loss, const Data& data, std::span<const std::uint32_t> indices) {
    if constexpr (requires { Data::windows; }) {
        return T(1) / (static_cast<T>(indices.size()) * static_cast<T>(Data::windows));
    } else if constexpr (!WeighsLabels<L, Data>) {
        return T(1) / static_cast<T>(indices.size());
    } else {
        double weights = 0;
        for (const std::uint32_t i : indices)
            weights += weight_of_sample(loss, data, i);
        return weights > 0 ? static_cast<T>(1 / weights) : T(0);
    }
}

/// Whether labels of data, if they have any, are one for each answer: for each step of a sequence, otherwise
/// one.
template <class Data>
[[nodiscard]] constexpr bool labels_fit(const dims& output) noexcept {
    if constexpr (LabelsSteps<Data>)
        return output.is_sequence && std::tuple_size_v<LabelOf<Data>> == as_size(steps_in(output));
    else
        return !Labelled<Data> || !output.is_sequence;
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
