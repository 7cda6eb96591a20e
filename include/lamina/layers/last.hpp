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
///     y(c) = x(c, L - 1)        of images y(c, i, j) = x(L - 1, c, i, j)
///
/// What a recurrent layer gives there has seen all steps: a `Dense` behind it answers for the whole sequence.
///
/// Shapes: x C,L; y C. Of images x L,C,H,W; y C,H,W.
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
    static constexpr bool takes_halo = true, takes_images = true;
    static constexpr Sees sees = Sees::all;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    static constexpr dims last_step = step_in(In::extents);
    template <class In>
    using output = detail::shape_with<last_step<In>>;
    [[nodiscard]] static constexpr dims outputs(const dims& in) noexcept { return step_in(in); }

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < y.size; ++i)
            y[i] = element(x, i, y.size);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::fill_zero(dx);
        for (int i = 0; i < dy.size; ++i)
            element(dx, i, dy.size) = dy[i];
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (In::rank != 2 && !SequenceShape<In>)
            return fault<typename Where::template input<In>::is_not_a_sequence>{};
        else
            return none{};
    }
    static void require_fit(const dims& in, const auto& where) {
        if (!in.is_sequence)
            where.require_sequence(in);
    }

  private:
    /// Element i of the last step, which has so many.
    [[nodiscard, gnu::always_inline]] static constexpr auto& element(const auto& x, int i,
                                                                     int size) noexcept {
        if (image_count(kernels::extents_of(x)) > 0)
            return x[x.size - size + i];
        const auto g = x.geometry();
        return x.data()[i * std::ptrdiff_t{g.plane} + (g.width - std::ptrdiff_t{1}) * g.pixel];
    }
};

} // namespace lamina

LAMINA_END_IEEE
