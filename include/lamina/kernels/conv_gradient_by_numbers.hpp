// The parameters' gradient of a convolution with extents known at run time. Any tile that suits a kernel may
// be needed, so the tiles are a short list, not the best of all as for constant extents.
#pragma once

#include <lamina/kernels/conv_gradient.hpp>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Taps and filters that fit in registers, and the kernel that gathers their gradients.
template <class X, class DZ, class K, class T>
struct TapKernel {
    int rows, columns, filters;
    void (*run)(const X&, const DZ&, T* dw, std::ptrdiff_t F, const K&, int c0, int u0, int v0, int o0,
                bool overwrite) noexcept;
};
template <int Rows, int Columns, int Filters, class X, class DZ, class K, class T>
inline constexpr TapKernel<X, DZ, K, T> tap_kernel{
    Rows, Columns, Filters,
    [](const X& x, const DZ& dz, T* dw, std::ptrdiff_t F, const K& k, int c0, int u0, int v0, int o0,
       bool overwrite) noexcept {
        conv_tap_gradients<1, Rows, Columns, Filters>(x, dz, dw, NoBias{}, F, k, c0, u0, v0, o0, 0,
                                                      dz.geometry().height, overwrite);
    }};

/// The kernel for a row of taps of which `columns` are left, and filters of which `filters` are.
template <class X, class DZ, class K, class T>
[[nodiscard]] const TapKernel<X, DZ, K, T>& tap_kernel_for(const K& k, int columns, int filters) noexcept {
    using Kernel = TapKernel<X, DZ, K, T>;
    static constexpr bool many = vector_registers >= 32;
    static constexpr int f3 = many ? 6 : 3, f4 = many ? 5 : 2, f5 = many ? 4 : 2;
    static constexpr Kernel whole3[] = {tap_kernel<3, 3, (many ? 2 : 1), X, DZ, K, T>,
                                        tap_kernel<3, 3, 1, X, DZ, K, T>};
    static constexpr Kernel whole5 = tap_kernel<(many ? 5 : 1), 5, 1, X, DZ, K, T>;
    static constexpr Kernel rows[5][3] = {
        {tap_kernel<1, 1, 8, X, DZ, K, T>, tap_kernel<1, 1, 4, X, DZ, K, T>,
         tap_kernel<1, 1, 1, X, DZ, K, T>},
        {tap_kernel<1, 2, 4, X, DZ, K, T>, tap_kernel<1, 2, 2, X, DZ, K, T>,
         tap_kernel<1, 2, 1, X, DZ, K, T>},
        {tap_kernel<1, 3, f3, X, DZ, K, T>, tap_kernel<1, 3, 2, X, DZ, K, T>,
         tap_kernel<1, 3, 1, X, DZ, K, T>},
        {tap_kernel<1, 4, f4, X, DZ, K, T>, tap_kernel<1, 4, 2, X, DZ, K, T>,
         tap_kernel<1, 4, 1, X, DZ, K, T>},
        {tap_kernel<1, 5, f5, X, DZ, K, T>, tap_kernel<1, 5, 2, X, DZ, K, T>,
         tap_kernel<1, 5, 1, X, DZ, K, T>}};
    if (k.rows == 3 && k.columns == 3)
        return whole3[filters >= whole3[0].filters ? 0 : 1];
    if (many && k.rows == 5 && k.columns == 5)
        return whole5;
    const Kernel* fitting = rows[(columns < 5 ? columns : 5) - 1];
    while (fitting->filters > filters)
        ++fitting;
    return *fitting;
}

/// Those of `Filters` biases from `o0` on: sums side by side, which hide the latency of an addition. Each is
/// taken in the order of a static model's, so that both have the same bits.
template <int Filters, class DZ, class T>
void conv_bias_gradients(DZ dz, T* db, int o0, bool overwrite) noexcept {
    using E = typename DZ::element;
    const auto zs = dz.geometry();
    E sum[std::size_t{Filters}];
    for (int o = 0; o < Filters; ++o)
        sum[o] = E(T(0));
    for (int i = 0; i < zs.height; ++i) {
        const E* const row = &dz(o0, i, 0);
        for (int j = 0; j < zs.width; ++j)
#pragma GCC unroll 8
            for (int o = 0; o < Filters; ++o)
                sum[o] += row[o * zs.plane + j];
    }
    for (int o = 0; o < Filters; ++o)
        accumulate(db[o0 + o], lane_sum(sum[o]), overwrite);
}

/// Of one group, whose filters are some of F.
template <class X, class DZ, class K, class T>
inline void conv_weight_gradient_by_numbers(X x, DZ dz, T* dw, int F, K k, bool overwrite) noexcept {
    const int C = x.geometry().channels, all = dz.geometry().channels;
    // The loop over filters is the outer one, so that their planes of dz stay in the cache while those of x
    // are read.
    for (int o = 0; o < all;) {
        int filters = 0;
        for (int u = 0; u < k.rows;) {
            int rows = 0;
            for (int v = 0; v < k.columns;) {
                const auto& kernel =
                    tap_kernel_for<X, DZ, K, T>(k, k.columns - v, filters > 0 ? filters : all - o);
                filters = filters > 0 ? filters : kernel.filters;
                for (int o1 = o; o1 < o + filters; o1 += kernel.filters)
                    for (int c = 0; c < C; ++c)
                        kernel.run(x, dz, dw, F, k, c, u, v, o1, overwrite);
                rows = kernel.rows;
                v += kernel.columns;
            }
            u += rows;
        }
        o += filters;
    }
}

/// Adds to dw and db, or overwrites them. x: C,H,W with a halo of the padding; dz: F,H',W'; dw: C/G,KH,KW,F;
/// db: F, or null.
template <class X, class DZ, class K, class T>
inline void conv_parameter_gradient_by_numbers(ByNumbers, X x, DZ dz, T* dw, T* db, K k,
                                               bool overwrite) noexcept {
    has_effects();
    const int F = dz.geometry().channels, filters = F / k.groups, planes = x.geometry().channels / k.groups;
    for (int g = 0; g < k.groups; ++g)
        conv_weight_gradient_by_numbers(share_of_channels<0>(x, g * planes, planes),
                                        share_of_channels<0>(dz, g * filters, filters), dw + g * filters, F,
                                        k, overwrite);
    if (db == nullptr)
        return;
    int o = 0;
    for (; o + 8 <= F; o += 8)
        conv_bias_gradients<8>(dz, db, o, overwrite);
    for (; o + 4 <= F; o += 4)
        conv_bias_gradients<4>(dz, db, o, overwrite);
    for (; o < F; ++o)
        conv_bias_gradients<1>(dz, db, o, overwrite);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
