// Writes a model as a safetensors file, and reads it back. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/files/safetensors_reader.hpp>
#include <lamina/files/spelling.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/file_options.hpp>
#include <lamina/io/match.hpp>
#include <lamina/io/model_header.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/names.hpp>
#include <lamina/io/same_topology.hpp>
#include <lamina/io/suggest.hpp>
#include <lamina/io/tensor_numbers.hpp>
#include <lamina/io/test_vectors.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model.hpp>
#include <lamina/model/facts_of.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace io {

/// The patterns of the tensors that only checkpoints have.
inline constexpr const char* checkpoint_only = R"("optimizer.*", "best.*")";

/// A file to which tensors are appended one by one.
struct FileInTheMaking {
    files::Safetensors file;
    std::vector<std::byte> data;

    /// `write` appends the numbers to the data.
    template <class Write>
    void add(std::string_view name, files::Dtype dtype, std::vector<std::uint64_t> shape, Write write) {
        const std::size_t begin = data.size();
        write(data);
        file.tensors.push_back({std::string{name}, dtype, std::move(shape), begin, data.size()});
    }
    [[nodiscard]] std::vector<std::byte> bytes() {
        file.data = files::bytes_of(data);
        return files::to_bytes(file);
    }
};

/// Adds weights, biases, and the metadata that identify the model.
template <class M>
void add_model(FileInTheMaking& making, const M& model, const std::string& target,
               const SaveOptions& options = {}) {
    using T = typename M::scalar;
    if (!options.rename.pairs.empty())
        check_names(options.rename.pairs, tensors_of(model), target);
    for_each_note(input_of(model), layers_of(model), layers_of(model).size(),
                  [&](std::string_view key, auto spell) {
                      making.file.metadata.push_back({std::string{key}, files::spelled(spell)});
                  });
    for (const ModelTensor& tensor : tensors_of(model))
        making.add(name_in_file(options.rename.pairs, tensor.name), files::dtype_of<T>,
                   files::extents_of(tensor.shape), [&](std::vector<std::byte>& data) {
                       write_numbers(tensor, std::span<const T>{model.numbers()}, data, target);
                   });
}

/// `input(i)` points to the numbers of sample i.
template <class M>
void add_tests(FileInTheMaking& making, const M& model, std::size_t samples, auto input,
               const std::string& target) {
    using T = typename M::scalar;
    Answers<M> answers{model};
    const std::size_t in = input_of(model).size(), out = output_of(model).size();
    std::vector<T> inputs, outputs;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        for (std::size_t i = 0; i < in; ++i)
            inputs.push_back(answers.inputs()[i] = input(sample)[i]);
        const T* const y = answers.outputs();
        for (std::size_t i = 0; i < out; ++i) {
            if (!is_finite(y[i]))
                raise(format_error{target + ": test vector " + std::to_string(sample) +
                                   ": expected finite answers, found one that is not"});
            outputs.push_back(y[i]);
        }
    }
    const auto add = [&](std::string_view name, const dims& sample, const std::vector<T>& numbers) {
        std::vector<std::uint64_t> shape = files::extents_of(sample);
        shape.insert(shape.begin(), samples);
        making.add(name, files::dtype_of<T>, shape, [&](std::vector<std::byte>& data) {
            for (const T number : numbers)
                append_number(number, data);
        });
    };
    add(test_input_name, input_of(model), inputs);
    add(test_output_name, output_of(model), outputs);
}

template <class M>
[[nodiscard]] std::vector<std::byte> encode(const M& model, std::size_t tests, auto test,
                                            const std::string& target, const SaveOptions& options = {}) {
    FileInTheMaking making;
    add_model(making, model, target, options);
    if (tests > 0)
        add_tests(making, model, tests, test, target);
    return making.bytes();
}

/// `tests` are the numbers of whole inputs of a `dynamic::Network`.
template <RunTimeModel M>
[[nodiscard]] std::vector<std::byte> encode_network(const M& network, std::span<const float> tests,
                                                    const std::string& target, const SaveOptions& options) {
    const std::size_t in = network.input().size();
    if (tests.size() % in != 0)
        raise(data_error{target + ": expected test inputs of " + std::to_string(in) +
                         " numbers each, found " + std::to_string(tests.size()) + " numbers"});
    return encode(
        network, tests.size() / in, [&](std::size_t i) { return tests.data() + i * in; }, target, options);
}

