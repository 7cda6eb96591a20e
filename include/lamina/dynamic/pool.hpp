// Pooling at run time.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/one_sample.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>

#include <type_traits>

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
    /// Whether windows neither overlap nor leave gaps between them.
    [[nodiscard]] bool tiling() const noexcept { return size == stride; }

    /// Calls f(k, u, v) for the k-th position of a window, row by row. The most common size is a constant, so
    /// that the loop is unrolled.
    template <class F>
    [[gnu::always_inline]] void for_places(F f) const {
        const auto places = [&](auto n) {
            int k = 0;
            for (int u = 0; u < n; ++u)
                for (int v = 0; v < n; ++v)
                    f(k++, u, v);
        };
        if (size == 2)
            places(std::integral_constant<int, 2>{});
        else
            places(size);
    }

    /// Calls f(c, i, j, first position of the window) for every window, and applies `after`, if there is one,
    /// to each row of y.
    template <class E, class F>
    void for_windows(const Forward<E>& pass, F f) const {
        kernels::has_effects();
        const Layout& y = pass.y.geometry();
        for (int c = 0; c < y.channels; ++c)
            for (int i = 0; i < y.height; ++i) {
                const E* x = pass.x.at(c, i * stride, 0);
                for (int j = 0; j < y.width; ++j, x += stride)
                    f(c, i, j, x);
                if (pass.after != nullptr)
                    pass.after->apply(pass.y.at(c, i, 0), y.width);
            }
    }

    /// For one sample: `join` combines two values of a window, starting with the first; `finish` turns the
    /// combined value into the result.
    template <class Join, class Finish>
    void pool_one(const Forward<float>& pass, Join join, Finish finish) const {
        kernels::has_effects();
        if (size == 2 && stride == 2) {
            halve_one(pass.x, pass.y, join, finish);
            if (pass.after != nullptr)
                for_runs(pass.y, pass.y, [&](float* y, float*, int n) { pass.after->apply(y, n); });
            return;
        }
        const std::ptrdiff_t row = pass.x.geometry().row;
        for_windows(pass, [&](int c, int i, int j, const float* x) {
            float value = x[0];
            for_places([&](int k, int u, int v) { value = k > 0 ? join(value, x[u * row + v]) : value; });
            pass.y(c, i, j) = finish(value);
        });
    }

    /// The gradient of x: position k of each window gets share(g, k) of its g = part(c, i, j), which is
    /// added, or written if windows tile the input.
    template <class Part, class Share>
    void spread(const Backward& pass, Part part, Share share) const {
        kernels::has_effects();
        if (!pass.dx)
            return;
        const Layout &y = pass.dz.geometry(), &x = pass.dx.geometry();
        if (!tiling() || x.height % size != 0 || x.width % size != 0)
            fill_zero(pass.dx);
        for (int c = 0; c < y.channels; ++c)
            for (int i = 0; i < y.height; ++i) {
                pack<float>* window = pass.dx.at(c, i * stride, 0);
                for (int j = 0; j < y.width; ++j, window += stride) {
                    const auto g = part(c, i, j);
                    for_places([&](int k, int u, int v) {
                        pack<float>& place = window[u * x.row + v];
                        place = tiling() ? share(g, k) : place + share(g, k);
                    });
                }
            }
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
        pack<float>* argmax = pass.argmax;
        const std::ptrdiff_t row = pass.x.geometry().row;
        for_windows(pass, [&](int c, int i, int j, const pack<float>* x) {
            pack<float> best = x[0], chosen = 0.0F;
            for_places([&](int k, int u, int v) {
                const pack<float> candidate = x[u * row + v];
                const auto larger = candidate > best;
                best = select(larger, candidate, best);
                chosen = select(larger, pack<float>(static_cast<float>(k)), chosen);
            });
            pass.y(c, i, j) = best;
            if (argmax != nullptr)
                *argmax++ = chosen;
        });
    }
    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        pool_one(
            pass, [](auto a, auto b) { return (max)(a, b); }, [](auto a) { return a; });
    }
    void backward(const Backward& pass) const override {
        kernels::has_effects();
        struct Chosen {
            pack<float> gradient, which;
        };
        const pack<float>* argmax = pass.argmax;
        spread(
            pass,
            [&](int c, int i, int j) {
                return Chosen{pass.dz(c, i, j), *argmax++};
            },
            [](const Chosen& g, int k) {
                return select(g.which == pack<float>(static_cast<float>(k)), g.gradient, pack<float>(0.0F));
            });
    }
};

/// As `lamina::AvgPool`.
class AvgPool final : public Pool {
  public:
    using Pool::Pool;

    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        const float share = 1.0F / static_cast<float>(size * size);
        const std::ptrdiff_t row = pass.x.geometry().row;
        for_windows(pass, [&](int c, int i, int j, const pack<float>* x) {
            pack<float> sum = 0.0F;
            for_places([&](int, int u, int v) { sum += x[u * row + v]; });
            pass.y(c, i, j) = sum * pack<float>(share);
        });
    }
    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        pool_one(
            pass, [](auto a, auto b) { return a + b; },
            [share = 1.0F / static_cast<float>(size * size)](auto a) { return a * decltype(a)(share); });
    }
    void backward(const Backward& pass) const override {
        kernels::has_effects();
        const pack<float> share = 1.0F / static_cast<float>(size * size);
        spread(
            pass, [&](int c, int i, int j) { return pass.dz(c, i, j) * share; },
            [](const pack<float>& g, int) { return g; });
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
