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

/// Whether operation `I` computes a layer.
template <class Model, int I>
[[nodiscard]] constexpr bool computes(int layer) {
    constexpr ln::topology::Operation op = Model::plan::Training::operations.all[I];
    return op.first <= layer && layer < op.output;
}

template <class Model, int I>
[[nodiscard]] std::string operation_name() {
    std::string name;
    for (int l = 0; l < static_cast<int>(Model::layers.size()); ++l)
        if (computes<Model, I>(l))
            name.append(name.empty() ? "" : " + ").append(Model::layers[static_cast<std::size_t>(l)].name);
    return name;
}

/// Multiply-adds of its layers, forward.
template <class Model, int I>
inline constexpr double operation_macs = [] {
    long long macs = 0;
    for (int l = 0; l < static_cast<int>(Model::layers.size()); ++l)
        if (computes<Model, I>(l))
            macs += Model::layers[static_cast<std::size_t>(l)].macs;
    return static_cast<double>(macs);
}();

template <class Model>
class Operations {
    using Plan = typename Model::plan;

    /// The value that operation `I` computes.
    template <int I>
    static constexpr int output = Plan::Training::operations.all[I].output;

  public:
    /// Everything has been computed once, from an input and an output gradient made up.
    Operations() {
        fill(pass_.input(), 2);
        pass_.forward(parameters());
    }

    template <int I>
    void forward() noexcept {
        pass_.template operation_forward<I>(parameters());
    }

    /// Writes the gradient of the output of operation `I`, which its backward overwrites.
    template <int I>
    void put_gradient() noexcept {
        ln::kernels::copy(pass_.template value<output<I>>(), pass_.template gradient_view<output<I>>());
    }
    template <int I>
    void backward() noexcept {
        ln::topology::NoTurns turns;
        pass_.template operation_backward<I>(parameters(), gradients_.data(), true, turns);
    }

    /// What operation `I` has computed.
    template <int I>
    [[nodiscard]] auto result() noexcept {
        return pass_.template value<output<I>>();
    }
    [[nodiscard]] bool finite() const noexcept {
        return ln::all_finite(gradients_.data(), Model::parameter_extent);
    }

  private:
    [[nodiscard]] const float* parameters() const noexcept { return model_.parameters().data(); }

    Model model_{ln::seed{1}};
    std::vector<float> gradients_ = std::vector<float>(Model::parameter_extent);
    ln::topology::TrainingPass<Plan, ln::pack<float>> pass_;
};

} // namespace bench
