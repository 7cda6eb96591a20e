// standardization: scales inputs so that each of their elements has mean 0 and standard deviation 1.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// Scales inputs by figures that it holds.
///
///     y(i) = (x(i) - mean(i)) / deviation(i)
///
/// It is a plain object: a program that only runs the network writes down the figures of training,
/// `Standardization<Model::Input>{.mean = {{5.8F, 3.1F}}, .deviation = {{0.8F, 0.4F}}}`.
template <class Input>
struct Standardization {
    Input mean{};
    Input deviation{};

    [[nodiscard]] constexpr Input operator()(const Input& x) const noexcept {
        Input y;
        for (int i = 0; i < Input::size; ++i)
            y[i] = (x[i] - mean[i]) / deviation[i];
        return y;
    }
};

/// Mean and standard deviation of each element of the inputs of `data`, which are `Samples` or a part of
/// some. Take the training part alone, or the validation figures look better than they are:
///
///     const auto scale = ln::data::standardization(parts.train);
///     for (Model::Input& x : inputs)
///         x = scale(x);
///
/// The deviation is the root of the mean squared difference from the mean, and 1 for an element that is the
/// same in all inputs. Computed in double, without heap.
///
/// Errors: throws `data_error` if there are no samples.
///
/// PyTorch: has none; scikit-learn's `StandardScaler`.
template <class Data>
    requires requires(const Data& data) {
        data.input(data.size());
    }
[[nodiscard]] constexpr auto standardization(const Data& data) {
    using Input = std::remove_cvref_t<decltype(data.input(std::size_t{0}))>;
    using T = std::remove_cvref_t<decltype(data.input(std::size_t{0})[0])>;
    const std::size_t count = data.size();
    if (count == 0)
        raise<data_error>("standardization: expected at least one sample, found none");
    const auto mean_of = [&](auto number_of_sample) {
        double sum = 0;
        for (std::size_t s = 0; s < count; ++s)
            sum += number_of_sample(s);
        return sum / static_cast<double>(count);
    };
    Standardization<Input> scale;
    for (int i = 0; i < Input::size; ++i) {
        const auto number = [&](std::size_t s) { return static_cast<double>(data.input(s)[i]); };
        const double mean = mean_of(number);
        const double variance =
            mean_of([&](std::size_t s) { return (number(s) - mean) * (number(s) - mean); });
        scale.mean[i] = static_cast<T>(mean);
        scale.deviation[i] = variance > 0 ? static_cast<T>(sqrt(variance)) : T(1);
    }
    return scale;
}

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
