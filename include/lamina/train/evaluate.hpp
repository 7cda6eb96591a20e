// evaluate: loss, accuracy and confusion matrix of a model on data.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model/answers.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/train/confusion.hpp>
#include <lamina/train/evaluation_memory.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The result of `evaluate`. Accuracy and confusion need classes: labels, or a loss whose targets are classes
/// (such as SoftmaxCrossEntropy). Otherwise the accuracy is NaN and the confusion empty. Of a network with
/// several outputs they are those of the first output whose loss has classes. Without any samples, loss and
/// accuracy are NaN.
struct Metrics {
    /// Share of samples whose class was predicted: that of the largest output or, if the only output is a
    /// logit, class 1 if it is above 0. Of a network that answers at each step of a sequence, accuracy and
    /// confusion count steps.
    double accuracy = detail::not_a_number<double>();
    double loss = detail::not_a_number<double>(); ///< mean over the samples, weighted by class weights
    Confusion confusion;
    std::size_t samples = 0;
};

namespace detail {

template <class Model>
concept HasOneOutput = requires {
    requires answer_size(Model::output_shape::extents)
    == 1;
};
/// In place of a loss, of a `dynamic::Network`: the one that its number of outputs tells.
struct LossOfLabels {};
/// Only data with labels have a default loss.
template <class Model, class Data>
using LossUnlessTold = std::conditional_t<
    !Labelled<Data>, none,
    std::conditional_t<RunTimeModel<Model>, LossOfLabels,
                       std::conditional_t<HasOneOutput<Model>, BinaryCrossEntropy, SoftmaxCrossEntropy>>>;

/// The class of outputs or of a target in one lane: the index of the largest number (the first, if several
/// are equal), or, for a single number, whether it is above `threshold`. `k` is the step, if `v` has several
/// answers.
template <class V>
[[nodiscard]] int class_in_lane(V v, int lane, scalar_of<typename V::element> threshold, int k,
                                int answers) noexcept {
    if (v.size == answers)
        return v[k][lane] > threshold ? 1 : 0;
    const dims& extents = kernels::extents_of(v);
    return index_of_largest(v.size / answers, [&](int i) { return v[answer_index(extents, k, i)][lane]; });
}
/// The actual and the predicted class of an answer.
struct Classes {
    int actual, predicted;
};
/// Writes those of all answers of a sample.
template <class Target, class Scores>
void put_classes(Classes* of_sample, Target target, Scores scores, int lane, int answers) noexcept {
    using T = scalar_of<typename Scores::element>;
    for (int k = 0; k < answers; ++k)
        of_sample[k] = {class_in_lane(target, lane, T(0.5), k, answers),
                        class_in_lane(scores, lane, T(0), k, answers)};
}

inline void count_classes(Metrics& metrics, const std::vector<Classes>& of_answers, int classes) {
    metrics.confusion = Confusion{classes};
    std::size_t right = 0;
    for (const Classes& own : of_answers) {
        metrics.confusion.add(own.actual, own.predicted);
        right += own.actual == own.predicted ? 1U : 0U;
    }
    if (!of_answers.empty())
        metrics.accuracy = static_cast<double>(right) / static_cast<double>(of_answers.size());
}

/// The number of classes of the labels or the loss, or 0 if neither has classes, and the head they are of.
template <class Data, class Model, class Loss>
[[nodiscard]] constexpr HeadOfClasses classes_told(const Model& model,
                                                   [[maybe_unused]] const Loss& loss) noexcept {
    if constexpr (Labelled<Data>)
        return {0, lamina::data::classes_of_labels(outputs_of(model)), answer_count(output_of(model))};
    else if constexpr (RunTimeModel<Model> && is_losses<Loss>)
        return first_of_classes(model, loss);
    else if constexpr (RunTimeModel<Model>)
        return {0, classes_of<Loss>(outputs_of(model)), answer_count(output_of(model))};
    else
        return head_of_classes<Model, Loss>;
}
/// Whether there may be classes.
template <class Model, class Data, class Loss>
[[nodiscard]] consteval bool may_have_classes() noexcept {
    if constexpr (Labelled<Data> || RunTimeModel<Model>)
        return true;
    else
        return head_of_classes<Model, Loss>.classes > 0;
}
/// The head of classes in a view of the outputs or of the targets.
template <class Data, class Loss, class Model, class V>
[[nodiscard]] auto view_of_classes([[maybe_unused]] const Model& model, [[maybe_unused]] int head,
                                   V v) noexcept {
    if constexpr (RunTimeModel<Model> && is_losses<Loss>)
        return model.head(head, v);
    else if constexpr (Labelled<Data> || RunTimeModel<Model>)
        return v;
    else
        return topology::head_of<typename Model::inferred, head_of_classes<Model, Loss>.head>(v);
}

template <class Model, class Data, class Loss>
[[nodiscard]] Metrics evaluate_checked(const Model& model, const Data& data, const Loss& loss, int threads) {
    using T = typename Model::scalar;
    constexpr std::size_t lanes = native_lanes<T>;
    if constexpr (RunTimeModel<Model>)
        require_loss_fits(model, loss, "evaluate");
    PerThread<EvaluationMemory<Model>> memory{threads, model};
    require_loss(loss);
    check_data(model, loss, data);
    const HeadOfClasses told = classes_told<Data>(model, loss);
    const int classes = told.classes, answers = told.answers;
    const std::size_t size = as_size(data.size()), packs = (size + lanes - 1) / lanes;
    std::vector<double> losses(size);
    std::vector<Classes> of_answers(classes > 0 ? size * as_size(answers) : 0);
    in_parallel(threads, [&](int thread, int count) {
        EvaluationMemory<Model>& m = memory[thread];
        for (std::size_t p = static_cast<std::size_t>(thread); p < packs;
             p += static_cast<std::size_t>(count)) {
            const std::size_t first = p * lanes, left = size - first;
            const std::size_t samples = left < lanes ? left : lanes;
            std::uint32_t indices[lanes];
            for (std::size_t r = 0; r < lanes; ++r)
                indices[r] = static_cast<std::uint32_t>(first + (r < samples ? r : samples - 1));
            data.inputs(indices, m.pass.input());
            data.targets(indices, m.targets.view());
            m.pass.forward(model.numbers().data());
            const auto y = m.pass.output();
            pack<T> of_pack;
            if constexpr (is_losses<Loss>)
                of_pack = loss_and_gradient_of_heads(model, loss, y, m.targets.view(), m.unused.view());
            else
                of_pack = loss.loss_and_gradient(y, m.targets.view(), m.unused.view());
            for (std::size_t r = 0; r < samples; ++r) {
                const int lane = static_cast<int>(r);
                losses[first + r] = static_cast<double>(of_pack[lane]);
                if constexpr (may_have_classes<Model, Data, Loss>()) {
                    if (classes == 0)
                        continue;
                    const auto scores = view_of_classes<Data, Loss>(model, told.head, y);
                    const auto target = view_of_classes<Data, Loss>(model, told.head, m.targets.view());
                    put_classes(&of_answers[(first + r) * as_size(answers)], target, scores, lane, answers);
                }
            }
        }
    });

    Metrics metrics;
    metrics.samples = size;
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i < size; ++i) {
        sum += losses[i];
        weights += weight_of_sample(loss, data, i);
    }
    if (weights > 0)
        metrics.loss = sum / weights;
    if constexpr (may_have_classes<Model, Data, Loss>()) {
        if (classes == 0)
            return metrics;
        count_classes(metrics, of_answers, classes);
    }
    return metrics;
}

