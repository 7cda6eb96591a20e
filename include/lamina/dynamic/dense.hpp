// Dense layers at run time.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/by_numbers.hpp>
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

    void forward(const Forward<pack<float>>& pass) const override { run(pass); }
    void forward(const Forward<float>& pass) const override { run(pass); }

    void backward(const Backward& pass) const override {
        kernels::has_effects();
        kernels::dense_parameter_gradient(pass.x, pass.dz, pass.dweight, pass.dbias, pass.overwrite);
        if (pass.dx)
            kernels::dense_input_gradient(pass.dz, pass.weight, pass.dx, MultiplySlopes{pass.before, pass.x});
    }

  private:
    template <class E>
    void run(const Forward<E>& pass) const {
        kernels::has_effects();
        kernels::dense(pass.x, pass.weight, pass.bias, pass.y, ActivateRows{pass.after});
    }

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
