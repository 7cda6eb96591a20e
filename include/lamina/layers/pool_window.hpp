// Bases of the pooling layers: the shape rules that they share.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// How many windows there are along an axis.
[[nodiscard]] constexpr int pool_outputs(int extent, int size, int stride) noexcept {
    return (extent - size) / stride + 1;
}
/// A PoolWindow with numbers for arguments.
struct PoolNumbers {
    static constexpr Argument arguments[] = {{"Size"}, {"Stride"}};
    static constexpr bool is_pool = true, takes_halo = true;
    int window_size, window_stride;

    explicit PoolNumbers(const ArgumentValue* a) noexcept : window_size{a[0]}, window_stride{a[1]} {}
    [[nodiscard]] kernels::RunTimeWindow get_window() const noexcept {
        return {window_size, window_size, window_stride, window_stride};
    }
    [[nodiscard]] dims outputs(const dims& in) const noexcept {
        return {in.extent[0], pool_outputs(in.extent[1], window_size, window_stride),
                pool_outputs(in.extent[2], window_size, window_stride)};
    }
    /// Refuses arguments and inputs as `PoolWindow::find_fault` does, at run time.
    void require_fit(const dims& in, const auto& where) const {
        const int size = window_size, stride = window_stride;
        where.expect(size >= 1, "pooling window must be at least 1", "window<", size, ",", size,
                     ">::must_be_positive");
        where.expect(stride >= 1, "stride must be at least 1", "stride<", stride, ">::must_be_positive");
        where.require_image(in);
        where.expect(in[1] >= size && in[2] >= size, "pooling window is larger than its input", "window<",
                     size, ",", size, ">::does_not_fit_its_input<", in[1], ",", in[2], ">");
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// Base of the pooling layers. x C,H,W; y C,H',W' with H' = floor((H - Size) / Stride) + 1 and W' likewise.
template <int Size, int Stride>
struct PoolWindow {
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr int window_size = Size, window_stride = Stride;
    static constexpr Order one_sample_order = Order::channels_last;

    // Inlined always, because its name does not tell the target: see abi.hpp.
    [[nodiscard, gnu::always_inline]] static constexpr auto get_window() noexcept {
        return kernels::Window<kernels::RunTimeWindow{Size, Size, Stride, Stride}>{};
    }

    template <class In>
    using output = Shape<channels<In>, detail::pool_outputs(height<In>, Size, Stride),
                         detail::pool_outputs(width<In>, Size, Stride)>;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Size < 1)
            return fault<typename Where::template window<Size, Size>::must_be_positive>{};
        else if constexpr (Stride < 1)
            return fault<typename Where::template stride<Stride>::must_be_positive>{};
        else if constexpr (!ImageShape<In>)
            return fault<typename Where::template input<In>::is_not_an_image>{};
        else if constexpr (height<In> < Size || width<In> < Size)
            return fault<typename Where::template window<Size, Size>::template does_not_fit_its_input<
                height<In>, width<In>>>{};
        else
            return none{};
    }
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault_strictly() noexcept {
        constexpr int rows = height<In> - Size, columns = width<In> - Size;
        if constexpr (rows % Stride != 0 || columns % Stride != 0)
            return fault<typename Where::template stride<Stride>::template does_not_divide<rows, columns>>{};
        else
            return none{};
    }
};

} // namespace lamina

namespace lamina::layer_bases {

/// Base of the layers that pool all of a channel.
struct GlobalPool {
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using output = Shape<In::extents.extent[0]>;
    [[nodiscard]] static constexpr dims outputs(const dims& in) noexcept { return {in.extent[0]}; }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (!is_image(In::extents))
            return fault<typename Where::template input<In>::is_neither_an_image_nor_a_sequence>{};
        else
            return none{};
    }
    static void require_fit(const dims& in, const auto& where) { where.require_image_or_sequence(in); }
};

} // namespace lamina::layer_bases

LAMINA_END_IEEE
