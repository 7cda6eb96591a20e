// Pooling at run time.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/by_numbers.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/pool.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// The base of both pooling layers: windows of `size` x `size`, `stride` apart.
class Pool : public Layer {
  public:
    Pool(const Where& where, const dims& out, int size_, int stride_) noexcept
        : Layer{where.name, where.input, out}, size{size_}, stride{stride_} {
        is_pool = true;
    }

  protected:
    [[nodiscard]] kernels::RunTimeWindow window() const noexcept { return {size, size, stride, 0}; }

    static void finish(const Backward& pass) {
        kernels::has_effects();
        if (pass.before != nullptr)
            for_runs(pass.dx, pass.x, [&](pack<float>* dx, const pack<float>* values, int count) {
                pass.before->multiply_slope(dx, values, count);
            });
    }

    int size, stride;
};

/// As `lamina::MaxPool`.
class MaxPool final : public Pool {
  public:
    MaxPool(const Where& where, const dims& out, int window, int step) noexcept
        : Pool{where, out, window, step} {
        argmax_size = static_cast<int>(out.size());
        is_max_pool = true;
    }

    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        if (pass.argmax != nullptr)
            kernels::max_pool(pass.x, pass.y, window(), pass.argmax, ActivateRows{pass.after});
        else
            kernels::max_pool(pass.x, pass.y, window(), nullptr, ActivateRows{pass.after});
    }
    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        kernels::max_pool(pass.x, pass.y, window(), nullptr, ActivateRows{pass.after});
    }
    void backward(const Backward& pass) const override {
        kernels::has_effects();
        if (!pass.dx)
            return;
        kernels::max_pool_gradient(pass.argmax, pass.dz, pass.dx, window());
        finish(pass);
    }
};

/// As `lamina::AvgPool`.
class AvgPool final : public Pool {
  public:
    using Pool::Pool;

    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        kernels::average_pool(pass.x, pass.y, window(), ActivateRows{pass.after});
    }
    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        kernels::average_pool(pass.x, pass.y, window(), ActivateRows{pass.after});
    }
    void backward(const Backward& pass) const override {
        kernels::has_effects();
        if (!pass.dx)
            return;
        kernels::average_pool_gradient(pass.dz, pass.dx, window());
        finish(pass);
    }
};

template <class Kind>
[[nodiscard]] Description pool(const char* kind, int size, int stride) {
    return {named(kind, size, stride), [=](const Where& where) {
                where.expect(size >= 1, problem_of("window", size, size) + "::must_be_positive",
                             "pooling window must be at least 1");
                where.expect(stride >= 1, problem_of("stride", stride) + "::must_be_positive",
                             "stride must be at least 1");
                where.require_image();
                const dims& in = where.input;
                where.expect(in[1] >= size && in[2] >= size,
                             problem_of("window", size, size) +
                                 problem_of("::does_not_fit_its_input", in[1], in[2]),
                             "pooling window is larger than its input");
                return std::make_shared<const Kind>(
                    where, dims{in[0], (in[1] - size) / stride + 1, (in[2] - size) / stride + 1}, size,
                    stride);
            }};
}

/// As `lamina::MaxPool<size, stride>` and `AvgPool<size, stride>`.
[[nodiscard]] inline Description max_pool(WholeNumber size, WholeNumber stride) {
    return pool<MaxPool>("MaxPool", size, stride);
}
[[nodiscard]] inline Description avg_pool(WholeNumber size, WholeNumber stride) {
    return pool<AvgPool>("AvgPool", size, stride);
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
