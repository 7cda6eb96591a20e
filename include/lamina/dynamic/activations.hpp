// Activations at run time: the formulas are those of the compile-time layers.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/topology/facts.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// An activation from its formulas `value(x)` and `slope(y)`. Like an `Elementwise` layer it may have
/// `never_decreases` and `negative_slope`.
template <class Formula>
class ActivationOf final : public Activation {
  public:
    ActivationOf(const Where& where, Formula formula) noexcept : Activation{where}, formula_{formula} {}

    void apply(pack<float>* y, int count) const override {
        kernels::has_effects();
        for (int i = 0; i < count; ++i)
            y[i] = formula_.value(y[i]);
    }
    void apply(float* y, int count) const override {
        kernels::has_effects();
        int i = 0;
        for (; i + native_lanes<float> <= count; i += native_lanes<float>)
            formula_.value(pack<float>::load(y + i)).store(y + i);
        for (; i < count; ++i)
            y[i] = formula_.value(y[i]);
    }
    void multiply_slope(pack<float>* g, const pack<float>* y, int count) const override {
        kernels::has_effects();
        for (int i = 0; i < count; ++i)
            g[i] *= formula_.slope(y[i]);
    }
    [[nodiscard]] bool never_decreases() const override { return topology::NeverDecreases<Formula>; }
    [[nodiscard]] double negative_slope() const override {
        if constexpr (requires { formula_.negative_slope; })
            return formula_.negative_slope;
        else
            return -1;
    }

    /// Used if no layer before it applies the activation.
    void forward(const Forward<pack<float>>& pass) const override { run(pass); }
    void forward(const Forward<float>& pass) const override { run(pass); }
    void backward(const Backward& pass) const override {
        kernels::has_effects();
        if (!pass.dx)
            return;
        for_runs(pass.dx, pass.dz, [](pack<float>* dx, const pack<float>* dz, int count) {
            for (int i = 0; i < count; ++i)
                dx[i] = dz[i];
        });
        for_runs(pass.dx, pass.y,
                 [&](pack<float>* dx, const pack<float>* y, int count) { multiply_slope(dx, y, count); });
        if (pass.before != nullptr)
            for_runs(pass.dx, pass.x, [&](pack<float>* dx, const pack<float>* x, int count) {
                pass.before->multiply_slope(dx, x, count);
            });
    }

  private:
    template <class E>
    void run(const Forward<E>& pass) const {
        kernels::has_effects();
        for_runs(pass.y, pass.x, [&](E* y, const E* x, int count) {
            for (int i = 0; i < count; ++i)
                y[i] = x[i];
            apply(y, count);
            if (pass.after != nullptr)
                pass.after->apply(y, count);
        });
    }

    Formula formula_;
};

/// Leaky ReLU with a slope known at run time.
struct LeakySlope {
    static constexpr bool never_decreases = true;
    double negative_slope;

    template <Element E>
    [[nodiscard]] E value(E x) const noexcept {
        return leaky_value(x, static_cast<scalar_of<E>>(negative_slope));
    }
    template <Element E>
    [[nodiscard]] E slope(E y) const noexcept {
        return leaky_slope(y, static_cast<scalar_of<E>>(negative_slope));
    }
};

template <class Formula>
[[nodiscard]] Description activation(const Text& name, Formula formula) {
    return {name, [formula](const Where& where) {
                return std::make_shared<const ActivationOf<Formula>>(where, formula);
            }};
}

/// As `lamina::ReLU`, `Tanh`, `Sigmoid`.
[[nodiscard]] inline Description relu() {
    return activation(ReLU::name, ReLU{});
}
[[nodiscard]] inline Description tanh() {
    return activation(Tanh::name, Tanh{});
}
[[nodiscard]] inline Description sigmoid() {
    return activation(Sigmoid::name, Sigmoid{});
}

/// As `lamina::LeakyReLU`: its slope is `numerator` / `denominator`.
[[nodiscard]] inline Description leaky_relu(WholeNumber numerator = 1, WholeNumber denominator = 100) {
    const Text name = numerator == 1 && denominator == 100 ? named("LeakyReLU")
                                                           : named("LeakyReLU", numerator, denominator);
    return {name, [=](const Where& where) {
                where.expect(numerator >= 0 && denominator >= 1 && numerator < denominator,
                             problem_of("slope", numerator, denominator) + "::must_be_from_zero_to_below_one",
                             "slope must be at least 0 and below 1");
                return std::make_shared<const ActivationOf<LeakySlope>>(
                    where, LeakySlope{static_cast<double>(numerator) / static_cast<double>(denominator)});
            }};
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
