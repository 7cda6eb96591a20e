// Layers at run time that look at all elements whatever their shape: Flatten and Softmax.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/softmax.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// As `lamina::Flatten`. Never run: row-major order is memory order.
class Flatten final : public Layer {
  public:
    explicit Flatten(const Where& where) noexcept
        : Layer{where.name, where.input, {static_cast<int>(where.input.size())}} {
        only_reshapes = true;
    }
    void forward(const Forward<pack<float>>&) const override {}
    void forward(const Forward<float>&) const override {}
    void backward(const Backward&) const override {}
};

/// As `lamina::Softmax`, whose formulas these are.
class Softmax final : public Layer {
  public:
    explicit Softmax(const Where& where) noexcept : Layer{where.name, where.input, where.input} {
        forgets_output = false;
    }
    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        lamina::Softmax::forward(pass.x, 0, pass.y);
    }
    void forward(const Forward<float>& pass) const override { lamina::Softmax::forward(pass.x, 0, pass.y); }
    void backward(const Backward& pass) const override {
        kernels::has_effects();
        if (!pass.dx)
            return;
        lamina::Softmax::input_gradient(pass.x, pass.y, pass.dz, 0, pass.dx);
        if (pass.before != nullptr)
            for_runs(pass.dx, pass.x, [&](pack<float>* dx, const pack<float>* x, int count) {
                pass.before->multiply_slope(dx, x, count);
            });
    }
};

[[nodiscard]] inline Description flatten() {
    return {lamina::Flatten::name, [](const Where& where) { return std::make_shared<const Flatten>(where); }};
}
[[nodiscard]] inline Description softmax() {
    return {lamina::Softmax::name, [](const Where& where) { return std::make_shared<const Softmax>(where); }};
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
