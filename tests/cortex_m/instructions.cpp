// Instructions of lamina beside those of plain loops: at most as many.
#include "board.hpp"

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <limits>
#include <span>

namespace ln = lamina;

namespace {

using Dense = ln::Model<ln::Net<ln::Dense<64>>, ln::Shape<144>>;
using Conv = ln::Model<ln::Net<ln::Conv<8, 3>>, ln::Shape<4, 10, 10>>;
using Deep = ln::Model<ln::Net<ln::Dense<24>, ln::ReLU, ln::Dense<4>>, ln::Shape<32>>;

Dense dense;
Conv conv;
Deep deep;
ln::TrainingMemory<Deep, ln::SGD> memory;

template <class M>
struct Buffers {
    typename M::Input x{};
    typename M::Output y{};
};
Buffers<Dense> of_dense;
Buffers<Conv> of_conv;
Deep::Input samples[1];
Deep::Output targets[1];

// The arrays of the plain loops lie where the compiler does not know that they do not overlap, as in most
// programs.

[[gnu::noinline]] void plain_dense(const float* x, const float* w, const float* b, float* y, int in,
                                   int out) {
    for (int o = 0; o < out; ++o) {
        float sum = b[o];
        for (int i = 0; i < in; ++i)
            sum += w[o * in + i] * x[i];
        y[o] = sum;
    }
}

[[gnu::noinline]] void plain_conv(const float* x, const float* w, const float* b, float* y) {
    constexpr int C = 4, H = 10, K = 3, F = 8, O = H - K + 1;
    for (int f = 0; f < F; ++f)
        for (int i = 0; i < O; ++i)
            for (int j = 0; j < O; ++j) {
                float sum = b[f];
                for (int c = 0; c < C; ++c)
                    for (int u = 0; u < K; ++u)
                        for (int v = 0; v < K; ++v)
                            sum += w[((f * C + c) * K + u) * K + v] * x[(c * H + i + u) * H + j + v];
                y[(f * O + i) * O + j] = sum;
            }
}

/// A step on one sample: forward, mean squared error, backward, momentum. As a trainer, it leaves alone what
/// a gradient that is not finite would spoil, and forgets a velocity that has become subnormal.
struct PlainStep {
    static constexpr int I = 32, H = 24, O = 4, parameters = I * H + H + H * O + O;
    float p[parameters], g[parameters], v[parameters], h[H], y[O], dy[O], dh[H];

    [[gnu::noinline]] float operator()(const float* x, const float* t, float rate, float momentum) {
        const float *w1 = p, *b1 = w1 + I * H, *w2 = b1 + H, *b2 = w2 + H * O;
        float *dw1 = g, *db1 = dw1 + I * H, *dw2 = db1 + H, *db2 = dw2 + H * O;
        plain_dense(x, w1, b1, h, I, H);
        for (float& a : h)
            a = a > 0 ? a : 0;
        plain_dense(h, w2, b2, y, H, O);
        float loss = 0;
        for (int o = 0; o < O; ++o) {
            const float difference = y[o] - t[o];
            loss += difference * difference / O;
            dy[o] = 2 * difference / O;
        }
        for (float& a : dh)
            a = 0;
        for (int o = 0; o < O; ++o) {
            db2[o] = dy[o];
            for (int i = 0; i < H; ++i) {
                dw2[o * H + i] = dy[o] * h[i];
                dh[i] += dy[o] * w2[o * H + i];
            }
        }
        for (int o = 0; o < H; ++o) {
            const float d = h[o] > 0 ? dh[o] : 0;
            db1[o] = d;
            for (int i = 0; i < I; ++i)
                dw1[o * I + i] = d * x[i];
        }
        for (int i = 0; i < parameters; ++i)
            if (!__builtin_isfinite(g[i]) || !__builtin_isfinite(p[i]))
                return loss;
        for (int i = 0; i < parameters; ++i) {
            v[i] = momentum * v[i] + g[i];
            if (__builtin_fabsf(v[i]) < std::numeric_limits<float>::min())
                v[i] = 0;
            p[i] -= rate * v[i];
        }
        return loss;
    }
};
PlainStep plain;

/// Prints both counts; returns whether lamina's is at most the other.
bool compare(const char* of_lamina, unsigned lamina, const char* of_loops, unsigned loops) {
    print(of_lamina, lamina);
    print(of_loops, loops);
    return lamina <= loops;
}

void fill(auto& numbers, ln::seed seed) {
    ln::Random random{seed};
    for (auto& x : numbers)
        x = static_cast<float>(random.symmetric());
}

} // namespace

int run() {
    dense = Dense{ln::seed{1}};
    conv = Conv{ln::seed{2}};
    deep = Deep{ln::seed{3}};
    fill(of_dense.x, ln::seed{4});
    fill(of_conv.x, ln::seed{5});
    fill(samples[0], ln::seed{6});
    fill(targets[0], ln::seed{7});
    fill(plain.p, ln::seed{8});

    bool fine = compare("dense, lamina:", instructions_of([] { of_dense.y = dense.forward(of_dense.x); }),
                        "dense, loops:", instructions_of([] {
                            plain_dense(of_dense.x.data(), dense.weight<0>().data(), dense.bias<0>().data(),
                                        of_dense.y.data(), 144, 64);
                        }));
    fine &= compare("conv, lamina:", instructions_of([] { of_conv.y = conv.forward(of_conv.x); }),
                    "conv, loops:", instructions_of([] {
                        plain_conv(of_conv.x.data(), conv.weight<0>().data(), conv.bias<0>().data(),
                                   of_conv.y.data());
                    }));
    ln::Trainer trainer{deep, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.01, .momentum = 0.9},
                        memory};
    const ln::data::Samples data{std::span<const Deep::Input>{samples},
                                 std::span<const Deep::Output>{targets}};
    constexpr std::uint32_t first[] = {0};
    fine &= compare("step, lamina:", instructions_of([&] { trainer.step(data, first); }), "step, loops:",
                    instructions_of([] { plain(samples[0].data(), targets[0].data(), 0.01F, 0.9F); }));
    return fine ? 0 : 1;
}
