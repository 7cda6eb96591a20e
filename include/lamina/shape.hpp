// The extents of a tensor as a type: Shape, and Sequence along time.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/dims.hpp>

namespace lamina {

/// What a layer sees of a sequence for one step of its output: that step alone, those before it too, or any.
enum class Sees { step, past, all };

/// Whether the product of the extents fits an int. It is computed in long long, which holds the product of
/// two ints.
template <int... Extents>
inline constexpr bool fits_an_int = [] {
    const int extents[] = {1, Extents...};
    long long product = 1;
    for (const int e : extents) {
        product *= e;
        if (product > 2'147'483'647)
            return false;
    }
    return true;
}();

/// The extents of a tensor as a type, spelled as in PyTorch: `Shape<C, H, W>` for images, `Shape<N>` for
/// vectors.
template <int... Extents>
struct Shape {
    static_assert(sizeof...(Extents) >= 1 && sizeof...(Extents) <= dims::max_rank,
                  "a shape has one to four extents");
    static_assert(((Extents > 0) && ...), "every extent of a shape is at least 1");
    static_assert(fits_an_int<Extents...>, "a shape has at most 2,147,483,647 elements");

    static constexpr int rank = sizeof...(Extents);
    /// Number of elements.
    static constexpr int size = fits_an_int<Extents...> ? static_cast<int>((1LL * ... * Extents)) : 1;
    /// The same extents as a value.
    static constexpr dims extents{Extents...};
};

/// Steps in time: `Steps` vectors or images of shape `S`. Layers that know no time work on each step of it.
/// Of vectors, `Shape<C>`, it holds the same numbers as `Shape<C, Steps>`, in the same order, C,L as
/// PyTorch's convolutions have them: `x(c, t)` is channel c at step t. `Dense` sees the C numbers of a step,
/// not all. Of images, `Shape<C, H, W>`, it holds one behind the other, L,C,H,W: `x(t, c, i, j)`.
template <int Steps, class S>
struct Sequence {
    static_assert(S::rank == 1 || S::rank == 3,
                  "each step of a Sequence is a vector, Shape<C>, or an image, Shape<C, H, W>");
    static constexpr int rank = 2, size = 1;
    static constexpr dims extents = dims::sequence(1, 1);
};
template <int Steps, int Channels, int... Image>
    requires(sizeof...(Image) == 0 || sizeof...(Image) == 2)
struct Sequence<Steps, Shape<Channels, Image...>> {
    static_assert(Steps > 0, "a Sequence has at least one step");
    static_assert(fits_an_int<Steps, Channels, Image...>, "a Sequence has at most 2,147,483,647 elements");

    static constexpr dims extents = dims::sequence(Steps, Shape<Channels, Image...>::extents);
    static constexpr int rank = extents.rank;
    static constexpr int size = fits_an_int<Steps, Channels, Image...>
                                    ? static_cast<int>(1LL * Steps * Channels * (1LL * ... * Image))
                                    : 1;
};

/// A `Sequence` that a `Stream` goes on with: what its layers remember is of the steps before.
template <int Steps, class S>
struct StreamBlock : Sequence<Steps, S> {
    static constexpr dims extents = [] {
        dims d = Sequence<Steps, S>::extents;
        d.is_block = true;
        return d;
    }();
};

/// A Sequence or a StreamBlock, and one whose last axis is time.
template <class S>
concept SequenceShape = S::extents.is_sequence;
template <class S>
concept EndsInTime = ends_in_time(S::extents);
template <class S>
concept StreamShape = S::extents.is_block;
/// The number of its steps, and the shape of each.
template <SequenceShape S>
inline constexpr int step_count = steps_in(S::extents);
template <class S>
struct StepShape;
template <int Count, class S>
struct StepShape<Sequence<Count, S>> {
    using type = S;
};
template <int Count, class S>
struct StepShape<StreamBlock<Count, S>> {
    using type = S;
};
template <SequenceShape S>
using step_of = typename StepShape<S>::type;

/// In place of a Shape: extents that are known at run time. `View<E, AnyShape>` (run_time_view.hpp) holds
/// them as numbers.
struct AnyShape {};

/// Whether `S` is a valid `Shape`.
template <class S>
inline constexpr bool is_shape = false;
template <int... Extents>
inline constexpr bool is_shape<Shape<Extents...>> = sizeof...(Extents) >= 1 &&
                                                    sizeof...(Extents) <= dims::max_rank &&
                                                    ((Extents > 0) && ...) && fits_an_int<Extents...>;
template <int Steps, int... Extents>
inline constexpr bool is_shape<Sequence<Steps, Shape<Extents...>>> =
    Steps > 0 && (sizeof...(Extents) == 1 || sizeof...(Extents) == 3) && is_shape<Shape<Extents..., Steps>>;
template <int Steps, class S>
inline constexpr bool is_shape<StreamBlock<Steps, S>> = is_shape<Sequence<Steps, S>>;

/// A height and a width: `size{10, 4}`. A number stands for both. (Arguments of layers. Members are always
/// inlined, because their names do not tell the target: see abi.hpp.)
struct size {
    int height = 1, width = 1;

    // NOLINTNEXTLINE(google-explicit-constructor)
    [[gnu::always_inline]] constexpr size(int both) noexcept : height{both}, width{both} {}
    [[gnu::always_inline]] constexpr size(int height_, int width_) noexcept
        : height{height_}, width{width_} {}

    [[nodiscard, gnu::always_inline]] friend constexpr bool operator==(const size& a,
                                                                       const size& b) noexcept {
        return a.height == b.height && a.width == b.width;
    }
};

/// Cells at each side of an image: `pad{top, bottom, left, right}`. A number stands for all four.
struct pad {
    int top = 0, bottom = 0, left = 0, right = 0;

    [[gnu::always_inline]] constexpr pad() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    [[gnu::always_inline]] constexpr pad(int all) noexcept : top{all}, bottom{all}, left{all}, right{all} {}
    [[gnu::always_inline]] constexpr pad(int top_, int bottom_, int left_, int right_) noexcept
        : top{top_}, bottom{bottom_}, left{left_}, right{right_} {}

    [[nodiscard, gnu::always_inline]] friend constexpr bool operator==(const pad& a, const pad& b) noexcept {
        return a.top == b.top && a.bottom == b.bottom && a.left == b.left && a.right == b.right;
    }
    /// Becomes the larger one at each side.
    [[gnu::always_inline]] constexpr void cover(const pad& other) noexcept {
        top = other.top > top ? other.top : top;
        bottom = other.bottom > bottom ? other.bottom : bottom;
        left = other.left > left ? other.left : left;
        right = other.right > right ? other.right : right;
    }
};

/// The larger one at each side.
[[nodiscard, gnu::always_inline]] constexpr pad covering(pad a, const pad& b) noexcept {
    a.cover(b);
    return a;
}

/// `same`: as much padding that an output has ceil(input / stride) rows and columns, TensorFlow's rule. If
/// that is an odd number of cells, one more is at the bottom and at the right.
enum same_padding { same };

/// An image's extents by name: channels, height, width.
template <class S>
concept ImageShape = S::rank == 3;

template <ImageShape S>
inline constexpr int channels = S::extents[0];
template <ImageShape S>
inline constexpr int height = S::extents[1];
template <ImageShape S>
inline constexpr int width = S::extents[2];

} // namespace lamina

namespace lamina::inline LAMINA_ABI::detail {

/// The Shape of so many of these extents, or the Sequence.
template <int Rank, int... Extents>
struct shape_of;
inline constexpr int rank_of_sequence = -2, rank_of_block = -3;
[[nodiscard]] constexpr int kind_of_shape(const dims& d) noexcept {
    return d.is_block ? rank_of_block : d.is_sequence ? rank_of_sequence : d.rank;
}
template <int A, int B, int C, int Images>
struct shape_of<rank_of_sequence, A, B, C, Images> {
    using type = Sequence<Images, Shape<A / Images, B, C>>;
};
template <int Channels, int Steps, int C>
struct shape_of<rank_of_sequence, Channels, Steps, C, 0> {
    using type = Sequence<Steps, Shape<Channels>>;
};
template <int... Extents>
struct shape_of<rank_of_block, Extents...> {
    using sequence = typename shape_of<rank_of_sequence, Extents...>::type;
    using type = StreamBlock<step_count<sequence>, step_of<sequence>>;
};
/// The extents of a sequence with other channels or another shape of its steps, or with other steps; of C,L a
/// Sequence.
[[nodiscard]] constexpr dims sequence_like(const dims& in, long long steps, const auto& step) noexcept {
    dims d = dims::sequence(steps, step);
    d.is_block = in.is_block;
    return d;
}
template <int A, int... Rest>
struct shape_of<1, A, Rest...> {
    using type = Shape<A>;
};
template <int A, int B, int... Rest>
struct shape_of<2, A, B, Rest...> {
    using type = Shape<A, B>;
};
template <int A, int B, int C, int... Rest>
struct shape_of<3, A, B, C, Rest...> {
    using type = Shape<A, B, C>;
};
template <int A, int B, int C, int D>
struct shape_of<4, A, B, C, D> {
    using type = Shape<A, B, C, D>;
};
/// The Shape with the extents of a constant.
template <const dims& D>
using shape_with =
    typename shape_of<kind_of_shape(D), D.extent[0], D.extent[1], D.extent[2], D.extent[3]>::type;

/// A sequence of as many steps, each of shape `S`.
template <class In, class S>
inline constexpr dims extents_with_steps = sequence_like(In::extents, steps_in(In::extents), S::extents);
template <class In, class S>
using with_steps = shape_with<extents_with_steps<In, S>>;

} // namespace lamina::inline LAMINA_ABI::detail
