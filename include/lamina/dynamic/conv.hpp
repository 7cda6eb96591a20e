// Convolution at run time.
#pragma once

#include <lamina/dynamic/conv_kernels.hpp>
#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/one_sample.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient_by_numbers.hpp>
#include <lamina/kernels/effects.hpp>

#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// The epilogue that applies an activation, or none, to each row.
struct ActivateRows {
    const Activation* after;

    template <class E>
    [[nodiscard, gnu::always_inline]] E operator()(const E& sum, auto...) const noexcept {
        return sum;
    }
    template <class E>
    void finish_row(const View<E>& y, int i) const noexcept {
        if (after != nullptr)
            for (int c = 0; c < y.geometry().channels; ++c)
                after->apply(y.at(c, i, 0), y.geometry().width);
    }
};

/// As `lamina::Conv`.
class Conv final : public Layer {
  public:
    Conv(const Where& where, const dims& out, int kernel, int stride, int padding)
        : Layer{where.name, where.input, out}, C{where.input[0]}, F{out[0]}, K{kernel}, S{stride}, P{padding},
          one_{C, F, K, S, out[2]} {
        weight_size = C * K * K * F;
        bias_size = F;
        fan_in = C * K * K;
        fan_out = F * K * K;
        macs = static_cast<long long>(out.size()) * C * K * K;
        input_halo = P;
        prepared_size = weight_size;
        scratch = one_.scratch();
        const int down = kernels::gradient_halo(input[1], out[1], K, S, P);
        const int across = kernels::gradient_halo(input[2], out[2], K, S, P);
        gradient_halo = down > across ? down : across;
        for (int phase = 0; phase < S; ++phase)
            phases_.push_back(phase_columns(phase));
    }

    void forward(const Forward<pack<float>>& pass) const override {
        kernels::has_effects();
        kernels::conv(pass.x, pass.weight, pass.bias, pass.y, kernels::RunTimeWindow{K, K, S, P},
                      ActivateRows{pass.after});
    }

    void forward(const Forward<float>& pass) const override {
        kernels::has_effects();
        for (int i = 0; i < pass.y.geometry().height; ++i) {
            one_.row(pass.x.at(0, i * S - P, -P), pass.x.geometry(), pass.weight, pass.bias, pass.y, i,
                     pass.scratch);
            if (pass.after != nullptr)
                for (int o = 0; o < F; ++o)
                    pass.after->apply(pass.y.at(o, i, 0), pass.y.geometry().width);
        }
    }

    /// The weights in the order that the input gradient needs: w(o, u, v, c).
    void prepare(const float* weight, float* prepared) const override {
        for (int c = 0; c < C; ++c)
            for (int t = 0; t < K * K; ++t)
                for (int o = 0; o < F; ++o)
                    prepared[(o * K * K + t) * C + c] = weight[(c * K * K + t) * F + o];
    }

    void backward(const Backward& pass) const override {
        kernels::has_effects();
        kernels::conv_parameter_gradient(pass.x, pass.dz, pass.dweight, pass.dbias,
                                         kernels::RunTimeWindow{K, K, S, P}, pass.overwrite);
        if (pass.dx)
            input_gradient(pass);
    }

  private:
    /// The columns x of dx with (x + P) mod S = `phase` share their taps.
    struct Phase {
        int first; // x + P of the first of them
        int taps;
        ConvRows rows;
        bool any;
    };

    [[nodiscard]] Phase phase_columns(int phase) const noexcept {
        const int first = P + (phase + S - P % S) % S, end = P + input[2];
        const int columns = first < end ? (end - first + S - 1) / S : 0;
        return {first, phase < K ? (K - phase + S - 1) / S : 0,
                columns > 0 ? ConvRows{C, columns} : ConvRows{}, columns > 0};
    }

    void input_gradient(const Backward& pass) const noexcept {
        kernels::has_effects();
        const Layout &dx = pass.dx.geometry(), &dz = pass.dz.geometry();
        for (int y = 0; y < dx.height; ++y) {
            // The rows of taps that meet a row of dz: q / S - u / S must lie between 0 and the last row.
            const int q = y + P, least = (q / S - (dz.height - 1)) * S;
            const int first = q % S + (least > 0 ? least : 0), last = K - 1 < q ? K - 1 : q;
            const int tap_rows = first <= last ? (last - first) / S + 1 : 0;
            for (int phase = 0; phase < S; ++phase) {
                const Phase& p = phases_[static_cast<std::size_t>(phase)];
                if (!p.any)
                    continue;
                const bool met = tap_rows > 0 && p.taps > 0;
                // Runs from the last tap of a row to the first, so that dz is read forwards.
                const int back = met ? p.taps - 1 : 0;
                const Taps taps{F,         met ? tap_rows : 0, p.taps, dz.plane, -dz.row,
                                K * K * C, S * K * C,          -S * C, 1,          S,
                                dx.plane};
                p.rows.run(met ? pass.dz.at(0, q / S - first / S, p.first / S - back) : pass.dz.data(),
                           met ? pass.prepared + (first * K + phase + back * S) * C : pass.prepared, nullptr,
                           pass.dx.at(0, y, p.first - P), taps);
            }
            if (pass.before != nullptr)
                for (int c = 0; c < C; ++c)
                    pass.before->multiply_slope(pass.dx.at(c, y, 0), pass.x.at(c, y, 0), dx.width);
        }
    }

    int C, F, K, S, P; // input channels, filters, kernel, stride, padding
    OneConv one_;
    std::vector<Phase> phases_;
};

/// As `lamina::Conv<filters, kernel, stride, padding>`, with the same problems.
[[nodiscard]] inline Description conv(WholeNumber filters, WholeNumber kernel, WholeNumber stride = 1,
                                      WholeNumber padding = 0) {
    const Text name = padding == 0 ? named("Conv", filters, kernel, stride)
                                   : named("Conv", filters, kernel, stride, padding);
    return {
        name, [=](const Where& where) {
            where.expect(filters >= 1, problem_of("filters", filters) + "::must_be_positive",
                         "a convolution needs at least 1 filter");
            where.expect(kernel >= 1, problem_of("kernel", kernel, kernel) + "::must_be_positive",
                         "kernel must be at least 1");
            where.expect(stride >= 1, problem_of("stride", stride) + "::must_be_positive",
                         "stride must be at least 1");
            where.expect(padding >= 0, problem_of("padding", padding) + "::must_not_be_negative",
                         "padding must be at least 0");
            where.expect(padding < kernel,
                         problem_of("padding", padding) + problem_of("::must_be_smaller_than_kernel", kernel),
                         "padding must be smaller than the kernel, otherwise some outputs would see only zeros");
            where.require_image();
            // In long long, because an int may not hold the width of a padded image.
            const long long height = where.input[1] + 2LL * padding, width = where.input[2] + 2LL * padding;
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