/// A line if the last layer has another number of outputs than in the file, and is else the same.
[[nodiscard]] inline std::string hint_of_another_head(std::span<const ModelTensor> expected,
                                                      const Matches& matches) {
    std::size_t weight = expected.size();
    while (weight > 0 && expected[weight - 1].shape.rank < 2) // biases
        --weight;
    const files::StoredTensor* stored = weight > 0 ? matches.tensors[--weight] : nullptr;
    if (stored == nullptr || stored->shape.empty())
        return {};
    std::vector<std::uint64_t> shape = files::extents_of(expected[weight].shape);
    if (stored->shape[0] == shape[0])
        return {};
    shape[0] = stored->shape[0];
    if (stored->shape != shape)
        return {};
    const std::string name{std::string_view{expected[weight].name}};
    return "\n  " + name + " has another number of outputs: load's .keep = {\"" +
           name.substr(0, name.rfind('.')) + "\"} leaves the model's own there";
}

/// Matches a model's tensors with those of a file, which has no test vectors. The faults end with hints.
[[nodiscard]] inline Matches match_weights(std::span<const ModelTensor> expected,
                                           const files::Safetensors& file, const LoadOptions& options) {
    Matches matches = match(expected, file, options.rename, options.ignore, options.keep);
    if (matches.faults.empty())
        return matches;
    matches.faults += suggestion(expected, file, options, matches) + hint_of_another_head(expected, matches);
    bool has_state = false, has_best = false; // which are not ignored
    for (const files::StoredTensor& tensor : file.tensors)
        if (!is_of_any(tensor.name, options.ignore)) {
            has_state = has_state || is_below(tensor.name, "optimizer");
            has_best = has_best || is_below(tensor.name, "best");
        }
    if ((has_state || has_best) && file.find(files::checkpoint_key) != nullptr)
        matches.faults +=
            "\n  this is a checkpoint, for load_checkpoint or fit's .checkpoints; with .ignore = {" +
            std::string{checkpoint_only} + "} its weights alone are loaded" +
            (has_best ? ", the last ones, not the best" : "");
    return matches;
}

/// The number of layers before the model's last ones, if those are all kept; -1 if its last layer is not.
[[nodiscard]] inline int layers_to_compare(std::span<const ModelTensor> tensors, const Patterns& keep) {
    int layers = -1;
    for (std::size_t i = tensors.size(); i-- > 0 && is_of_any(tensors[i].name, keep);)
        layers = std::atoi(std::string{std::string_view{tensors[i].name}}.c_str());
    return layers;
}

/// The flat array of a file's tensors, after all checks; what is kept is as in `model`.
template <class M>
[[nodiscard]] std::vector<typename M::scalar> read_parameters(const M& model, const files::Safetensors& file,
                                                              const LoadOptions& options,
                                                              const std::string& source) {
    using T = typename M::scalar;
    const Matches matches = match_weights(tensors_of(model), file, options);
    if (!matches.faults.empty())
        raise(
            format_error{source + ": expected the tensors of the model, found other ones:" + matches.faults});
    std::vector<T> loaded(as_size(extent_of(model))); // zero, as padding must be
    for (std::size_t i = 0; i < matches.tensors.size(); ++i) {
        const ModelTensor& tensor = tensors_of(model)[i];
        if (const files::StoredTensor* stored = matches.tensors[i])
            read_numbers(tensor, stored->dtype, file.bytes(*stored), std::span<T>{loaded}, source);
        else
            for (std::size_t k = 0; k < tensor.size; ++k)
                loaded[tensor.place(k)] = model.numbers()[tensor.place(k)];
    }
    return loaded;
}

template <class M>
void put(const std::vector<typename M::scalar>& loaded, M& model) noexcept {
    for (std::size_t i = 0; i < loaded.size(); ++i)
        model.numbers()[i] = loaded[i];
}

/// Throws `format_error`, and then the model stays as it was.
template <class M>
void decode(M& model, const files::SafetensorsReader& reader, const LoadOptions& options) {
    files::Safetensors file = reader.read();
    const files::List<files::StoredTensor> inputs = take(file.tensors, test_input_name),
                                           outputs = take(file.tensors, test_output_name);
    if (inputs.size() != outputs.size())
        raise(format_error{reader.source() + ": expected test inputs and outputs or neither, found only " +
                           (inputs.empty() ? "outputs" : "inputs")});
    const TopologyMatch topology = match_topology(topology_text(input_of(model), layers_of(model)), file,
                                                  layers_to_compare(tensors_of(model), options.keep));
    if (!topology.fault.empty())
        raise(format_error{reader.source() + ": " + topology.fault});
    const auto loaded = read_parameters(model, file, options, reader.source());
    if (!inputs.empty() && options.verify && options.keep.lines.empty()) {
        std::vector<M> candidate(1, model); // on the heap
        put(loaded, candidate[0]);
        verify_answers(candidate[0], {file, inputs[0], outputs[0], options.tolerance, reader.source()},
                       topology.last);
    }
    put(loaded, model);
}

} // namespace io
} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
