// The layers as loops over plain arrays: what a program holds that knows its network, takes one sample at a
// time, and leaves vectors to the compiler. Extents are constants, as they would be there. Weights lie as in
// the library.
#pragma once

#include <lamina/core.hpp>

#include <algorithm>
#include <cstddef>

namespace bench::plain {

namespace ln = lamina;

/// The shapes of a layer in its place.
template <class In, class Out>
struct At {
    static constexpr int channels = In::extents[0];
    static constexpr int rows = In::rank == 3 ? In::extents[1] : 1,
                         columns = In::rank == 3 ? In::extents[2] : 1;
    static constexpr int outputs = Out::extents[0];
    static constexpr int out_rows = Out::rank == 3 ? Out::extents[1] : 1;
    static constexpr int out_columns = Out::rank == 3 ? Out::extents[2] : 1;
    static constexpr int in_size = In::size, out_size = Out::size;
};

/// forward and backward of a layer. `dx` is null where nobody wants it, else overwritten; dw and db are added
/// to. An activation, unless specialised.
template <class L>
struct Loops {
    template <class A>
    static void forward(const float* x, const float*, const float*, float* y) {
        for (int i = 0; i < A::in_size; ++i)
            y[i] = L::value(x[i]);
    }
    template <class A>
    static void backward(const float*, const float* y, const float* dy, const float*, float* dx, float*,
                         float*) {
        for (int i = 0; dx != nullptr && i < A::in_size; ++i)
            dx[i] = L::slope(y[i]) * dy[i];
    }
};

/// The innermost loop runs along a row, which the compiler can turn into vectors.
template <int Filters, int Kernel, int Stride, int Padding>
struct Loops<ln::Conv<Filters, Kernel, Stride, Padding>> {
    /// f(tap, output, input): a tap of the kernel with each output it helps to, and the input it reads there.
    template <class A, class F>
    static void for_each_row(F f) {
        for (int o = 0; o < Filters; ++o)
            for (int c = 0; c < A::channels; ++c)
                for (int u = 0; u < Kernel; ++u)
                    for (int v = 0; v < Kernel; ++v) {
                        const int first = std::max(0, (Padding - v + Stride - 1) / Stride);
                        const int end = std::min(A::out_columns, (A::columns - 1 + Padding - v) / Stride + 1);
                        for (int i = 0; i < A::out_rows; ++i) {
                            const int row = i * Stride + u - Padding;
                            if (row < 0 || row >= A::rows)
                                continue;
                            f(((c * Kernel + u) * Kernel + v) * Filters + o,
                              (o * A::out_rows + i) * A::out_columns + first,
                              (c * A::rows + row) * A::columns + first * Stride + v - Padding, end - first);
                        }
                    }
    }
    template <class A>
    static void forward(const float* x, const float* w, const float* b, float* y) {
        constexpr int plane = A::out_rows * A::out_columns;
        for (int o = 0; o < Filters; ++o)
            std::fill(y + o * plane, y + (o + 1) * plane, b[o]);
        for_each_row<A>([=](int tap, int to, int from, int count) {
            const float weight = w[tap];
            float* __restrict out = y + to;
            for (int j = 0; j < count; ++j)
                out[j] += weight * x[from + j * Stride];
        });
    }
    template <class A>
    static void backward(const float* x, const float*, const float* dy, const float* w, float* dx, float* dw,
                         float* db) {
        constexpr int plane = A::out_rows * A::out_columns;
        for (int o = 0; o < Filters; ++o)
            for (int i = 0; i < plane; ++i)
                db[o] += dy[o * plane + i];
        for_each_row<A>([=](int tap, int to, int from, int count) {
            float sum = 0;
            for (int j = 0; j < count; ++j)
                sum += dy[to + j] * x[from + j * Stride];
            dw[tap] += sum;
        });
        if (dx == nullptr)
            return;
        std::fill(dx, dx + A::in_size, 0.0F);
        for_each_row<A>([=](int tap, int to, int from, int count) {
            const float weight = w[tap];
            float* __restrict slope = dx + from;
            for (int j = 0; j < count; ++j)
                slope[j * Stride] += weight * dy[to + j];
        });
    }
};

template <int Outputs>
struct Loops<ln::Dense<Outputs>> {
    template <class A>
    static void forward(const float* x, const float* w, const float* b, float* y) {
        for (int o = 0; o < Outputs; ++o) {
            float sum = b[o];
            for (int i = 0; i < A::in_size; ++i)
                sum += w[o * A::in_size + i] * x[i];
            y[o] = sum;
        }
    }
    template <class A>
    static void backward(const float* x, const float*, const float* dy, const float* w, float* dx, float* dw,
                         float* db) {
        if (dx != nullptr)
            std::fill(dx, dx + A::in_size, 0.0F);
        for (int o = 0; o < Outputs; ++o) {
            db[o] += dy[o];
            for (int i = 0; i < A::in_size; ++i)
                dw[o * A::in_size + i] += dy[o] * x[i];
            for (int i = 0; dx != nullptr && i < A::in_size; ++i)
                dx[i] += dy[o] * w[o * A::in_size + i];
        }
    }
};

/// f(output, input of the first element of its window).
template <class A, int Stride, class F>
void for_each_window(F f) {
    for (int c = 0; c < A::channels; ++c)
        for (int i = 0; i < A::out_rows; ++i)
            for (int j = 0; j < A::out_columns; ++j)
                f((c * A::out_rows + i) * A::out_columns + j,
                  (c * A::rows + i * Stride) * A::columns + j * Stride);
}

template <int Size, int Stride>
struct Loops<ln::MaxPool<Size, Stride>> {
    template <class A>
    static void forward(const float* x, const float*, const float*, float* y) {
        for_each_window<A, Stride>([=](int to, int from) {
            float largest = x[from];
            for (int u = 0; u < Size; ++u)
                for (int v = 0; v < Size; ++v)
                    largest = std::max(largest, x[from + u * A::columns + v]);
            y[to] = largest;
        });
    }
    template <class A>
    static void backward(const float* x, const float* y, const float* dy, const float*, float* dx, float*,
                         float*) {
        if (dx == nullptr)
            return;
        std::fill(dx, dx + A::in_size, 0.0F);
        for_each_window<A, Stride>([=](int to, int from) {
            for (int k = 0; k < Size * Size; ++k) {
                const int at = from + k / Size * A::columns + k % Size;
                if (x[at] == y[to]) {
                    dx[at] += dy[to];
                    break;
                }
            }
        });
    }
};

template <int Size, int Stride>
struct Loops<ln::AvgPool<Size, Stride>> {
    static constexpr float share = 1.0F / (Size * Size);

    template <class A>
    static void forward(const float* x, const float*, const float*, float* y) {
        for_each_window<A, Stride>([=](int to, int from) {
            float sum = 0;
            for (int u = 0; u < Size; ++u)
                for (int v = 0; v < Size; ++v)
                    sum += x[from + u * A::columns + v];
            y[to] = sum * share;
        });
    }
    template <class A>
    static void backward(const float*, const float*, const float* dy, const float*, float* dx, float*,
                         float*) {
        if (dx == nullptr)
            return;
        std::fill(dx, dx + A::in_size, 0.0F);
        for_each_window<A, Stride>([=](int to, int from) {
            for (int u = 0; u < Size; ++u)
                for (int v = 0; v < Size; ++v)
                    dx[from + u * A::columns + v] += dy[to] * share;
        });
    }
};

} // namespace bench::plain
