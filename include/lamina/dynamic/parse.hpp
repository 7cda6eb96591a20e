// A topology as text, as files say it: "1x28x28 Conv<16,3,1> ReLU Conv<16,3,1,1> Sum(0,2) Dense<10>".
#pragma once

#include <lamina/dynamic/shape_error.hpp>
#include <lamina/error.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/shape.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
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
    /// What is before its arguments: Conv, or Bidirectional<LSTM.
    [[nodiscard]] std::string_view family() const { return layer().substr(0, layer().rfind('<')); }

    static constexpr std::string_view no_bias = "NoBias<";
};
struct TopologyText {
    dims input;
    std::vector<LayerText> layers;
    bool is_exact = false; ///< see `Exact`
};

/// A whole number. Throws `shape_error` for anything else.
[[nodiscard]] inline int whole_number(std::string_view one, const Where& where, std::string_view what) {
    int number = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), number);
    if (error != std::errc{} || end != one.data() + one.size())
        where.refuse(what, one.empty() ? "nothing" : one);
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

/// 16 and 3 of "Conv<16,3>", 16 of "Bidirectional<LSTM<16>>". An argument can also be `size{5,3}`,
/// `pad{0,1,0,1}`, `same`, `true` or `false`.
[[nodiscard]] inline std::vector<detail::ArgumentValue> arguments_of(const Where& where,
                                                                     std::string_view name) {
    const std::size_t bracket = name.rfind('<');
    if (bracket == name.npos)
        return {};
    for (const std::string_view around :
         {"Net<", "Sum<", "Product<", "Concat<", "Residual<", "Repeat<", "Named<", "Outputs<"})
        if (name.starts_with(around))
            where.refuse(
                "layers one behind the other, of which a join names those it reads by their numbers: "
                "LSTM<8> Dense<1> Sum(1,x)",
                around.substr(0, around.size() - 1));
    std::string_view list = name.substr(bracket + 1);
    for (auto open = std::count(name.begin(), name.end(), '<'); open > 0; --open) {
        if (list.empty() || list.back() != '>')
            where.refuse("its arguments in <>", "no closing one");
        list.remove_suffix(1);
    }
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
                where.refuse("a number, size{height,width}, pad{top,bottom,left,right} or same", one);
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

/// The extents of "1x28x28", one to `most` of any size; otherwise none.
[[nodiscard]] inline dims parse_extents(std::string_view text, int most = dims::max_rank) {
    dims shape;
    for (bool more = true; more;) {
        const std::string_view one = text.substr(0, text.find('x'));
        int extent = 0;
        const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), extent);
        if (error != std::errc{} || end != one.data() + one.size() || shape.rank == most)
            return {};
        shape.extent[shape.rank++] = extent;
        more = one.size() < text.size();
        text.remove_prefix(more ? one.size() + 1 : one.size());
    }
    return shape;
}
[[nodiscard]] inline dims parse_shape(std::string_view text) {
    dims shape;
    if (text.starts_with("Sequence<") && text.ends_with(">")) { // Sequence<Steps,Step>
        std::string_view inside = text.substr(sizeof "Sequence<" - 1);
        inside.remove_suffix(1);
        const std::size_t comma = (std::min)(inside.find(','), inside.size());
        const dims steps = parse_extents(inside.substr(0, comma), 1);
        const dims step = parse_extents(inside.substr((std::min)(comma + 1, inside.size())));
        if (steps.rank == 1 && (step.rank == 1 || step.rank == 3)) {
            dims all = step; // whose product an int may not count
            all.extent[all.rank++] = steps.extent[0];
            require_shape(all, "Sequence<" + std::to_string(steps.extent[0]) + "," + shape_name(step) + ">");
            shape = dims::sequence(steps.extent[0], step);
        }
    } else {
        shape = parse_extents(text);
    }
    if (shape.rank == 0)
        raise(shape_error{
            "a topology begins with the shape of its input, such as 1x28x28 or "
            "Sequence<100,8>, which is 100 steps of 8 numbers, or Sequence<30,3x64x64>, 30 images, "
            "found " +
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
                where.refuse("the layers it reads in parentheses", "no closing one");
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
                    where.refuse("layers before it, or x for the input", std::to_string(s));
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

} // namespace lamina::inline LAMINA_ABI::dynamic
