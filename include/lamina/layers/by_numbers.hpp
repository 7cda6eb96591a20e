// What layers have in common whose arguments are numbers of the running program.
#pragma once

#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/parameters.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI::detail {

/// The padding of a window as arguments say it.
struct Padding {
    pad sides{};
    bool is_same = false, is_number = false;

    constexpr Padding(int all) noexcept : sides{all}, is_number{true} {}
    constexpr Padding(const pad& given) noexcept : sides{given} {}
    constexpr Padding(same_padding) noexcept : is_same{true} {}

    friend constexpr bool operator==(const Padding&, const Padding&) noexcept = default;
};

/// What the value of an argument may be: a number; or a number or `size{h,w}`; or a number,
/// `pad{top,bottom,left,right}` or `same`; or `true` or `false`.
enum class ArgumentKind { number, extent, padding, truth };

/// The value of an argument.
struct ArgumentValue {
    ArgumentKind kind = ArgumentKind::number;
    int numbers[4] = {}; ///< of a size 2, of a pad 4
    bool is_same = false;

    constexpr ArgumentValue() noexcept = default;
    constexpr ArgumentValue(int number) noexcept : numbers{number} {}
    constexpr ArgumentValue(const size& s) noexcept
        : kind{ArgumentKind::extent}, numbers{s.height, s.width} {}
    constexpr ArgumentValue(const pad& p) noexcept
        : kind{ArgumentKind::padding}, numbers{p.top, p.bottom, p.left, p.right} {}
    constexpr ArgumentValue(same_padding) noexcept : kind{ArgumentKind::padding}, is_same{true} {}

    [[nodiscard]] static constexpr ArgumentValue of_truth(bool is_true) noexcept {
        ArgumentValue value{int{is_true}};
        value.kind = ArgumentKind::truth;
        return value;
    }

    [[nodiscard]] constexpr operator int() const noexcept { return numbers[0]; }
    [[nodiscard]] constexpr size as_extent() const noexcept {
        if (kind == ArgumentKind::number)
            return numbers[0];
        return {numbers[0], numbers[1]};
    }
    [[nodiscard]] constexpr Padding as_padding() const noexcept {
        if (is_same)
            return same;
        if (kind == ArgumentKind::number)
            return numbers[0];
        return pad{numbers[0], numbers[1], numbers[2], numbers[3]};
    }
    /// Whether an argument of that kind can be this.
    [[nodiscard]] constexpr bool suits(ArgumentKind wanted) const noexcept {
        return kind == wanted || (kind == ArgumentKind::number && wanted != ArgumentKind::truth);
    }
};

/// An argument of a layer as a text says it, `Conv<16,3>`. Without a default it must be given.
struct Argument {
    std::string_view name;
    ArgumentKind kind = ArgumentKind::number;
    int value = 0;
    bool has_default = false;

    constexpr Argument(std::string_view name_) noexcept : name{name_} {}
    constexpr Argument(std::string_view name_, int value_) noexcept
        : name{name_}, value{value_}, has_default{true} {}
    constexpr Argument(std::string_view name_, ArgumentKind kind_) noexcept : name{name_}, kind{kind_} {}
    constexpr Argument(std::string_view name_, ArgumentKind kind_, int value_) noexcept
        : name{name_}, kind{kind_}, value{value_}, has_default{true} {}
};

/// Bases of the arguments, as numbers, of layers with a weight, and perhaps a bias. The shapes are those that
/// the layer's function `tensor` says, and initial weights go by the numbers of its function `fans`.
struct WeightByNumbers {
    template <class>
    using weight = AnyShape;
    template <class>
    static constexpr int fan_in = 0;
    template <class>
    static constexpr int fan_out = 0;
};
struct WeightAndBiasByNumbers : WeightByNumbers {
    template <class>
    using bias = AnyShape;
};

/// What kernels take in place of the biases of a layer that has none, or adds them elsewhere.
template <class P>
[[nodiscard, gnu::always_inline]] constexpr auto no_bias_of(P p) noexcept {
    if constexpr (kernels::ConstantExtents<decltype(p.weight)>)
        return kernels::NoBias{};
    else
        return decltype(p.weight.data()){nullptr};
}
/// The biases of a layer's parameters: a pointer, or `no_bias_of`.
template <class P>
[[nodiscard, gnu::always_inline]] constexpr auto bias_of(P p) noexcept {
    if constexpr (requires { p.bias; })
        return p.bias.data();
    else
        return no_bias_of(p);
}
/// "Conv<16,3,1>" or "NoBias<Conv<16,3,1>>" for a layer's form with the base `Tensors`.
template <class Tensors>
[[nodiscard]] constexpr Text spelled_with(std::string_view layer) {
    Text text;
    if constexpr (std::is_same_v<Tensors, WeightAndBiasByNumbers>)
        return text << layer;
    else
        return text << "NoBias<" << layer << ">";
}

} // namespace lamina::inline LAMINA_ABI::detail
