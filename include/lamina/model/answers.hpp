// softmax, argmax and top_k of a classifier's outputs.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/problem/forward.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/tensor.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// One of the largest outputs, with its index.
template <class T>
struct Ranked {
    int index = 0;
    T value{};
};

namespace detail {

/// Whether a counts as larger than b. NaN counts as larger than any number, as in PyTorch.
template <class T>
[[nodiscard, gnu::always_inline]] constexpr bool ranks_before(const T& a, const T& b) noexcept {
    return a > b || (is_nan(a) && !is_nan(b));
}

/// The index of the largest of `count` numbers at(i); of equal ones the first.
template <class At>
[[nodiscard]] constexpr int index_of_largest(int count, At at) noexcept {
    int best = 0;
    for (int i = 1; i < count; ++i)
        best = ranks_before(at(i), at(best)) ? i : best;
    return best;
}

/// The numbers of a view as a tensor.
template <class T, class S>
[[nodiscard]] constexpr auto copy_of(View<T, S> y) noexcept {
    Tensor<std::remove_const_t<T>, S> numbers{};
    for (int i = 0; i < y.size; ++i)
        numbers[i] = y[i];
    return numbers;
}

} // namespace detail

/// The probabilities of classes for outputs y, which are their scores.
///
///     p(i) = e^(y(i) - m) / sum over j of e^(y(j) - m), with m the largest y, so that nothing overflows
///
/// The sum is over all elements of y, whatever its shape. The network itself needs no `Softmax` layer: one
/// trained with `SoftmaxCrossEntropy` gives scores. A NaN among the scores, or infinity, makes all of them
/// NaN; minus infinity is a probability of 0.
///
/// Shapes: y any; p the same.
///
/// PyTorch: `torch.softmax`, over all elements.
///
/// Example:
///
///     ln::Tensor<float, ln::Shape<3>> scores{1, 3, 2};
///     const auto p = ln::softmax(scores); // 0.09, 0.67, 0.24
template <class T, class S>
[[nodiscard]] constexpr Tensor<T, S> softmax(const Tensor<T, S>& y) noexcept {
    Tensor<T, S> p{};
    Softmax::forward(y.view(), none{}, p.view());
    return p;
}

/// The same of a View, such as `Model::head<0>(y)`.
template <class T, class S>
[[nodiscard]] constexpr auto softmax(View<T, S> y) noexcept {
    return softmax(detail::copy_of(y));
}

/// The index of the largest output, which is the predicted class.
///
/// It counts in row-major order. Of equal outputs the first is taken, and NaN counts as larger than any
/// number.
///
/// Shapes: y any.
///
/// PyTorch: `torch.argmax`. Of equal outputs PyTorch takes any.
///
/// Example:
///
///     ln::Tensor<float, ln::Shape<3>> scores{1, 3, 2};
///     const int digit = ln::argmax(scores); // 1
template <class T, class S>
[[nodiscard]] constexpr int argmax(const Tensor<T, S>& y) noexcept {
    return detail::index_of_largest(S::size, [&](int i) { return y.data()[i]; });
}
template <class T, class S>
[[nodiscard]] constexpr int argmax(View<T, S> y) noexcept {
    return argmax(detail::copy_of(y));
}

/// The `K` largest outputs with their indices, the largest first.
///
/// Of equal outputs the one with the lower index comes first, and NaN counts as larger than any number.
///
/// Arguments: `K`, how many, from 1 to the number of outputs.
///
/// Shapes: y any; the result is a std::array of K.
///
/// Errors: a K that is not from 1 to the number of outputs does not compile.
///
/// PyTorch: `torch.topk`, which gives indices and values apart, and equal outputs in any order.
///
/// Example:
///
///     ln::Tensor<float, ln::Shape<3>> scores{1, 3, 2};
///     for (const auto& [index, p] : ln::top_k<2>(ln::softmax(scores)))
///         std::printf("class %d: %.0f%%\n", index, 100 * p); // class 1: 67%, class 2: 24%
template <int K, class T, class S>
[[nodiscard]] constexpr auto top_k(const Tensor<T, S>& y) noexcept {
    std::array<Ranked<T>, static_cast<std::size_t>(K > 0 ? K : 1)> best{};
    if constexpr (K < 1 || K > S::size) {
        static_assert(sizeof(typename problem::top_k<K>::template does_not_fit_outputs<S::size>) > 0);
    } else {
        for (int i = 0; i < S::size; ++i) {
            const Ranked<T> next{i, y.data()[i]};
            int rank = i < K ? i : K; // behind those that are there
            for (; rank > 0 && detail::ranks_before(next.value, best.data()[rank - 1].value); --rank)
                if (rank < K)
                    best.data()[rank] = best.data()[rank - 1];
            if (rank < K)
                best.data()[rank] = next;
        }
    }
    return best;
}

template <int K, class T, class S>
[[nodiscard]] constexpr auto top_k(View<T, S> y) noexcept {
    return top_k<K>(detail::copy_of(y));
}

// Of a model whose problem was reported.
template <Broken Y>
[[nodiscard]] constexpr Y softmax(const Y&) noexcept {
    return {};
}
template <Broken Y>
[[nodiscard]] constexpr int argmax(const Y&) noexcept {
    return 0;
}
template <int K, Broken Y>
[[nodiscard]] constexpr auto top_k(const Y&) noexcept {
    return std::array<Ranked<typename Y::value_type>, static_cast<std::size_t>(K > 0 ? K : 1)>{};
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
