// What layers have in common whose arguments are numbers of the running program.
#pragma once

#include <lamina/parameters.hpp>
#include <lamina/shape.hpp>

#include <string_view>

namespace lamina::inline LAMINA_ABI::detail {

/// An argument of a layer as a text says it, `Conv<16,3>`. Without a default it must be given.
struct Argument {
    std::string_view name;
    int value = 0;
    bool has_default = false;

    constexpr Argument(std::string_view name_) noexcept : name{name_} {}
    constexpr Argument(std::string_view name_, int value_) noexcept
        : name{name_}, value{value_}, has_default{true} {}
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

} // namespace lamina::inline LAMINA_ABI::detail
