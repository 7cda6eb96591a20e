// The operations of a model's plan, to be called one at a time: what a TrainingPass runs, in the places where
// it runs.
#pragma once

#include "made_numbers.hpp"
#include "measure.hpp"

#include <lamina/core.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace bench {

namespace ln = lamina;

/// The first layer of operation `I`.
template <class Model, int I>
inline constexpr int first_layer = Model::plan::fused::template first_layer<I>;

template <class Model, int I>
[[nodiscard]] std::string operation_name() {
    std::string name;
    for (int l = first_layer<Model, I>; l < first_layer<Model, I + 1>; ++l)
        name.append(name.empty() ? "" : " + ").append(Model::layers[static_cast<std::size_t>(l)].name);
    return name;
}

/// Multiply-adds of its layers, forward.
template <class Model, int I>
inline constexpr double operation_macs = [] {
    long long macs = 0;
    for (int l = first_layer<Model, I>; l < first_layer<Model, I + 1>; ++l)
        macs += Model::layers[static_cast<std::size_t>(l)].macs;
    return static_cast<double>(macs);
}();

template <class Model>
class Operations {
    using Plan = typename Model::plan;
    using E = ln::pack<float>;

  public:
    /// Everything has been computed once, from an input and an output gradient made up.
    Operations() {
        fill(activation<0>(), 2);
        ln::for_each_index<Plan::count>([this](auto i) { this->template forward<i>(); });
    }

    template <int I>
    void forward() noexcept {
        const auto x = activation<I>();
        ln::kernels::fill_halo_with_zeros(x);
        Plan::template operation<I>::forward(as_const(x), parameters(), activation<I + 1>(), choices<I>());
    }

    /// Writes the gradient of the output of operation `I`, which its backward overwrites.
    template <int I>
    void put_gradient() noexcept {
        ln::kernels::copy(activation<I + 1>(), gradient<I + 1>());
    }
    template <int I>
    void backward() noexcept {
        ln::topology::NoTurns turns;
        const auto dy = gradient<I + 1>();
        ln::kernels::fill_halo_with_zeros(dy);
        Plan::template operation<I>::backward(as_const(activation<I>()), as_const(activation<I + 1>()),
                                              static_cast<const E*>(choices<I>()), dy, parameters(),
                                              gradient<I>(), gradients_.data(), true, turns,
                                              values_.data() + Plan::scratch_offset(I, false));
    }

    template <int B>
    [[nodiscard]] auto activation() noexcept {
        using layout = typename Plan::template activation_layout<B>;
        return ln::View<E, typename Plan::template activation<B>::shape, layout::halo>{
            values_.data() + Plan::kept_offset(B) + layout::origin};
    }
    [[nodiscard]] bool finite() const noexcept {
        return ln::all_finite(gradients_.data(), Model::parameter_extent);
    }

  private:
    template <int B>
    [[nodiscard]] auto gradient() noexcept {
        if constexpr (B == 0) {
            return ln::topology::Unwanted{};
        } else {
            using layout = typename Plan::template gradient_layout<B>;
            return ln::View<E, typename Plan::template activation<B>::shape, layout::halo>{
                values_.data() + Plan::gradient_offset(B, false) + layout::origin};
        }
    }
    template <int I>
    [[nodiscard]] E* choices() noexcept {
        return values_.data() + Plan::choice_offset(I, false);
    }
    template <class S, int Halo>
    [[nodiscard]] static ln::View<const E, S, Halo> as_const(ln::View<E, S, Halo> v) noexcept {
        return v;
    }
    [[nodiscard]] const float* parameters() const noexcept { return model_.parameters().data(); }

    Model model_{ln::seed{1}};
    std::vector<float> gradients_ = std::vector<float>(Model::parameter_extent);
    std::vector<E> values_ = std::vector<E>(static_cast<std::size_t>(Plan::training_extent(false)));
};

} // namespace bench
