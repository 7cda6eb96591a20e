// A topology as text, as files say it: "1x28x28 Conv<16,3,1> ReLU Conv<16,3,1,1> Sum(0,2) Dense<10>".
#pragma once

#include <lamina/dynamic/join_of.hpp>
#include <lamina/dynamic/layer_of.hpp>
#include <lamina/families.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::inline LAMINA_ABI::dynamic {

/// A layer of the text.
struct LayerText {
    std::string name; ///< with its arguments: Conv<16,3,1>
    std::vector<detail::ArgumentValue> arguments;
    std::vector<int> sources; ///< numbers of layers; -1 is the input; none: the layer before

    /// Whether it is in NoBias<...>, and what is in there.
    [[nodiscard]] bool is_without_bias() const { return name.starts_with(no_bias) && name.ends_with(">"); }
    [[nodiscard]] std::string_view layer() const {
        std::string_view text = name;
        if (is_without_bias())
            text = text.substr(no_bias.size(), text.size() - no_bias.size() - 1);
        return text;
    }
    [[nodiscard]] std::string_view family() const { return layer().substr(0, layer().find('<')); }

    static constexpr std::string_view no_bias = "NoBias<";
};
struct TopologyText {
    dims input;
    std::vector<LayerText> layers;
};

/// A whole number. Throws `shape_error` for anything else.
[[nodiscard]] inline int whole_number(std::string_view one, const Where& where, std::string_view what) {
    int number = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), number);
    if (error != std::errc{} || end != one.data() + one.size())
        raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name + ": expected " +
                          std::string{what} + ", found " + std::string{one.empty() ? "nothing" : one}});
    return number;
}
/// Whole numbers between commas.
[[nodiscard]] inline std::vector<int> whole_numbers(std::string_view list, const Where& where,
                                                    std::string_view what) {
    std::vector<int> numbers;
    for (bool more = !list.empty(); more;) {
        const std::string_view one = list.substr(0, list.find(','));
        numbers.push_back(whole_number(one, where, what));
        more = one.size() < list.size();
        list.remove_prefix(more ? one.size() + 1 : one.size());
    }
    return numbers;
}

/// 16 and 3 of "Conv<16,3>". An argument can also be `size{5,3}`, `pad{0,1,0,1}`, `same`, `true` or
/// `false`.
[[nodiscard]] inline std::vector<detail::ArgumentValue> arguments_of(const Where& where,
                                                                     std::string_view name) {
    const std::size_t bracket = name.find('<');
    if (bracket == name.npos)
        return {};
    std::string_view list = name.substr(bracket + 1);
    if (list.empty() || list.back() != '>')
        raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                          ": expected its arguments in <>, found no closing one"});
    list.remove_suffix(1);
    constexpr std::string_view what = "whole numbers of at most 2,147,483,647";
    std::vector<detail::ArgumentValue> values;
    for (bool more = !list.empty(); more;) {
        const std::size_t brace = list.find('{'), comma = list.find(',');
        std::size_t end = (std::min)(comma, list.size());
        if (brace < end)
            end = (std::min)(list.find(',', (std::min)(list.find('}', brace), list.size())), list.size());
        const std::string_view one = list.substr(0, end), kind = one.substr(0, one.find('{'));
        std::vector<int> numbers;
        if (one == "same") {
            values.emplace_back(same);
        } else if (one == "true" || one == "false") {
            values.push_back(detail::ArgumentValue::of_truth(one == "true"));
        } else if (kind.size() < one.size() && one.back() == '}') {
            numbers = whole_numbers(one.substr(kind.size() + 1, one.size() - kind.size() - 2), where, what);
            if (kind == "size" && numbers.size() == 2)
                values.emplace_back(size{numbers[0], numbers[1]});
            else if (kind == "pad" && numbers.size() == 4)
                values.emplace_back(pad{numbers[0], numbers[1], numbers[2], numbers[3]});
            else
                raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                                  ": expected a number, size{height,width}, pad{top,bottom,left,right} or "
                                  "same, found " +
                                  std::string{one}});
        } else {
            values.emplace_back(whole_number(one, where, what));
        }
        more = end < list.size();
        list.remove_prefix(more ? end + 1 : end);
    }
    return values;
}

[[nodiscard]] inline LayerText layer_text(const Where& where, std::string_view name) {
    LayerText text{std::string{name}, {}, {}};
    text.arguments = arguments_of(where, text.layer());
    return text;
}

