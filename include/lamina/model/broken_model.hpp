// Takes the place of a model that has a problem, so that the problem stays the only error.
#pragma once

#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/heads.hpp>
#include <lamina/topology/summary.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI {

template <Broken Model>
[[nodiscard]] std::string summary() {
    return {};
}
template <Broken Model>
[[nodiscard]] std::string plan_summary() {
    return {};
}
template <Broken Model>
[[nodiscard]] std::string to_dot() {
    return {};
}

/// The result of a broken model: it converts to a tensor of any shape.
template <class T>
struct AnyTensor {
    using broken = void;
    using value_type = T;
    using shape = Shape<1>;
    static constexpr int size = 1;

    T element{};

    template <class Other>
    [[nodiscard]] constexpr operator Other() const {
        return Other{};
    }
    [[nodiscard]] constexpr T& operator()(auto...) noexcept { return element; }
    [[nodiscard]] constexpr T& operator[](auto) noexcept { return element; }
    [[nodiscard]] constexpr const T& operator()(auto...) const noexcept { return element; }
    [[nodiscard]] constexpr const T& operator[](auto) const noexcept { return element; }
    [[nodiscard]] constexpr T* data() const noexcept { return nullptr; }
    [[nodiscard]] constexpr T* begin() const noexcept { return nullptr; }
    [[nodiscard]] constexpr T* end() const noexcept { return nullptr; }
};

/// Numbers of a broken model, which are not known: every comparison with them is true, so that a user's
/// assertions hold. Otherwise they behave as numbers, also for `printf`.
enum AnyInt : int {};
enum AnyLong : long long {};
template <class N>
concept AnyNumber = std::is_same_v<N, AnyInt> || std::is_same_v<N, AnyLong>;
template <AnyNumber N>
constexpr bool operator==(N, const auto&) noexcept {
    return true;
}
template <AnyNumber N>
constexpr bool operator!=(N, const auto&) noexcept {
    return true;
}
template <AnyNumber N>
constexpr bool operator<(N, const auto&) noexcept {
    return true;
}
template <AnyNumber N>
constexpr bool operator>(N, const auto&) noexcept {
    return true;
}
template <AnyNumber N>
constexpr bool operator<=(N, const auto&) noexcept {
    return true;
}
template <AnyNumber N>
constexpr bool operator>=(N, const auto&) noexcept {
    return true;
}
struct AnyDims : dims {
    [[nodiscard]] constexpr AnyInt operator[](int) const noexcept { return {}; }
    [[nodiscard]] constexpr AnyLong size() const noexcept { return {}; }
    friend constexpr bool operator!=(const AnyDims&, const dims&) noexcept { return true; }
    friend constexpr bool operator==(const AnyDims&, const dims&) noexcept { return true; }
};
/// A line of a table that was not made.
struct AnyLayer {
    std::string_view name;
    AnyDims input, output;
    AnyInt parameters{};
    AnyLong macs{}, bytes{};

    [[nodiscard]] constexpr operator LayerInfo() const noexcept { return {}; }
};

struct AnyHead {
    std::string_view name;
    AnyDims shape;
    AnyInt offset{};
};

/// Takes the place of a model that has a problem, with the same members, so that the problem stays the only
/// error.
template <class In, class Number>
struct BrokenModel {
    using broken = void;
    using T = std::conditional_t<std::is_floating_point_v<Number>, Number, float>;
    using scalar = T;
    using input_shape = std::conditional_t<is_shape<In>, In, Shape<1>>;
    using output_shape = Shape<1>;
    using Input = Tensor<T, input_shape>;
    using Output = AnyTensor<T>;
    struct Workspace {};
    struct BatchWorkspace {};
    static constexpr std::array<AnyLayer, 64> layers{};
    static constexpr std::array<AnyHead, 64> heads{};
    static constexpr int parameter_extent = 1;
    static constexpr std::uint64_t fingerprint = 0;
    static constexpr AnyInt parameter_count{1};
    static constexpr AnyLong macs{}, inference_bytes{}, parameter_bytes{};
    template <class>
    static constexpr AnyLong training_bytes{};
    template <int>
    static constexpr bool has_weight = true;
    template <int>
    static constexpr bool has_bias = true;

    constexpr BrokenModel(const auto&...) noexcept {}
    constexpr Output forward(const Input&) const noexcept { return {}; }
    constexpr Output forward(const auto&, auto&&...) const noexcept { return {}; }
    [[nodiscard]] std::span<T, 1> parameters() const noexcept {
        return std::span<T, 1>{static_cast<T*>(nullptr), 1};
    }
    static constexpr void for_each_weight(auto, auto) noexcept {}
    template <HeadKey>
    [[nodiscard]] static Output head(const auto&) noexcept {
        return {};
    }
    template <int>
    [[nodiscard]] Output weight() const noexcept {
        return {};
    }
    template <int>
    [[nodiscard]] Output bias() const noexcept {
        return {};
    }
};

} // namespace lamina::inline LAMINA_ABI
