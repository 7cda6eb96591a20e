// The heads of a network: its outputs, if it has several.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/infer.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI {

/// One output of a network, an element of `Model::heads`.
struct HeadInfo {
    Text name; ///< "policy" of a `Named<"policy", ...>`, otherwise its number
    dims shape;
    int offset = 0; ///< of its first element in the model's output
};

/// Which output of a network: its number, or the name that `Named` gives it.
struct HeadKey {
    int number = -1;
    char name[64] = {};

    consteval HeadKey(int number_) noexcept : number{number_} {}
    template <std::size_t N>
        requires(N <= sizeof(name))
    consteval HeadKey(const char (&text)[N]) noexcept {
        for (std::size_t i = 0; i < N; ++i)
            name[i] = text[i];
    }
};

namespace topology {

/// The name that `Named` gives a branch, or none.
template <class Branch>
inline constexpr std::string_view name_of_branch{};
template <Word Name, class L>
inline constexpr std::string_view name_of_branch<Named<Name, L>> = Name.view();

/// The branches of `Outputs`; of a network without, its one output.
template <class Inferred>
struct Heads {
    static constexpr int count = 1;
    template <int>
    static constexpr int value = Inferred::table.result;
    template <int>
    static constexpr std::string_view name{};
};
template <class Inferred>
inline constexpr bool has_outputs =
    Inferred::table.result > 0 && Inferred::table.elements[Inferred::table.result - 1].facts.is_outputs;
template <class Inferred>
    requires has_outputs<Inferred>
struct Heads<Inferred> {
    static constexpr int element = Inferred::table.result - 1;
    static constexpr int count = Inferred::table.elements[element].inputs;
    /// The number of the value that head `I` is.
    template <int I>
    static constexpr int value = Inferred::table.input(element, I);
    template <int I>
    static constexpr std::string_view name =
        name_of_branch<typename listed<typename Inferred::template layer_at<element>>::template at<I>>;
};

template <class Inferred>
inline constexpr auto head_table = with_indices<Heads<Inferred>::count>([](auto... i) {
    using H = Heads<Inferred>;
    std::array<HeadInfo, sizeof...(i)> heads{};
    int offset = 0;
    const auto add = [&](auto head) {
        HeadInfo& own = heads[static_cast<std::size_t>(head)];
        own.shape = Inferred::table.extents_of(H::template value<head>);
        own.offset = offset;
        offset += static_cast<int>(own.shape.size());
        if (H::template name<head>.empty())
            own.name << int{head};
        else
            own.name << H::template name<head>;
    };
    (add(i), ...);
    return heads;
});

/// The number of a head, or -1 if there is none.
template <class Inferred>
[[nodiscard]] consteval int head_number(const HeadKey& key) noexcept {
    for (int i = 0; i < Heads<Inferred>::count; ++i)
        if (key.number == i ||
            (key.number < 0 && std::string_view{head_table<Inferred>[std::size_t(i)].name} == key.name))
            return i;
    return -1;
}

/// Head `I` in a view of the network's output.
template <class Inferred, int I, class V>
[[nodiscard]] constexpr auto head_of(V y) noexcept {
    if constexpr (!has_outputs<Inferred>) {
        return y;
    } else {
        using S = typename Inferred::template shape_at<Heads<Inferred>::template value<I>>;
        constexpr int offset = head_table<Inferred>[std::size_t{I}].offset;
        return View<std::remove_pointer_t<decltype(y.data())>, S>{y.data() + offset};
    }
}

} // namespace topology
} // namespace lamina::inline LAMINA_ABI
