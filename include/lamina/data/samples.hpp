// Samples: inputs and targets that are tensors in the caller's memory.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// Pairs of an input and the output wanted for it, for training on what a program measures itself:
///
///     ln::data::Samples data{std::span{inputs}, std::span{targets}};   // spans of Tensor<float, ...>
///
/// Owns nothing and needs no heap. Throws `data_error` unless there are as many targets as inputs.
template <class T, class In, class Out>
class Samples {
  public:
    constexpr Samples(std::span<const Tensor<T, In>> inputs, std::span<const Tensor<T, Out>> targets)
        : inputs_{inputs}, targets_{targets} {
        if (inputs.size() != targets.size())
            raise<data_error>("samples: expected a target for each of ", inputs.size(), " inputs, found ",
                              targets.size(), " targets");
    }
    /// Of targets that are outputs of a model whose problem was reported (see broken_model.hpp).
    template <class Targets>
        requires requires {
            typename Targets::value_type::broken;
        }
    constexpr Samples(const auto&, const Targets&) noexcept {}

    [[nodiscard]] constexpr std::size_t size() const noexcept { return inputs_.size(); }
    /// Sample i. Both throw `std::out_of_range` unless i is below `size()`; compiled with NDEBUG they do not
    /// check.
    [[nodiscard, gnu::always_inline]] constexpr const Tensor<T, In>& input(std::size_t i) const
        noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(size()));
        return inputs_[i];
    }
    [[nodiscard, gnu::always_inline]] constexpr const Tensor<T, Out>& target(std::size_t i) const
        noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(size()));
        return targets_[i];
    }

    /// Sample `indices[r]` into lane r of x; of t.
    template <int Halo>
    void inputs(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                View<pack<T>, In, Halo> x) const noexcept {
        lanes(inputs_, indices, x);
    }
    void targets(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                 View<pack<T>, Out> t) const noexcept {
        lanes(targets_, indices, t);
    }

  private:
    static void lanes(auto tensors, const auto& indices, auto to) noexcept {
        const T* rows[static_cast<std::size_t>(native_lanes<T>)];
        for (int r = 0; r < native_lanes<T>; ++r)
            rows[r] = tensors[indices[r]].data();
        kernels::load_lanes(rows, to, [](auto v) { return pack<T>{v}; });
    }

    std::span<const Tensor<T, In>> inputs_;
    std::span<const Tensor<T, Out>> targets_;
};

template <class X, std::size_t N, class Y, std::size_t M>
Samples(std::span<X, N>, std::span<Y, M>)
    -> Samples<typename X::value_type, typename X::shape, typename Y::shape>;

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
