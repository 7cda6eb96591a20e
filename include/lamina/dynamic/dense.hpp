// Dense layers at run time.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/one_sample.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/dense.hpp>
#include <lamina/kernels/effects.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// As `lamina::Dense`.
class Dense final : public Layer {
  public:
    Dense(const Where& where, int outputs) noexcept
        : Layer{where.name, where.input, {outputs}}, O{outputs}, I{static_cast<int>(where.input.size())} {
        weight_size = O * I;
        bias_size = O;
        fan_in = I;
        fan_out = O;
        macs = static_cast<long long>(O) * I;
    }

    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        kernels::dense(pass.x, pass.weight, pass.bias, pass.y, [](pack<float> sum, int) { return sum; });
        if (pass.after != nullptr)
            pass.after->apply(pass.y.data(), O);
    }

    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        dense_one(pass.x.data(), pass.weight, pass.bias, pass.y.data(), O, I);
        if (pass.after != nullptr)
            pass.after->apply(pass.y.data(), O);
    }

    void backward(const Backward& pass) const override {
        kernels::has_effects();
        kernels::dense_parameter_gradient(pass.x, pass.dz, pass.dweight, pass.dbias, pass.overwrite);
        if (!pass.dx)
            return;
        // A run of dx at a time: the layer before may want a halo around it.
        const float* weight = pass.weight;
        for_runs(pass.dx, pass.x, [&](pack<float>* dx, const pack<float>* x, int count) {
            kernels::dense_input_gradient(pass.dz, weight, I, View<pack<float>>{dx, Layout{count}});
            if (pass.before != nullptr)
                pass.before->multiply_slope(dx, x, count);
            weight += count;
        });
    }

  private:
    int O, I; // outputs, inputs
};

/// As `lamina::Dense<outputs>`.
[[nodiscard]] inline Description dense(WholeNumber outputs) {
    return {named("Dense", outputs), [=](const Where& where) {
                where.expect(outputs >= 1, problem_of("outputs", outputs) + "::must_be_positive",
                             "a dense layer needs at least 1 output");
                where.require_tensor({outputs, static_cast<long long>(where.input.size())});
                return std::make_shared<const Dense>(where, outputs);
            }};
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
