// The trainer that stands in for one that has a problem.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/train/check.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Takes the place of a trainer that has a problem, or whose model has one.
template <class M, class L, class O, class Storage>
    requires requires {
        typename decltype(check_training<M, L, O, Storage>())::type;
    }
class Trainer<M, L, O, Storage>
    : problem::report<typename decltype(check_training<M, L, O, Storage>())::type> {
    M* model_ = nullptr;

  public:
    using broken = void;
    using model_type = M;
    std::conditional_t<std::is_void_v<L>, none, L> loss;
    std::conditional_t<std::is_void_v<O>, none, O> optimizer;

    Trainer(auto&&...) noexcept {}
    [[nodiscard]] M& model() const noexcept { return *model_; }
    double step(auto&&, std::span<const std::uint32_t>, double = 0, double = 0, double = 0) noexcept {
        return 0;
    }
    double loss_and_gradient(auto&&, std::span<const std::uint32_t>, double = 0, auto&&...) noexcept {
        return 0;
    }
    void update(double) noexcept {}
    double clip_gradients(double) noexcept { return 0; }
    template <int I>
    void freeze() noexcept {}
    template <int I>
    void unfreeze() noexcept {}
    void freeze(std::string_view) noexcept {}
    void unfreeze(std::string_view) noexcept {}
    [[nodiscard]] MovingTensors tensors() const noexcept { return {nullptr, 0}; }
    [[nodiscard]] std::span<const double> gradients() const noexcept { return {}; }
    [[nodiscard]] none state() const noexcept { return {}; }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
