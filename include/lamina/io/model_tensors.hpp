// A model's tensors as those of a file.
#pragma once

#include <lamina/model.hpp>

#include <cstddef>

namespace lamina::inline LAMINA_ABI::io {

/// The model's tensors in the order of the flat array.
template <class M>
inline constexpr auto& model_tensors = M::tensors;

/// Number of bytes of all tensors in a file written by `save`.
template <class M>
inline constexpr std::size_t tensor_bytes = [] {
    std::size_t bytes = 0;
    for (const ModelTensor& tensor : model_tensors<M>)
        bytes += tensor.size * sizeof(typename M::scalar);
    return bytes;
}();

} // namespace lamina::inline LAMINA_ABI::io