/// The same of recordings: see train/recordings.hpp.
template <class Model, int Windows, class Loss>
[[nodiscard]] Metrics evaluate_recordings(const Model& model,
                                          const lamina::data::Recordings<Model, Windows>& data,
                                          const Loss& loss, int threads);

} // namespace detail

/// Runs all of `data` through the model on `threads` OpenMP threads; the result has the same bits for any
/// number of them. Unless another one is given, the loss of labelled data is softmax cross entropy, and
/// binary cross entropy for a model with one output. A loss must be given for data without labels, and for a
/// model whose outputs are not scores: cross entropy of one that ends in `Softmax` does not compile, as in a
/// `Trainer`. Throws `data_error` if the data do not fit the model, `std::invalid_argument` if the system
/// cannot start that many threads. Memory is allocated once.
template <class Model, class Data, class Loss = detail::LossUnlessTold<Model, Data>>
[[nodiscard]] Metrics evaluate(const Model& model, const Data& data, Loss loss = {}, int threads = 1) {
    if constexpr (RunTimeModel<Model> && std::is_same_v<Loss, detail::LossOfLabels>) {
        if (outputs_of(model) == 1)
            return evaluate(model, data, BinaryCrossEntropy{}, threads);
        return evaluate(model, data, SoftmaxCrossEntropy{}, threads);
    } else if constexpr (!Broken<Model> && !IsModel<Model> && !RunTimeModel<Model>) {
        static_assert(sizeof(typename problem::model<Model>::is_not_one) > 0);
    } else if constexpr (!Broken<Model> && !Broken<Loss>) {
        if constexpr (!TrainingData<Data, Model>)
            require_data_of<Model, Loss, Data>();
        else if constexpr (std::is_same_v<Loss, none>)
            static_assert(sizeof(typename problem::data_set<Data>::needs_a_loss) > 0);
        else if constexpr (!data_fit<Model, Loss, Data>)
            require_data_of<Model, Loss, Data>();
        else if constexpr (!std::is_same_v<decltype(check_loss<Model, Loss>()), none>)
            static_assert(sizeof(typename decltype(check_loss<Model, Loss>())::type) > 0);
        else if constexpr (is_recordings<Data>)
            return detail::evaluate_recordings(model, data, loss, threads);
        else
            return detail::evaluate_checked(model, data, loss, threads);
    }
    return {};
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
