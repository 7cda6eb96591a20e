// The cause of a loss that is not finite, as far as the data show it.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/problem/message.hpp>
#include <lamina/tensor.hpp>
#include <lamina/train/check_data.hpp>
#include <lamina/train/evaluation_memory.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/training_data.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// What inputs and targets of samples show.
template <class T>
struct Evidence {
    std::size_t sample = 0; ///< the first one with a number that is not finite
    bool in_input = false, in_target = false;
    T largest_input = T(0), largest_target = T(0); ///< without signs; of samples that are finite
};

template <class Model, class Data>
[[nodiscard]] auto examine(const Model& model, const Data& data, std::span<const std::uint32_t> samples) {
    using T = typename Model::scalar;
    constexpr std::size_t lanes = native_lanes<T>;
    PerThread<EvaluationMemory<Model>> memory{1, model};
    EvaluationMemory<Model>& m = memory[0];
    // Returns whether all numbers of a lane are finite.
    const auto is_sound = [](auto numbers, std::size_t lane, T& largest) {
        for (int i = 0; i < numbers.size; ++i) {
            const T number = numbers[i][static_cast<int>(lane)];
            if (!is_finite(number))
                return false;
            for (const T candidate : {number, negated(number)})
                if (candidate > largest)
                    largest = candidate;
        }
        return true;
    };
    Evidence<T> found;
    for (std::size_t first = 0; first < samples.size(); first += lanes) {
        std::uint32_t indices[lanes];
        for (std::size_t r = 0; r < lanes; ++r)
            indices[r] = samples[first + r < samples.size() ? first + r : samples.size() - 1];
        data.inputs(indices, m.pass.input());
        data.targets(indices, m.targets.view());
        for (std::size_t r = 0; r < lanes; ++r) {
            found.in_input = !is_sound(m.pass.input(), r, found.largest_input);
            found.in_target = !is_sound(m.targets.view(), r, found.largest_target);
            found.sample = indices[r];
            if (found.in_input || found.in_target)
                return found;
        }
    }
    return found;
}

/// A text on what made a loss not finite.
using Cause = char[512];

/// Writes "sample 3 has an input that is not finite", or nothing. `data` name the samples.
template <class T>
[[nodiscard]] char* spell_unsound_sample(char* to, const Evidence<T>& found, const auto& data) {
    if (!found.in_input && !found.in_target)
        return to;
    to = messages::spell(spell_sample(to, data, found.sample),
                         found.in_input ? " has an input" : " has a target");
    return messages::spell(to, " that is not finite");
}

/// Writes what to do about numbers that are so large that training diverges, or nothing.
template <class T>
[[nodiscard]] char* spell_advice_on_scale(char* to, const Evidence<T>& found) {
    const bool inputs = found.largest_input > 10, targets = found.largest_target > 10;
    if (!inputs && !targets)
        return to;
    to = messages::spell(to, ", and scale ");
    to = messages::spell(to, inputs && targets ? "inputs and targets" : inputs ? "inputs" : "targets");
    to = messages::spell(to, " to numbers near 1 (standardise each column): there are some as large as ");
    return messages::spell(to, inputs ? found.largest_input : found.largest_target);
}

/// The error of a step after which training cannot go on.
template <class T>
void describe_step(Cause& text, int epoch, std::size_t step, double rate, const Evidence<T>& found,
                   const auto& data) {
    char* end = text;
    const auto add = [&](const auto&... parts) { ((end = messages::spell(end, parts)), ...); };
    add("the loss or a parameter is no longer finite in epoch ", epoch, ", step ", step, " (learning rate ",
        rate, "); the model keeps its last good parameters. ");
    if (found.in_input || found.in_target) {
        add("In this step, ");
        end = spell_unsound_sample(end, found, data);
    } else {
        add("Try a smaller learning rate");
        end = spell_advice_on_scale(end, found);
    }
    *end = '\0';
}

/// What `fit` says of a validation loss that is not finite.
template <class Model, class Data>
void describe_validation(Cause& text, const Model& model, const Data& data) {
    std::vector<std::uint32_t> all(as_size(data.size()));
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint32_t>(i);
    const auto found = examine(model, data, {all.data(), all.size()});
    char* end = messages::spell(text, "the validation loss is not finite");
    if (found.in_input || found.in_target)
        end = spell_unsound_sample(messages::spell(end, ": "), found, data);
    else
        end =
            messages::spell(end, ", although all inputs and targets of the validation data are: the model's "
                                 "outputs are too large, or all weights of the labels are 0");
    *messages::spell(end, "\n") = '\0';
}

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
