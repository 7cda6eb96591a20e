// Last: the last step of a sequence.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina {

/// The last step of a sequence.
///
///     y(c) = x(c, L - 1)
///
/// What a recurrent layer gives there has seen all steps: a `Dense` behind it answers for the whole sequence.
///
/// Shapes: x C,L; y C.
///
/// Errors: an input that is not a sequence does not compile.
///
/// PyTorch: the expression `x[:, :, -1]`, or `x[:, -1]` with the channels last.
///
/// Example:
///
///     using Topology = ln::Net<ln::LSTM<20>, ln::Last, ln::Dense<10>>;
///     using Model = ln::Model<Topology, ln::Sequence<28, ln::Shape<28>>>;
///     static_assert(Model::layers[1].output == ln::dims{20});
struct Last {
    static constexpr Text name = Text{} << "Last";
    static constexpr bool takes_halo = true;
    static constexpr Sees sees = Sees::all;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using output = Shape<In::extents.extent[0]>;
    [[nodiscard]] static constexpr dims outputs(const dims& in) noexcept { return {in.extent[0]}; }

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        const auto g = x.geometry();
        for (int c = 0; c < g.channels; ++c)
            y[c] = x.data()[c * std::ptrdiff_t{g.plane} + (g.width - std::ptrdiff_t{1}) * g.pixel];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::fill_zero(dx);
        const auto g = dx.geometry();
        for (int c = 0; c < g.channels; ++c)
            dx.data()[c * std::ptrdiff_t{g.plane} + (g.width - std::ptrdiff_t{1}) * g.pixel] = dy[c];
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (In::rank != 2)
            return fault<typename Where::template input<In>::is_not_a_sequence>{};
        else
            return none{};
    }
    static void require_fit(const dims& in, const auto& where) { where.require_sequence(in); }
};

} // namespace lamina

LAMINA_END_IEEE
