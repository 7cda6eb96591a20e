// Test vectors: inputs and the model's outputs for them, in a file with the weights. Needs jansson.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/number_formats.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/same_topology.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model/facts_of.hpp>

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

/// Takes the tensor of that name out of a file's list; its begin and end are 0 if there is none.
[[nodiscard]] inline files::List<files::StoredTensor> take(files::List<files::StoredTensor>& tensors,
                                                           std::string_view name) {
    files::List<files::StoredTensor> taken;
    for (auto tensor = tensors.begin(); tensor != tensors.end(); ++tensor)
        if (tensor->name == name) {
            taken.push_back(std::move(*tensor));
            tensors.erase(tensor);
            break;
        }
    return taken;
}

/// The number of samples in a tensor of test vectors. Its shape must be [n,...] with the extents of one
/// sample.
[[nodiscard]] inline std::size_t sample_count(const files::StoredTensor& tensor, const dims& sample,
                                              const std::string& source) {
    std::vector<std::uint64_t> expected = files::extents_of(sample);
    expected.insert(expected.begin(), tensor.shape.empty() ? 0 : tensor.shape.front());
    if (tensor.shape != expected || expected.front() == 0 || tensor.dtype == files::Dtype::other) {
        const std::string of_one = files::to_string(files::extents_of(sample));
        raise(format_error{
            source + ": tensor " + tensor.name + ": expected [n," + of_one.substr(1) + " with n from 1 on" +
            (tensor.dtype == files::Dtype::other ? std::string{", of "} + files::readable_dtypes : "") +
            ", found " + to_string(tensor)});
    }
    return as_size(expected.front());
}

/// The test vectors of a file.
struct TestVectors {
    const files::Safetensors& file;
    const files::StoredTensor& inputs;
    const files::StoredTensor& outputs;
    double tolerance;
    const std::string& source;

    template <class T>
    [[nodiscard]] T number(const files::StoredTensor& tensor, std::size_t i) const {
        return files::read_number<T>(tensor.dtype,
                                     file.bytes(tensor).data() + i * files::info(tensor.dtype).bytes);
    }
};

/// The numbers that a layer is applied to.
template <class T>
struct Row {
    using element = T;
    T* numbers;
    int size;

    [[nodiscard]] T& operator[](int i) const noexcept { return numbers[i]; }
};

/// Applies the layer, Softmax or Sigmoid, in place.
template <class T>
void make_probabilities(const std::string& layer, Row<T> scores) noexcept {
    if (layer == "Softmax")
        Softmax::forward(scores, none{}, scores);
    else
        for (int i = 0; i < scores.size; ++i)
            scores[i] = Sigmoid::value(scores[i]);
}

/// Asks a model for its outputs, one sample after the other.
template <class M>
class Answers {
    using T = typename M::scalar;

  public:
    explicit Answers(const M& model) : model_{&model}, input_(1), workspace_(1) {}

    /// To be written before `outputs` is called, which are valid until the next call.
    [[nodiscard]] T* inputs() noexcept { return input_[0].data(); }
    [[nodiscard]] const T* outputs() {
        output_ = model_->forward(input_[0], workspace_[0]);
        return output_.data();
    }

  private:
    const M* model_;
    std::vector<typename M::Input> input_; // on the heap, as the workspace
    std::vector<typename M::Workspace> workspace_;
    typename M::Output output_;
};

/// A copy of a `dynamic::Network`, which computes in memory that it holds.
template <RunTimeModel M>
class Answers<M> {
  public:
    explicit Answers(const M& network) : network_{network}, input_(network.input().size()) {}

    [[nodiscard]] float* inputs() noexcept { return input_.data(); }
    [[nodiscard]] const float* outputs() { return network_.forward({input_.data(), input_.size()}).data(); }

  private:
    M network_;
    std::vector<float> input_;
};

