// A model's weights and biases as the tensors of a file: names, shapes, order of elements.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/model.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/infer.hpp>

#include <array>
#include <cstddef>

namespace lamina::inline LAMINA_ABI::io {

/// A weight or bias: its name and shape in files, and its position in the model's flat array.
struct ModelTensor {
    Text name;
    dims shape;
    std::size_t offset = 0;
    std::size_t size = 0;
    /// In memory it is a matrix of [size / columns][columns]; in the file it is transposed.
    std::size_t columns = 1;

    /// The position in the flat array of the file's i-th element.
    [[nodiscard]] constexpr std::size_t place(std::size_t i) const noexcept {
        const std::size_t rows = size / columns;
        return offset + i % rows * columns + i / rows;
    }
};

/// Files have the outputs first; memory has them last if the layer says so.
[[nodiscard]] constexpr ModelTensor model_tensor(int layer, std::string_view kind, dims extents, int offset,
                                                 bool transposed) noexcept {
    ModelTensor tensor{{}, extents, static_cast<std::size_t>(offset), extents.size()};
    tensor.name << layer << kind;
    if (transposed) {
        const int outputs = extents[extents.rank - 1];
        tensor.columns = static_cast<std::size_t>(outputs);
        for (int axis = extents.rank - 1; axis > 0; --axis)
            tensor.shape.extent[axis] = extents[axis - 1];
        tensor.shape.extent[0] = outputs;
    }
    return tensor;
}

template <class Layer>
inline constexpr bool ends_in_outputs = false;
template <class Layer>
    requires(Layer::weight_ends_in_outputs)
inline constexpr bool ends_in_outputs<Layer> = true;

template <class M>
using inferred_of = topology::Inferred<typename M::topology, typename M::input_shape, typename M::scalar>;

template <class M>
inline constexpr std::size_t tensor_count = with_indices<inferred_of<M>::count>([](auto... i) {
    return (std::size_t{0} + ... +
            (std::size_t{inferred_of<M>::template at<i>::has_weight} +
             std::size_t{inferred_of<M>::template at<i>::has_bias}));
});

/// The model's tensors in the order of its layers.
template <class M>
inline constexpr std::array<ModelTensor, tensor_count<M>> model_tensors = [] {
    std::array<ModelTensor, tensor_count<M>> tensors{};
    std::size_t count = 0;
    for_each_index<inferred_of<M>::count>([&](auto i) {
        using Placed = typename inferred_of<M>::template at<i>;
        using Layer = typename Placed::layer;
        using In = typename Placed::input;
        if constexpr (Placed::has_weight)
            tensors[count++] = model_tensor(i, ".weight", Layer::template weight<In>::extents,
                                            Placed::weight_offset, ends_in_outputs<Layer>);
        if constexpr (Placed::has_bias)
            tensors[count++] =
                model_tensor(i, ".bias", Layer::template bias<In>::extents, Placed::bias_offset, false);
    });
    return tensors;
}();

/// Number of bytes of all tensors in a file written by `save`.
template <class M>
inline constexpr std::size_t tensor_bytes = [] {
    std::size_t bytes = 0;
    for (const ModelTensor& tensor : model_tensors<M>)
        bytes += tensor.size * sizeof(typename M::scalar);
    return bytes;
}();

} // namespace lamina::inline LAMINA_ABI::io
