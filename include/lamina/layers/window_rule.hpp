// WindowRule: a window that slides over an image, and what follows from it for shapes.
#pragma once

#include <lamina/layers/by_numbers.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI::detail {

/// A window along one axis: how many there are, and the padding that `same` means.
struct WindowAxis {
    int extent, taps, stride, dilation;

    [[nodiscard]] constexpr long long reach() const noexcept { return (taps - 1LL) * dilation + 1; }
    /// The padding in all, so that there are ceil(extent / stride) outputs.
    [[nodiscard]] constexpr int same_padding() const noexcept {
        const int step = stride < 1 ? 1 : stride, count = (extent - 1) / step + 1;
        const long long total = (count - 1LL) * step + reach() - extent;
        return total <= 0 ? 0 : total < 2'147'483'647 ? static_cast<int>(total) : 2'147'483'647;
    }
    /// A padded image may be wider than an int can hold. If the output is, its extent is -1, which is not a
    /// shape.
    [[nodiscard]] constexpr long long left_over(long long padded) const noexcept { return padded - reach(); }
    [[nodiscard]] constexpr int outputs(long long padded) const noexcept {
        const long long count = left_over(padded) / (stride < 1 ? 1 : stride) + 1;
        return count <= 2'147'483'647 ? static_cast<int>(count) : -1;
    }
};

/// In place of arguments of a wrong type, so that the layer's own error names them.
inline constexpr size not_a_size{-32768};
inline constexpr pad not_a_pad{-32768};

/// Whether an argument is a number: of a type that has no other meaning.
template <class T>
inline constexpr bool is_number = std::is_convertible_v<T, int> && !std::is_floating_point_v<T> &&
                                  !std::is_same_v<T, bool> && !std::is_same_v<T, same_padding>;
template <auto Value>
inline constexpr int number_argument = static_cast<long long>(Value) == static_cast<int>(Value)
                                           ? static_cast<int>(Value)
                                           : -1; // which every check refuses
/// An argument that is a number or `size{height, width}`.
template <auto Value>
inline constexpr size size_argument = [] {
    using T = std::remove_cv_t<decltype(Value)>;
    if constexpr (is_number<T>)
        return size{number_argument<Value>};
    else if constexpr (std::is_same_v<T, size>)
        return Value;
    else
        return not_a_size;
}();
/// An argument that is a number, `pad{top, bottom, left, right}` or `same`.
template <auto Value>
inline constexpr Padding padding_argument = [] {
    using T = std::remove_cv_t<decltype(Value)>;
    if constexpr (is_number<T>)
        return Padding{number_argument<Value>};
    else if constexpr (std::is_same_v<T, pad> || std::is_same_v<T, same_padding>)
        return Padding{Value};
    else
        return Padding{not_a_pad};
}();

/// Whether so many rows and columns have at most 2,147,483,647 elements.
[[nodiscard]] constexpr bool fits_an_int_as_plane(long long rows, long long columns) noexcept {
    return rows <= 2'147'483'647 && columns <= 2'147'483'647 && rows * columns <= 2'147'483'647;
}

/// The window of a convolution or a pool. A sequence C,L is an image of one row.
struct WindowRule {
    size kernel, stride;
    Padding padding;
    size dilation;

    [[nodiscard]] constexpr bool has_negative_padding() const noexcept {
        const pad& p = padding.sides;
        return p.top < 0 || p.bottom < 0 || p.left < 0 || p.right < 0;
    }
    [[nodiscard]] constexpr bool sees_only_padding() const noexcept {
        const pad& p = padding.sides;
        const long long height = rows({1, 1, 1}).reach(), width = columns({1, 1, 1}).reach();
        return p.top >= height || p.bottom >= height || p.left >= width || p.right >= width;
    }
    [[nodiscard]] constexpr bool fits(const dims& in) const noexcept {
        return rows(in).left_over(padded_height(in)) >= 0 && columns(in).left_over(padded_width(in)) >= 0;
    }
    /// The dilation, which is as good as 1 along an axis that has one tap.
    [[nodiscard]] constexpr size between_taps() const noexcept {
        return {kernel.height == 1 ? 1 : dilation.height, kernel.width == 1 ? 1 : dilation.width};
    }
    [[nodiscard]] constexpr int taps() const noexcept { return kernel.height * kernel.width; }

