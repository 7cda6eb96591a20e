// Inputs and the model's answers to them, kept in a file beside the weights. Needs jansson.
#pragma once

#include <lamina/error.hpp>
#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/number_formats.hpp>
#include <lamina/io/safetensors_format.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::io {

inline constexpr std::string_view test_input_name = "lamina.test.input";
inline constexpr std::string_view test_output_name = "lamina.test.output";

/// Takes the tensor of that name out of a file's list; begin and end are 0 if there is none.
[[nodiscard]] inline std::vector<StoredTensor> take(std::vector<StoredTensor>& tensors,
                                                    std::string_view name) {
    std::vector<StoredTensor> taken;
    for (auto tensor = tensors.begin(); tensor != tensors.end(); ++tensor)
        if (tensor->name == name) {
            taken.push_back(std::move(*tensor));
            tensors.erase(tensor);
            break;
        }
    return taken;
}

/// How many samples a tensor of test vectors has. It must be [n,...] with the extents of one sample.
[[nodiscard]] inline std::size_t sample_count(const StoredTensor& tensor, const dims& sample,
                                              const std::string& source) {
    std::vector<std::uint64_t> expected = extents_of(sample);
    expected.insert(expected.begin(), tensor.shape.empty() ? 0 : tensor.shape.front());
    if (tensor.shape != expected || expected.front() == 0 || tensor.dtype == Dtype::other) {
        const std::string of_one = to_string(extents_of(sample));
        raise(format_error{source + ": tensor " + tensor.name + ": expected [n," + of_one.substr(1) +
                           " with n from 1 on" +
                           (tensor.dtype == Dtype::other ? std::string{", of "} + readable_dtypes : "") +
                           ", found " + to_string(tensor)});
    }
    return as_size(expected.front());
}

/// Throws a `format_error` unless the model answers the file's inputs as the file says, each answer to
/// `tolerance` times the largest of its sample, or times 1 if that is more.
template <class M>
void verify_answers(const M& model, const Safetensors& file, const StoredTensor& inputs,
                    const StoredTensor& outputs, double tolerance, const std::string& source) {
    using T = typename M::scalar;
    const std::size_t count = sample_count(inputs, M::input_shape::extents, source);
    if (const std::size_t answers = sample_count(outputs, M::output_shape::extents, source); answers != count)
        raise(format_error{source + ": expected as many test outputs as inputs, " + std::to_string(count) +
                           ", found " + std::to_string(answers)});
    const auto number = [&](const StoredTensor& tensor, std::size_t i) {
        return read_number<T>(tensor.dtype, file.bytes(tensor).data() + i * info(tensor.dtype).bytes);
    };
    std::vector<typename M::Input> input(1); // on the heap, as the workspace
    std::vector<typename M::Workspace> workspace(1);
    constexpr auto in = static_cast<std::size_t>(M::Input::size),
                   out = static_cast<std::size_t>(M::Output::size);
    for (std::size_t sample = 0; sample < count; ++sample) {
        for (std::size_t i = 0; i < in; ++i)
            input[0][static_cast<int>(i)] = number(inputs, sample * in + i);
        const typename M::Output y = model.forward(input[0], workspace[0]);
        double scale = 1;
        for (std::size_t i = 0; i < out; ++i) {
            const T expected = number(outputs, sample * out + i);
            if (!is_finite(expected))
                raise(format_error{source + ": test vector " + std::to_string(sample) + ", output " +
                                   std::to_string(i) + ": expected a finite number, found none"});
            for (const double size : {static_cast<double>(expected), negated(static_cast<double>(expected))})
                if (size > scale)
                    scale = size;
        }
        for (std::size_t i = 0; i < out; ++i) {
            const auto found = static_cast<double>(y[static_cast<int>(i)]);
            const auto expected = static_cast<double>(number(outputs, sample * out + i));
            const double error = found - expected;
            if (error <= tolerance * scale && negated(error) <= tolerance * scale)
                continue;
            char text[160];
            std::snprintf(text, sizeof text,
                          "test vector %zu, output %zu: expected %.9g within %.3g, found %.9g", sample, i,
                          expected, tolerance * scale, found);
            raise(format_error{source + ": the network does not answer as the file says: " + text});
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::io

LAMINA_END_IEEE
