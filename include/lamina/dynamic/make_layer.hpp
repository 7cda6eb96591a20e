// Makes the layers and joins that a text names, with the arguments that it gives them.
#pragma once

#include <lamina/dynamic/each_step.hpp>
#include <lamina/dynamic/join_of.hpp>
#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/layer_of.hpp>
#include <lamina/dynamic/parse.hpp>
#include <lamina/dynamic/shape_error.hpp>
#include <lamina/families.hpp>
#include <lamina/topology/on_sequence.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI::dynamic {

/// "Conv<Filters, Kernel, Stride = 1, Padding = 0>", as messages list families.
template <class L>
[[nodiscard]] std::string signature() {
    if constexpr (requires { L::family; }) {
        std::string text{L::family}, comma = "<";
        for (const auto& a : L::arguments) {
            (text += comma) += a.name;
            comma = ", ";
            if (a.has_default)
                text += " = " + (a.kind != detail::ArgumentKind::truth ? std::to_string(a.value)
                                 : a.value != 0                        ? std::string{"true"}
                                                                       : std::string{"false"});
        }
        return text.append(static_cast<std::size_t>(std::count(text.begin(), text.end(), '<')), '>');
    } else {
        return std::string{std::string_view{L::name}};
    }
}

/// What an argument can be.
[[nodiscard]] constexpr std::string_view kind_name(detail::ArgumentKind kind) noexcept {
    if (kind == detail::ArgumentKind::extent)
        return "a number or size{height,width}";
    if (kind == detail::ArgumentKind::padding)
        return "a number, pad{top,bottom,left,right} or same";
    if (kind == detail::ArgumentKind::truth)
        return "true or false";
    return "a number";
}

/// An argument as texts say it.
[[nodiscard]] inline std::string spell(const detail::ArgumentValue& value) {
    using enum detail::ArgumentKind;
    if (value.is_same)
        return "same";
    if (value.kind == truth)
        return value.numbers[0] != 0 ? "true" : "false";
    if (value.kind == number)
        return std::to_string(value.numbers[0]);
    std::string text = value.kind == extent ? "size" : "pad";
    for (int i = 0; i < (value.kind == extent ? 2 : 4); ++i)
        (text += i > 0 ? "," : "{") += std::to_string(value.numbers[i]);
    return text += "}";
}

/// A layer on that input: one that knows no time on each step of a sequence.
template <class L>
[[nodiscard]] std::shared_ptr<const Layer> layer_on(const L& layer, const Where& where, const dims& in) {
    if (in.is_sequence && !topology::takes_sequence<L>(in))
        return std::make_shared<const EachStep>(std::make_shared<const LayerOf<L>>(layer, where, step_in(in)),
                                                where, in);
    return std::make_shared<const LayerOf<L>>(layer, where, in);
}

/// Makes a layer of the text, if its name is that of `L`.
template <class L>
[[nodiscard]] std::shared_ptr<const Layer> make_layer(const LayerText& text, const Where& where,
                                                      const dims& in) {
    if constexpr (requires { L::family; }) {
        if (text.family() != L::family)
            return nullptr;
        constexpr std::size_t most = std::size(L::arguments);
        detail::ArgumentValue arguments[most];
        std::size_t given = text.arguments.size(), least = 0;
        for (std::size_t i = 0; i < most; ++i) {
            arguments[i] = i < given ? text.arguments[i] : detail::ArgumentValue{L::arguments[i].value};
            least += static_cast<std::size_t>(!L::arguments[i].has_default);
        }
        if (given < least || given > most)
            where.refuse(signature<L>(), std::to_string(given) + (given == 1 ? " argument" : " arguments"));
        for (std::size_t i = 0; i < given; ++i)
            if (!arguments[i].suits(L::arguments[i].kind))
                where.refuse((std::string{L::arguments[i].name} += " to be ") +=
                             kind_name(L::arguments[i].kind),
                             spell(arguments[i]));
        const L layer{arguments};
        return layer_on(layer, Where{where.index, std::string{std::string_view{layer.spelled()}}}, in);
    } else {
        if (text.name != std::string_view{L::name})
            return nullptr;
        return layer_on(L{}, where, in);
    }
}

[[nodiscard]] inline std::shared_ptr<const Layer> only_one(std::shared_ptr<const Layer> made,
                                                           const std::vector<dims>& in, const Where& where) {
    if (made && in.size() != 1)
        where.refuse("one input", std::to_string(in.size()));
    return made;
}

/// One of lamina's layers or joins, or null. The code of all of them hangs on this function: a program of
/// several sources can compile it in one, by an explicit instantiation, and declare it `extern template` in
/// the others.
template <class... L, class... WithoutBias, class... J>
[[nodiscard]] std::shared_ptr<const Layer>
known_layer(const LayerText& text, const Where& where, const std::vector<dims>& in, detail::Families<L...>,
            detail::Families<WithoutBias...>, detail::Families<J...>) {
    std::shared_ptr<const Layer> made;
    if (text.is_without_bias())
        ((made = made ? made : make_layer<WithoutBias>(text, where, in[0])), ...);
    else
        ((made = made ? made : make_layer<L>(text, where, in[0])), ...);
    if (made)
        return only_one(std::move(made), in, where);
    ((made = made || text.name != std::string_view{J::name} ? made
                                                            : std::make_shared<const JoinOf<J>>(where, in)),
     ...);
    return made;
}
template <class... L>
[[nodiscard]] std::string signatures(detail::Families<L...>) {
    std::string text;
    ((text += signature<L>() + ", "), ...);
    return text;
}

/// Makes layers: those of lamina, and `MyLayers`.
template <class... MyLayers>
struct LayerMaker {
    [[nodiscard]] std::shared_ptr<const Layer> operator()(const LayerText& text, int index,
                                                          const std::vector<dims>& in) const {
        const Where where{index, text.name};
        std::shared_ptr<const Layer> made;
        ((made = made ? made : make_layer<MyLayers>(text, where, in[0])), ...);
        made = made ? only_one(std::move(made), in, where)
                    : known_layer(text, where, in, detail::AllFamilies{}, detail::AllWithoutBias{},
                                  detail::AllJoins{});
        if (!made && text.is_without_bias()) {
            std::string known = signatures(detail::AllWithoutBias{});
            known.resize(known.size() - 2);
            where.refuse(std::string{"in NoBias<> one of "} += known, text.layer());
        }
        if (!made) {
            std::string known = signatures(detail::Families<MyLayers...>{}) +
                                signatures(detail::AllFamilies{}) + signatures(detail::AllJoins{});
            known.resize(known.size() - 2);
            where.refuse(std::string{"one of "} += known, "another name");
        }
        return made;
    }
};

} // namespace lamina::inline LAMINA_ABI::dynamic