[[nodiscard]] inline dims parse_shape(std::string_view text) {
    dims shape;
    std::string_view rest = text;
    bool more = true;
    while (more && shape.rank < dims::max_rank) {
        const std::string_view one = rest.substr(0, rest.find('x'));
        int extent = 0;
        const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), extent);
        if (error != std::errc{} || end != one.data() + one.size())
            break;
        shape.extent[shape.rank++] = extent;
        more = one.size() < rest.size();
        rest.remove_prefix(more ? one.size() + 1 : one.size());
    }
    if (more || shape.rank == 0)
        raise(shape_error{"a topology begins with the shape of its input, such as 1x28x28, found " +
                          std::string{text.empty() ? "nothing" : text}});
    require_shape(shape);
    return shape;
}

[[nodiscard]] inline TopologyText parse(std::string_view text) {
    TopologyText topology;
    bool first = true;
    for (std::size_t from = 0; from < text.size();) {
        constexpr std::string_view blanks = " \t\r\n";
        from = text.find_first_not_of(blanks, from);
        if (from == text.npos)
            break;
        const std::size_t end = (std::min)(text.find_first_of(blanks, from), text.size());
        const std::string_view word = text.substr(from, end - from);
        from = end;
        if (first) {
            topology.input = parse_shape(word);
            first = false;
            continue;
        }
        LayerText layer;
        const Where where{static_cast<int>(topology.layers.size()), std::string{word}};
        const std::size_t parenthesis = (std::min)(word.find('('), word.size());
        layer.name = std::string{word.substr(0, parenthesis)};
        if (parenthesis < word.size()) {
            std::string_view list = word.substr(parenthesis + 1);
            if (list.empty() || list.back() != ')')
                raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                                  ": expected the layers it reads in parentheses, found no closing one"});
            list.remove_suffix(1);
            while (!list.empty()) {
                const std::string_view one = list.substr(0, list.find(','));
                const auto source =
                    one == "x" ? std::vector<int>{-1} : whole_numbers(one, where, "numbers of layers, or x");
                layer.sources.insert(layer.sources.end(), source.begin(), source.end());
                list.remove_prefix(one.size() < list.size() ? one.size() + 1 : one.size());
            }
            for (const int s : layer.sources)
                if (s < -1 || s >= where.index)
                    raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                                      ": expected layers before it, or x for the input, found " +
                                      std::to_string(s)});
        }
        layer.arguments = arguments_of(where, layer.layer());
        topology.layers.push_back(std::move(layer));
    }
    if (first)
        return {parse_shape({}), {}};
    if (topology.layers.empty())
        raise(shape_error{"network_has_no_layers<Net<>>: a Net needs at least one layer"});
    return topology;
}

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
        return text + ">";
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
            raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name + ": expected " +
                              signature<L>() + ", found " + std::to_string(given) +
                              (given == 1 ? " argument" : " arguments")});
        for (std::size_t i = 0; i < given; ++i)
            if (!arguments[i].suits(L::arguments[i].kind))
                raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name + ": expected " +
                                  std::string{L::arguments[i].name} + " to be " +
                                  std::string{kind_name(L::arguments[i].kind)} + ", found " +
                                  spell(arguments[i])});
        const L layer{arguments};
        return std::make_shared<const LayerOf<L>>(
            layer, Where{where.index, std::string{std::string_view{layer.spelled()}}}, in);
    } else {
        if (text.name != std::string_view{L::name})
            return nullptr;
        return std::make_shared<const LayerOf<L>>(L{}, where, in);
    }
}

[[nodiscard]] inline std::shared_ptr<const Layer> only_one(std::shared_ptr<const Layer> made,
                                                           const std::vector<dims>& in, const Where& where) {
    if (made && in.size() != 1)
        raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                          ": expected one input, found " + std::to_string(in.size())});
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
            raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                              ": expected in NoBias<> one of " + known + ", found " +
                              std::string{text.layer()}});
        }
        if (!made) {
            std::string known = signatures(detail::Families<MyLayers...>{}) +
                                signatures(detail::AllFamilies{}) + signatures(detail::AllJoins{});
            known.resize(known.size() - 2);
            raise(shape_error{"layer " + std::to_string(where.index) + ", " + where.name +
                              ": expected one of " + known + ", found another name"});
        }
        return made;
    }
};

} // namespace lamina::inline LAMINA_ABI::dynamic
