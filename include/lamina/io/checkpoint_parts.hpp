// The parts of a checkpoint besides the model: names and numbers of the optimiser, of the position and of the
// best epoch.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/number_text.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/tensor_numbers.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/files.hpp>
#include <lamina/text.hpp>
#include <lamina/train/frozen.hpp>
#include <lamina/train/run_position.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::io {

inline constexpr const char *frozen_key = "lamina.frozen", *frozen_at_start_key = "lamina.frozen_at_start";
inline constexpr const char* checkpoint_version = "1";

/// Calls f(name, array or number) for each part of an optimiser's state.
template <class State, class F>
void for_each_field(State& state, F f) {
    if constexpr (requires { std::remove_const_t<State>::fields(state, f); })
        std::remove_const_t<State>::fields(state, f);
    else if constexpr (!std::is_empty_v<State>)
        static_assert(sizeof(typename problem::optimizer_state<std::remove_const_t<State>>::has_no_fields) >
                      0);
}

inline constexpr std::string_view optimizer_prefix = "lamina.optimizer.", loss_prefix = "lamina.loss.",
                                  position_prefix = "lamina.place.";

/// Calls f(key, text) for each setting of an optimiser or a loss.
template <class Part, class F>
void for_each_setting(std::string_view prefix, const Part& part, F f) {
    const auto of = [&]<class X>(const char* name, const X& setting) {
        const std::string key = std::string{prefix} + name;
        if constexpr (std::is_arithmetic_v<X>) {
            f(key, files::number_text(setting));
        } else {
            std::string numbers;
            for (const auto number : setting)
                numbers += (numbers.empty() ? "" : " ") + files::number_text(number);
            f(key, numbers);
        }
    };
    if constexpr (requires { Part::fields(part, of); })
        Part::fields(part, of);
    else if constexpr (requires { part.learning_rate; })
        of("learning_rate", part.learning_rate);
}

/// Calls f(key, number) for the numbers of the position that every file has, and newer(key, number) for those
/// that older files lack.
void for_each_field_of_position(auto& position, auto f, auto newer) {
    const auto key = [](const char* name) { return std::string{position_prefix} + name; };
    RunPosition::fields(position, [&](const char* name, auto& number) { f(key(name), number); });
    RunPosition::newer_fields(position, [&](const char* name, auto& number) { newer(key(name), number); });
}

/// Whether an X converts to this double and back without change: integers do up to 2^53.
template <class X>
[[nodiscard]] inline bool is_kept_exactly(double number) noexcept {
    if constexpr (std::is_integral_v<X>)
        return number >= (std::is_signed_v<X> ? -9007199254740991.0 : 0.0) && number <= 9007199254740991.0 &&
               number <= static_cast<double>((std::numeric_limits<X>::max)()) &&
               number >= static_cast<double>(std::numeric_limits<X>::lowest()) &&
               is_equal(number, static_cast<double>(static_cast<std::int64_t>(number)));
    else
        return true;
}

/// An array of an optimiser's state. (A `dynamic::Network` has vectors.)
template <class X>
concept StateArray = requires(const X& x) {
    x[0];
};

/// A part of the optimiser's state as a tensor: an array in the model's type, or one number as F64.
template <class X>
[[nodiscard]] ModelTensor state_tensor(const char* name, const X& x) {
    ModelTensor tensor;
    tensor.name << "optimizer." << name;
    if constexpr (std::is_array_v<X> && !std::is_floating_point_v<std::remove_extent_t<X>>)
        static_assert(sizeof(typename problem::array_of_state<X>::is_of_neither_float_nor_double) > 0);
    tensor.size = 1;
    if constexpr (StateArray<X>)
        tensor.size = std::size(x);
    tensor.shape = dims{static_cast<int>(tensor.size)};
    return tensor;
}

/// "0.weight 0.bias"
[[nodiscard]] std::string frozen_names(const auto& tensors, ModelTensors all) {
    std::string names;
    for (const ParameterTensor& t : tensors)
        if (t.is_frozen)
            names.append(names.empty() ? "" : " ").append(name_of(all, t));
    return names;
}

/// Freezes the tensors that `names` has, or whose layer it has, and no other.
inline void set_frozen_by(const std::string& names, files::List<ParameterTensor>& tensors, ModelTensors all,
                          bool can_freeze) {
    const auto has = [list = ' ' + names + ' '](const std::string& name) {
        return list.find(' ' + name + ' ') != std::string::npos;
    };
    for (ParameterTensor& t : tensors)
        t.is_frozen = can_freeze &&
                      (has(std::string{name_of(all, t)}) ||
                       has(std::string{name_of(all, t).substr(0, name_of(all, t).rfind('.'))}));
}

/// The tensors of the best epoch's parameters, of a run with patience: "best.0.weight", ...
[[nodiscard]] files::List<ModelTensor> best_tensors(const auto& model) {
    files::List<ModelTensor> tensors;
    for (ModelTensor tensor : tensors_of(model)) {
        Text name;
        name << "best." << tensor.name;
        tensor.name = name;
        tensors.push_back(tensor);
    }
    return tensors;
}

template <class Model>
void add_best(FileInTheMaking& making, const Model& model, const std::vector<double>& parameters,
              const std::string& target) {
    using T = typename Model::scalar;
    if (parameters.size() != as_size(extent_of(model)))
        raise(format_error{target + ": expected " + std::to_string(extent_of(model)) +
                           " parameters of the best epoch, found " + std::to_string(parameters.size())});
    std::vector<T> best(parameters.size());
    for (std::size_t i = 0; i < best.size(); ++i)
        best[i] = static_cast<T>(parameters[i]);
    for (const ModelTensor& tensor : best_tensors(model))
        making.add(tensor.name, files::dtype_of<T>, files::extents_of(tensor.shape),
                   [&](std::vector<std::byte>& data) {
                       write_numbers(tensor, std::span<const T>{best}, data, target);
                   });
}

} // namespace lamina::inline LAMINA_ABI::io

LAMINA_END_IEEE