    [[nodiscard]] constexpr WindowAxis rows(const dims& in) const noexcept {
        return {in.rank == 2 ? 1 : in.extent[1], kernel.height, stride.height, dilation.height};
    }
    [[nodiscard]] constexpr WindowAxis columns(const dims& in) const noexcept {
        return {in.extent[in.rank - 1], kernel.width, stride.width, dilation.width};
    }
    [[nodiscard]] constexpr pad sides(const dims& in) const noexcept {
        if (!padding.is_same)
            return padding.sides;
        const int height = rows(in).same_padding(), width = columns(in).same_padding();
        return {height / 2, height - height / 2, width / 2, width - width / 2};
    }
    [[nodiscard]] constexpr long long padded_height(const dims& in) const noexcept {
        return 0LL + rows(in).extent + sides(in).top + sides(in).bottom;
    }
    [[nodiscard]] constexpr long long padded_width(const dims& in) const noexcept {
        return 0LL + columns(in).extent + sides(in).left + sides(in).right;
    }
    /// Whether rows times columns of the input with its padding are more than the kernels can count.
    [[nodiscard]] constexpr bool is_too_large(const dims& in) const noexcept {
        return !fits_an_int_as_plane(padded_height(in), padded_width(in));
    }
    /// The stride, as far as it matters: beyond the padded input there is no second window.
    [[nodiscard]] constexpr size steps(const dims& in) const noexcept {
        const long long height = padded_height(in), width = padded_width(in);
        return {stride.height <= height ? stride.height : static_cast<int>(height),
                stride.width <= width ? stride.width : static_cast<int>(width)};
    }
    /// An image or a sequence of so many channels, an element for each window.
    [[nodiscard]] constexpr dims outputs_in(int channels, const dims& in) const noexcept {
        const int height = rows(in).outputs(padded_height(in)), width = columns(in).outputs(padded_width(in));
        if (in.is_sequence)
            return sequence_like(in, width, channels);
        return in.rank == 2 ? dims{channels, width} : dims{channels, height, width};
    }
};

/// Refuses an input as `is_too_large` says, at run time.
void require_countable(const WindowRule& rule, const dims& in, const auto& where) {
    where.expect(!rule.is_too_large(in),
                 "the input with its padding must have at most 2,147,483,647 rows times columns",
                 "padded_input<", rule.padded_height(in), ",", rule.padded_width(in), ">::is_too_large");
}

/// A problem's template with the extents of `S`: one if both are the same.
template <template <int...> class Problem, size S>
using with_size = std::conditional_t<S.height == S.width, Problem<S.height>, Problem<S.height, S.width>>;
/// With the cells of `P`.
template <template <int...> class Problem, pad P>
using with_pad =
    std::conditional_t<P == pad{P.top}, Problem<P.top>, Problem<P.top, P.bottom, P.left, P.right>>;

/// In a strict network: the stride of `Rule` must not leave rows or columns over at the far edge. `Rule` is
/// that for inputs of this shape.
template <auto Rule, class In, class Where>
[[nodiscard]] consteval auto find_left_over() noexcept {
    constexpr long long rows = Rule.rows(In::extents).left_over(Rule.padded_height(In::extents)),
                        columns = Rule.columns(In::extents).left_over(Rule.padded_width(In::extents));
    constexpr size S = In::rank == 2 ? size{Rule.stride.width} : Rule.stride;
    if constexpr (rows % Rule.stride.height != 0 || columns % Rule.stride.width != 0)
        return fault<
            typename with_size<Where::template stride, S>::template does_not_divide<rows, columns>>{};
    else
        return none{};
}

} // namespace lamina::inline LAMINA_ABI::detail
