// Convolution at run time.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/by_numbers.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/effects.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// As `lamina::Conv`.
class Conv final : public Layer {
  public:
    Conv(const Where& where, const dims& out, int kernel, int stride, int padding)
        : Layer{where.name, where.input, out}, C{where.input[0]}, F{out[0]}, K{kernel}, S{stride},
          P{padding} {
        weight_size = C * K * K * F;
        bias_size = F;
        fan_in = C * K * K;
        fan_out = F * K * K;
        macs = static_cast<long long>(out.size()) * C * K * K;
        input_halo = P;
        prepared_size = weight_size;
        const int down = kernels::gradient_halo(input[1], out[1], K, S, P);
        const int across = kernels::gradient_halo(input[2], out[2], K, S, P);
        gradient_halo = down > across ? down : across;
    }

    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        kernels::conv(pass.x, pass.weight, pass.bias, pass.y, kernels::RunTimeWindow{K, K, S, P},
                      ActivateRows{pass.after});
    }

    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        kernels::conv(pass.x, pass.weight, pass.bias, pass.y, kernels::RunTimeWindow{K, K, S, P},
                      ActivateRows{pass.after});
    }

    void prepare(const float* weight, float* prepared) const override {
        kernels::prepare_conv_weight(weight, C, K * K, F, prepared);
    }

    void backward(const Backward& pass) const override {
        kernels::has_effects();
        kernels::conv_parameter_gradient(pass.x, pass.dz, pass.dweight, pass.dbias,
                                         kernels::RunTimeWindow{K, K, S, P}, pass.overwrite);
        if (pass.dx)
            kernels::conv_input_gradient(pass.dz, pass.prepared, pass.dx, kernels::RunTimeWindow{K, K, S, P},
                                         MultiplySlopes{pass.before, pass.x});
    }

  private:
    int C, F, K, S, P; // input channels, filters, kernel, stride, padding
};

/// As `lamina::Conv<filters, kernel, stride, padding>`, with the same problems.
[[nodiscard]] inline Description conv(WholeNumber filters, WholeNumber kernel, WholeNumber stride = 1,
                                      WholeNumber padding = 0) {
    const Text name = padding == 0 ? named("Conv", filters, kernel, stride)
                                   : named("Conv", filters, kernel, stride, padding);
    return {name, [=](const Where& where) {
                where.expect(filters >= 1, problem_of("filters", filters) + "::must_be_positive",
                             "a convolution needs at least 1 filter");
                where.expect(kernel >= 1, problem_of("kernel", kernel, kernel) + "::must_be_positive",
                             "kernel must be at least 1");
                where.expect(stride >= 1, problem_of("stride", stride) + "::must_be_positive",
                             "stride must be at least 1");
                where.expect(padding >= 0, problem_of("padding", padding) + "::must_not_be_negative",
                             "padding must be at least 0");
                where.expect(
                    padding < kernel,
                    problem_of("padding", padding) + problem_of("::must_be_smaller_than_kernel", kernel),
                    "padding must be smaller than the kernel, otherwise some outputs would see only zeros");
                where.require_image();
                // In long long, because an int may not hold the width of a padded image.
                const long long height = where.input[1] + 2LL * padding,
                                width = where.input[2] + 2LL * padding;
                where.expect(height >= kernel && width >= kernel,
                             problem_of("kernel", kernel, kernel) +
                                 problem_of("::does_not_fit_its_input", height, width),
                             "kernel is larger than its input");
                const long long down = (height - kernel) / stride + 1, across = (width - kernel) / stride + 1;
                where.require_tensor({filters, down, across});
                where.require_tensor({where.input[0], kernel, kernel, filters});
                return std::make_shared<const Conv>(where, dims{int{filters}, down, across}, kernel, stride,
                                                    padding);
            }};
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
