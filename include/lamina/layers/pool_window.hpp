// PoolWindow: the shape rule that pooling layers share, of a window that slides over each channel.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Base of the pooling layers. x C,H,W; y C,H',W' with H' = floor((H - Size) / Stride) + 1 and W' likewise.
template <int Size, int Stride>
struct PoolWindow {
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr int window_size = Size;
    static constexpr int window_stride = Stride;
    using window = kernels::Window<Size, Size, Stride>;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using output = Shape<channels<In>, (height<In> - Size) / Stride + 1, (width<In> - Size) / Stride + 1>;

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

LAMINA_END_IEEE
