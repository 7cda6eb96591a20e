// Copies the numbers of one tensor between a file and a model's flat array.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/number_formats.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/math/finite.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::io {

/// Throws the `format_error` for the tensor's i-th number, which a model cannot have.
template <class T>
[[noreturn]] void fail_at(const ModelTensor& tensor, std::size_t i, double found, const std::string& source) {
    std::vector<std::uint64_t> index = files::extents_of(tensor.shape);
    for (std::size_t axis = index.size(); axis-- > 0;) {
        const std::uint64_t extent = index[axis];
        index[axis] = i % extent;
        i /= extent;
    }
    char number[32];
    std::snprintf(number, sizeof number, "%g", found);
    raise(format_error{source + ": tensor " + std::string{std::string_view{tensor.name}} +
                       ": expected finite numbers of type " +
                       (std::is_same_v<T, double> ? "double" : "float") + ", found " + number + " at " +
                       files::to_string(index)});
}

/// `from` is the tensor's part of a file's data.
template <class T>
void read_numbers(const ModelTensor& tensor, files::Dtype dtype, std::span<const std::byte> from,
                  std::span<T> parameters, const std::string& source) {
    const std::size_t step = files::info(dtype).bytes;
    for (std::size_t i = 0; i < tensor.size; ++i) {
        const std::byte* at = from.data() + i * step;
        const T number = files::read_number<T>(dtype, at);
        if (!is_finite(number))
            fail_at<T>(tensor, i, files::read_number<double>(dtype, at), source);
        parameters[tensor.place(i)] = number;
    }
}

template <class T>
void append_number(T number, std::vector<std::byte>& data) {
    data.resize(data.size() + sizeof(T));
    files::write_number(number, data.data() + data.size() - sizeof(T));
}

/// Appends the tensor to a file's data.
template <class T>
void write_numbers(const ModelTensor& tensor, std::span<const T> parameters, std::vector<std::byte>& data,
                   const std::string& target) {
    for (std::size_t i = 0; i < tensor.size; ++i) {
        const T number = parameters[tensor.place(i)];
        if (!is_finite(number))
            fail_at<T>(tensor, i, static_cast<double>(number), target);
        append_number(number, data);
    }
}

} // namespace lamina::inline LAMINA_ABI::io

LAMINA_END_IEEE
