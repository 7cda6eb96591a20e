// Dense layers at run time.
#pragma once

#include <lamina/dynamic/dense_kernels.hpp>
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
        constexpr int most = vector_registers >= 32 ? 24 : 12;
        const int tile = kernels::dense_tile(O, I * static_cast<int>(sizeof(float)));
        dense_all_sums<false>(pass.x.data(), pass.weight, I, pass.bias, pass.y.data(), O, I,
                              tile < most ? tile : most);
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
        for (int o = 0; o < O; ++o)
            kernels::accumulate(pass.dbias[o], lane_sum(pass.dz.data()[o]), pass.overwrite);
        dense_weight_gradient(pass.x.data(), pass.dz.data(), pass.dweight, O, I, pass.overwrite);
        if (!pass.dx)
            return;
        // A run of dx at a time: the layer before may want a halo around it.
        const float* weight = pass.weight;
        for_runs(pass.dx, pass.x, [&](pack<float>* dx, const pack<float>* x, int count) {
            constexpr int most = vector_registers >= 32 ? 24 : 12;
            dense_all_sums<true>(pass.dz.data(), weight, I, nullptr, dx, count, O,
                                 kernels::best_tile(count, 1, most, 1).rows);
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
