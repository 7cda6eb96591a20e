// TrainingData: what a model can be trained on, and the checks before it is.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
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
/// Throws `data_error` unless the sample's label is the index of one of the outputs.
template <class Out, class Data>
void require_label(const Data& data, std::size_t sample) {
    const auto label = static_cast<long long>(data.label(sample));
    if (label < 0 || label >= Out::size)
        raise<data_error>("the model has ", Out::size, " outputs, so labels from 0 to ", Out::size - 1,
                          " are expected; sample ", sample, " has label ", label);
}

/// Validates data that have a `validate`, and their labels: all samples, or those of `indices`. Throws
/// `data_error`.
template <class Model, class Data>
void check_data(const Data& data, auto... indices) {
    using In = typename Model::input_shape;
    using Out = typename Model::output_shape;
    if constexpr (requires { data.template validate<In, Out>(indices...); })
        data.template validate<In, Out>(indices...);
    if constexpr (Labelled<Data> && sizeof...(indices) == 0) {
        for (std::size_t i = 0, size = as_size(data.size()); i < size; ++i)
            require_label<Out>(data, i);
    } else if constexpr (Labelled<Data>) {
        for (const std::uint32_t i : (indices, ...))
            require_label<Out>(data, i);
    }
}

/// Does not compile unless `Data` can train `Model`.
template <class Model, class Data>
constexpr void require_data_of() noexcept {
    if constexpr (!TrainingData<Data, Model>)
        static_assert(
            sizeof(typename problem::data_set<Data>::template does_not_fit_a_model_of<
                   typename Model::input_shape, typename Model::output_shape, typename Model::scalar>) > 0);
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
