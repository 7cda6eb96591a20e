// Training on recordings, and `evaluate` of them.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/inference_pass.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/recorded_windows.hpp>
#include <lamina/train/recording_batches.hpp>
#include <lamina/train/team.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The memory of a recording that passes window by window.
template <class Model>
struct RecordingMemory {
    using T = typename Model::scalar;
    using In = StreamBlock<data::Recordings<Model>::steps, step_of<typename Model::input_shape>>;
    using Pass =
        topology::InferencePass<topology::Plan<topology::Inferred<typename Model::topology, In, T>>, T,
                                native_lanes<T> != 1 ? topology::Samples::one : topology::Samples::pack>;

    Pass pass;
    T carried[std::size_t{Pass::carried_extent > 0 ? Pass::carried_extent : 1}];
    Tensor<pack<T>, typename Model::input_shape> inputs;
    Tensor<pack<T>, typename Model::output_shape> outputs, targets, unused;
};

template <class Model, int Windows, class Loss>
[[nodiscard]] Metrics evaluate_recordings(const Model& model, const data::Recordings<Model, Windows>& data,
                                          const Loss& loss, int threads) {
    using T = typename Model::scalar;
    PerThread<RecordingMemory<Model>> memory{threads};
    require_loss(loss);
    constexpr HeadOfClasses told = head_of_classes<Model, Loss>;
    std::vector<double> losses(data.window_count());
    std::vector<Classes> of_answers(told.classes > 0 ? data.window_count() * std::size_t{told.answers} : 0);
    in_parallel(threads, [&](int thread, int count) {
        RecordingMemory<Model>& m = memory[thread];
        const std::size_t own = static_cast<std::size_t>(thread), all = static_cast<std::size_t>(count);
        for (std::size_t w = 0; w < data.window_count(); ++w) {
            if (data.recording_of(w) % all != own)
                continue;
            const std::size_t first = data.first_of_recording(w);
            if (w == first)
                for (T& c : m.carried)
                    c = T(0);
            std::uint32_t windows[std::size_t{native_lanes<T>}]; // all lanes have the same one
            for (std::uint32_t& lane : windows)
                lane = static_cast<std::uint32_t>(w);
            data.inputs(windows, m.inputs.view());
            data.targets(windows, m.targets.view());
            const auto x = m.pass.input();
            for (int i = 0; i < x.size; ++i)
                x[i] = m.inputs[i][0];
            m.pass.forward(model.numbers().data(), m.carried,
                           std::uint64_t{w - first} * static_cast<unsigned>(data.steps));
            const auto y = m.pass.output();
            for (int i = 0; i < y.size; ++i)
                m.outputs[i] = pack<T>(y[i]);
            pack<T> of_window;
            if constexpr (is_losses<Loss>)
                of_window = loss_and_gradient_of_heads(model, loss, m.outputs.view(), m.targets.view(),
                                                       m.unused.view());
            else
                of_window = loss.loss_and_gradient(m.outputs.view(), m.targets.view(), m.unused.view());
            losses[w] = static_cast<double>(of_window[0]);
            if constexpr (told.classes > 0) {
                using Inferred = typename Model::inferred;
                const auto scores = topology::head_of<Inferred, told.head>(m.outputs.view());
                const auto target = topology::head_of<Inferred, told.head>(m.targets.view());
                put_classes(&of_answers[w * std::size_t{told.answers}], target, scores, 0, told.answers);
            }
        }
    });
    Metrics metrics;
    metrics.samples = data.window_count();
    double sum = 0;
    for (const double l : losses)
        sum += l;
    if (data.window_count() > 0)
        metrics.loss = sum / static_cast<double>(data.window_count());
    if constexpr (told.classes > 0)
        count_classes(metrics, of_answers, told.classes);
    return metrics;
}

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
