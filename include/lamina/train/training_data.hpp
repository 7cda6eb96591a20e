// TrainingData: what a model can be trained on, and the checks before it is.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/data/labels.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/message.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/tensor.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Something to learn from: a number of samples, of which any can be put into lanes.
///     x[i] lane r = element i of the input of sample indices[r];  t[i] lane r = element i of its target
/// Data may check what types cannot: `fit` and `evaluate` first call `validate<In, Out>()`, a step calls
/// `validate<In, Out>(indices)`; each throws `data_error`. Labels, `label(i)`, are checked for every data
/// set: each must be the index of one of the model's outputs.
template <class Source, class Model>
concept TrainingData = requires(const Source& source,
                                const std::uint32_t (&indices)[native_lanes<typename Model::scalar>],
                                View<pack<typename Model::scalar>, typename Model::input_shape> x,
                                View<pack<typename Model::scalar>, typename Model::output_shape> t) {
    { source.size() } -> std::convertible_to<std::size_t>;
    source.inputs(indices, x);
    source.targets(indices, t);
};

/// Data whose samples have labels: `label(i)` is the index of the output that sample i belongs to. A `label`
/// that is a floating-point number is no index, but a target of regression.
template <class Data>
concept Labelled = requires(const Data& data) {
    { data.label(std::size_t{0}) } -> std::convertible_to<long long>;
    requires !std::is_floating_point_v<std::remove_cvref_t<decltype(data.label(std::size_t{0}))>>;
};

/// Throws `data_error` unless the sample's label is one of those that a network with so many outputs takes.
template <Labelled Data>
void require_label(const Data& data, int outputs, std::size_t sample) {
    const auto label = static_cast<long long>(data.label(sample));
    if (label >= 0 && label < lamina::data::classes_of_labels(outputs))
        return;
    char text[160] = {};
    char* end = text;
    const auto add = [&](const auto&... parts) { ((end = messages::spell(end, parts)), ...); };
    if (outputs == 1)
        add("the model has one output, so labels 0 and 1 are expected");
    else
        add("the model has ", outputs, " outputs, so labels from 0 to ", outputs - 1, " are expected");
    if constexpr (requires { data.image(sample); })
        add("; image ", sample, " has label ", label);
    else
        add("; sample ", sample, " has label ", label);
    if constexpr (requires { data.source(); })
        raise(data_error{data.source() + ": " + text});
    else
        raise<data_error>(text);
}
/// The same of all samples, or of those of `indices`.
template <Labelled Data>
void require_labels(const Data& data, int outputs) {
    for (std::size_t i = 0, size = as_size(data.size()); i < size; ++i)
        require_label(data, outputs, i);
}
template <Labelled Data>
void require_labels(const Data& data, int outputs, std::span<const std::uint32_t> indices) {
    for (const std::uint32_t i : indices)
        require_label(data, outputs, i);
}

/// Validates data that have a `validate`, and their labels: all samples, or those of `indices`. Throws
/// `data_error`.
template <class Model, class Data>
void check_data(const Data& data, auto... indices) {
    using In = typename Model::input_shape;
    using Out = typename Model::output_shape;
    if constexpr (requires { data.template validate<In, Out>(indices...); })
        data.template validate<In, Out>(indices...);
    if constexpr (Labelled<Data>)
        require_labels(data, Out::size, indices...);
}

/// What is wrong with learning from `Data` by the loss `L`: a `fault`, or `none`.
template <class Model, class L, class Data>
[[nodiscard]] consteval auto check_data_type() noexcept {
    using Out = typename Model::output_shape;
    if constexpr (!TrainingData<Data, Model>)
        return fault<typename problem::data_set<Data>::template does_not_fit_a_model_of<
            typename Model::input_shape, Out, typename Model::scalar>>{};
    else if constexpr (Labelled<Data> && Out::size == 1 && detail::classes_of<L>(1) != 2)
        return fault<typename problem::data_set<Data>::template has_labels_for_one_output_and<L>>{};
    else
        return none{};
}
template <class Model, class L, class Data>
inline constexpr bool data_fit = std::is_same_v<decltype(check_data_type<Model, L, Data>()), none>;
/// Does not compile unless `Data` can train `Model` by the loss `L`.
template <class Model, class L, class Data>
constexpr void require_data_of() noexcept {
    if constexpr (!data_fit<Model, L, Data>)
        static_assert(sizeof(typename decltype(check_data_type<Model, L, Data>())::type) > 0);
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
