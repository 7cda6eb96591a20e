// The table of a model's tensors, from the lists of its layers.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/parameters.hpp>
#include <lamina/topology/infer.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace lamina::inline LAMINA_ABI::topology {

template <class Layer>
concept EndsInOutputs = requires {
    requires Layer::weight_ends_in_outputs;
};

/// Files have the outputs first; memory has them last if the layer says so.
constexpr void transpose_in_files(ModelTensor& tensor) noexcept {
    const dims extents = tensor.shape;
    const int outputs = extents[extents.rank - 1];
    tensor.columns = static_cast<std::size_t>(outputs);
    for (int axis = extents.rank - 1; axis > 0; --axis)
        tensor.shape.extent[axis] = extents[axis - 1];
    tensor.shape.extent[0] = outputs;
}

/// Calls add(tensor) for each tensor of that lifetime of element `I`.
template <class Inferred, int I, Lifetime Of>
constexpr void list_tensors_of(auto add) {
    using T = typename Inferred::scalar;
    constexpr const Element& e = Inferred::table.elements[I];
    if constexpr (!e.facts.is_join && (Of == Lifetime::trained ? e.trained : e.kept) > 0) {
        using P = typename Inferred::template at<I>;
        using List = std::conditional_t<Of == Lifetime::trained, typename P::template trained<const T>,
                                        typename P::template kept<const T>>;
        long long offset =
            Of == Lifetime::trained ? e.trained_offset : Inferred::table.trained + e.kept_offset;
        List list;
        List::fields(list, [&](std::string_view name, auto& view, Initial start) {
            ModelTensor tensor;
            tensor.name << Inferred::table.elements[I].path << "." << name;
            tensor.shape = std::remove_cvref_t<decltype(view)>::shape::extents;
            tensor.offset = static_cast<std::size_t>(offset);
            tensor.size = static_cast<std::size_t>(view.size);
            offset += aligned<T>(view.size);
            tensor.end = static_cast<std::size_t>(offset);
            tensor.layer = I;
            tensor.lifetime = Of;
            tensor.initial = start;
            tensor.is_weight = name.starts_with("weight");
            if (EndsInOutputs<typename P::layer> && name == "weight")
                transpose_in_files(tensor);
            add(tensor);
        });
    }
}

/// All tensors: first the trained ones in the order of the layers, then those that are kept.
template <class Inferred>
constexpr void list_tensors(auto add) {
    with_indices<Inferred::count>([&](auto... i) {
        (list_tensors_of<Inferred, i, Lifetime::trained>(add), ...);
        if constexpr (Inferred::table.kept > 0)
            (list_tensors_of<Inferred, i, Lifetime::kept>(add), ...);
    });
}
template <class Inferred>
inline constexpr std::size_t tensor_count = [] {
    std::size_t count = 0;
    list_tensors<Inferred>([&](const ModelTensor&) { ++count; });
    return count;
}();
template <class Inferred>
inline constexpr std::array<ModelTensor, tensor_count<Inferred>> tensor_table = [] {
    std::array<ModelTensor, tensor_count<Inferred>> tensors{};
    std::size_t count = 0;
    list_tensors<Inferred>([&](const ModelTensor& tensor) { tensors[count++] = tensor; });
    return tensors;
}();

} // namespace lamina::inline LAMINA_ABI::topology
