// The table of a model's tensors, from the lists of its layers.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/parameters.hpp>
#include <lamina/topology/infer.hpp>

#include <array>
#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// Files have the outputs first; memory has them last if the layer says so.
constexpr void transpose_in_files(ModelTensor& tensor) noexcept {
    const dims extents = tensor.shape;
    const int outputs = extents[extents.rank - 1];
    tensor.columns = static_cast<std::size_t>(outputs);
    for (int axis = extents.rank - 1; axis > 0; --axis)
        tensor.shape.extent[axis] = extents[axis - 1];
    tensor.shape.extent[0] = outputs;
}

/// The negative slope of the rectifier that follows element `e`, or -1 if none does. Pools, joins and layers
/// that only reshape or only scale are skipped.
template <class Table>
[[nodiscard]] constexpr double rectifier_after(const Table& table, int e) noexcept {
    for (int next = e + 1; next < table.count; ++next)
        for (int k = 0; k < table.elements[next].inputs; ++k)
            if (table.input(next, k) == e + 1) {
                const Facts& f = table.elements[next].facts;
                if (f.negative_slope >= 0)
                    return f.negative_slope;
                if (f.is_pool || f.only_reshapes || f.only_trains || f.is_join || f.only_scales)
                    return rectifier_after(table, next);
                return -1;
            }
    return -1;
}

/// How many tensors the elements of a table have.
[[nodiscard]] constexpr std::size_t count_tensors(const auto& table) noexcept {
    std::size_t count = 0;
    for (int e = 0; e < table.count; ++e)
        count += static_cast<std::size_t>(table.elements[e].trained_tensors.count +
                                          table.elements[e].kept_tensors.count);
    return count;
}
/// Writes them one behind the other: first the trained ones in the order of the layers, then those that are
/// kept. `T` is the type of their numbers.
template <class T>
constexpr void list_tensors(const auto& table, ModelTensor* tensors) noexcept {
    for (const Lifetime of : {Lifetime::trained, Lifetime::kept})
        for (int e = 0; e < table.count; ++e) {
            const Element& element = table.elements[e];
            const bool trained = of == Lifetime::trained;
            const ListedTensors& list = trained ? element.trained_tensors : element.kept_tensors;
            long long offset = trained ? element.trained_offset : table.trained + element.kept_offset;
            for (int t = 0; t < list.count; ++t) {
                ModelTensor& tensor = *tensors++;
                tensor.name << element.path << "." << list.all[t].name;
                tensor.shape = list.all[t].shape;
                tensor.offset = static_cast<std::size_t>(offset);
                tensor.size = tensor.shape.size();
                offset += aligned<T>(static_cast<long long>(tensor.size));
                tensor.end = static_cast<std::size_t>(offset);
                tensor.layer = e;
                tensor.lifetime = of;
                tensor.initial = list.all[t].start;
                tensor.initial.rectifier = rectifier_after(table, e);
                tensor.is_weight = list.all[t].name.starts_with("weight");
                if (element.facts.last_axis_first_in_files && tensor.is_weight)
                    transpose_in_files(tensor);
            }
        }
}

template <class Inferred>
inline constexpr std::size_t tensor_count = count_tensors(Inferred::table);
template <class Inferred>
inline constexpr std::array<ModelTensor, tensor_count<Inferred>> tensor_table = [] {
    std::array<ModelTensor, tensor_count<Inferred>> tensors{};
    list_tensors<typename Inferred::scalar>(Inferred::table, tensors.data());
    return tensors;
}();

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