/// The first output of the model that differs from the file's by more than `tolerance` times the largest of
/// its sample (or times 1, if that is more), as text; empty if there is none. If only one of the two networks
/// has the layer `last`, it is applied to the outputs of the other.
template <class M>
[[nodiscard]] std::string answers_fault(const M& model, const TestVectors& tests, const LastLayer& last) {
    using T = typename M::scalar;
    Answers<M> answers{model};
    const std::size_t in = input_of(model).size(), out = output_of(model).size();
    std::vector<T> y(out), t(out);
    const std::size_t count = as_size(tests.inputs.shape.front());
    for (std::size_t sample = 0; sample < count; ++sample) {
        for (std::size_t i = 0; i < in; ++i)
            answers.inputs()[i] = tests.number<T>(tests.inputs, sample * in + i);
        const T* const outputs = answers.outputs();
        for (std::size_t i = 0; i < out; ++i) {
            const T number = tests.number<T>(tests.outputs, sample * out + i);
            if (!is_finite(number))
                raise(format_error{tests.source + ": test vector " + std::to_string(sample) + ", output " +
                                   std::to_string(i) + ": expected a finite number, found none"});
            t[i] = number;
            y[i] = outputs[i];
        }
        if (last.of == LastLayer::Of::model)
            make_probabilities(last.name, Row<T>{t.data(), static_cast<int>(out)});
        else if (last.of == LastLayer::Of::file)
            make_probabilities(last.name, Row<T>{y.data(), static_cast<int>(out)});
        double scale = 1;
        for (const T expected : t)
            for (const double size : {static_cast<double>(expected), negated(static_cast<double>(expected))})
                if (size > scale)
                    scale = size;
        for (std::size_t i = 0; i < out; ++i) {
            const auto found = static_cast<double>(y[i]), expected = static_cast<double>(t[i]);
            const double error = found - expected;
            if (error <= tests.tolerance * scale && negated(error) <= tests.tolerance * scale)
                continue;
            char text[160];
            std::snprintf(text, sizeof text,
                          "test vector %zu, output %zu: expected %.9g within %.3g, found %.9g", sample, i,
                          expected, tests.tolerance * scale, found);
            return text;
        }
    }
    return {};
}

/// What may be wrong, judged by the file and the model: a sentence or none for each cause.
[[nodiscard]] inline std::string causes(const files::Safetensors& file,
                                        std::span<const ModelTensor> tensors) {
    bool rounded = false, alike = false;
    for (const files::StoredTensor& tensor : file.tensors)
        rounded = rounded || tensor.dtype == files::Dtype::f16 || tensor.dtype == files::Dtype::bf16;
    for (const ModelTensor& a : tensors)
        for (const ModelTensor& b : tensors)
            alike = alike || (&a != &b && a.shape.rank > 1 && a.shape == b.shape);
    std::string text;
    if (rounded)
        text += "\n  the file has numbers in F16 or BF16: outputs that were computed before rounding need a "
                "larger "
                ".tolerance";
    if (alike && file.find(files::topology_key) == nullptr)
        text += "\n  layers of the same shape may be in another order: see .rename";
    return text;
}

/// Throws a `format_error` unless the model reproduces the file's outputs.
template <class M>
void verify_answers(const M& model, const TestVectors& tests, LastLayer last) {
    const std::size_t count = sample_count(tests.inputs, input_of(model), tests.source);
    if (const std::size_t answers = sample_count(tests.outputs, output_of(model), tests.source);
        answers != count)
        raise(format_error{tests.source + ": expected as many test outputs as inputs, " +
                           std::to_string(count) + ", found " + std::to_string(answers)});
    const bool unknown = last.of == LastLayer::Of::unknown;
    std::string fault = answers_fault(model, tests, last);
    if (!fault.empty() && unknown) { // whether the answers are those of the last layer or of the one before
        last.of = LastLayer::Of::model;
        const std::string of_scores = answers_fault(model, tests, last);
        if (of_scores.empty())
            return;
        fault += "; if they are scores before the " + last.name + ": " + of_scores;
    } else if (!fault.empty() && last.of != LastLayer::Of::both) {
        fault += ", both after the " + last.name + " that only the " +
                 (last.of == LastLayer::Of::model ? "model" : "file's network") + " has";
    }
    if (fault.empty())
        return;
    for (const char* name : {"Softmax", "Sigmoid"})
        if (last.of == LastLayer::Of::both &&
            answers_fault(model, tests, {name, LastLayer::Of::file}).empty())
            fault += std::string{"\n  they are the "} + name +
                     " of the model's outputs: the file's network has one "
                     "at its end, and the model must, too";
    raise(format_error{tests.source + ": the model's outputs differ from the stored ones: " + fault +
                       causes(tests.file, tensors_of(model))});
}

} // namespace lamina::inline LAMINA_ABI::io

LAMINA_END_IEEE
