// embed: a model's parameters as a C++ header, to be compiled into programs without a file system.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/output_file.hpp>
#include <lamina/files/printable.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/embedded.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model.hpp>

#include <charconv>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

[[nodiscard]] constexpr bool is_identifier(std::string_view name) noexcept {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    bool fine = !name.empty() && letter(name[0]);
    for (const char c : name)
        fine = fine && (letter(c) || (c >= '0' && c <= '9'));
    return fine;
}

/// The keywords of C++ up to 2026, and other words that a program cannot use as a name.
inline constexpr std::string_view taken_words =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t "
    "char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr "
    "constinit continue contract_assert decltype default delete do double dynamic_cast else enum "
    "explicit export extern false float for friend goto if inline int long mutable namespace new "
    "noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast "
    "requires return short signed sizeof static static_assert static_cast struct switch template this "
    "thread_local throw true try typedef typeid typename union unsigned using virtual void volatile "
    "wchar_t while xor xor_eq lamina linux main std unix ";

/// Throws `std::invalid_argument` unless a program may define this name outside of all namespaces.
inline void check_name(std::string_view name) {
    const auto fail = [&](const char* why) {
        raise(std::invalid_argument{"embed: expected an identifier as name, found \"" +
                                    files::printable(name) + "\"" + why});
    };
    if (!is_identifier(name))
        fail("");
    if (taken_words.find(' ' + std::string{name} + ' ') != taken_words.npos)
        fail(", which C++, the compiler or lamina reserves");
    if (name[0] == '_' || name.find("__") != name.npos)
        fail(": names with _ at the start or __ anywhere are reserved");
}

/// The numbers as hexadecimal floating-point literals, which are exact, eight per line.
template <class T>
[[nodiscard]] std::string literals(std::span<const T> numbers) {
    std::string text;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        char digits[40]; // by to_chars, which knows no locale
        const bool negative = __builtin_signbit(numbers[i]);
        const T magnitude = select(negative, negated(numbers[i]), numbers[i]);
        const char* end =
            std::to_chars(digits, digits + sizeof digits, magnitude, std::chars_format::hex).ptr;
        text.append(i % 8 == 0 ? "\n    " : " ").append(negative ? "-0x" : "0x");
        text.append(digits, static_cast<std::size_t>(end - digits)).append(sizeof(T) == 4 ? "F," : ",");
    }
    return text;
}

} // namespace detail

/// The text of a header that defines `name`, an `Embedded` with the parameters of `model`. A program that
/// includes it gets the model back from `with_embedded<Model, name>()`. The name stands outside all
/// namespaces, so it must differ from all other names there, including functions of the C library such as
/// `index`. Throws `std::invalid_argument` if `name` is not an identifier or is reserved, such as `class` or
/// `_x`, and `data_error` if a parameter is not finite.
template <class Model>
[[nodiscard]] std::string embed(const Model& model, std::string_view name) {
    using T = typename Model::scalar;
    detail::check_name(name);
    const auto parameters = model.numbers();
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (!is_finite(parameters[i]))
            raise(data_error{"embed: parameter " + std::to_string(i) + " is not finite"});

    constexpr dims extents = Model::input_shape::extents,
                   step = extents.is_sequence ? step_in(extents) : extents;
    std::string input, layers;
    for (int axis = 0; axis < step.rank; ++axis)
        input.append(axis > 0 ? ", " : "{").append(std::to_string(step[axis]));
    input += '}';
    if (extents.is_sequence)
        input = "lamina::dims::sequence(" + std::to_string(steps_in(extents)) + ", " +
                (step.rank == 1 ? std::to_string(step[0]) : "lamina::dims" + input) + ')';
    for (const LayerInfo& layer : Model::layers)
        layers.append(layers.empty() ? "\"" : ", \"").append(layer.name).append("\"");
    return "// Parameters of a trained network, written by lamina::embed.\n#pragma once\n\n"
           "#include <lamina/io/embedded.hpp>\n\n"
           "inline constexpr lamina::Embedded<" +
           std::string{sizeof(T) == 4 ? "float" : "double"} + ", " + std::to_string(parameters.size()) +
           ", " + std::to_string(Model::layers.size()) + "> " + std::string{name} + "{\n    " + input +
           ",\n    {" + layers + "},\n    {" + detail::literals(std::span<const T>{parameters}) +
           "\n    }};\n";
}

/// Writes the same to a file. Throws `format_error` if it cannot be written.
template <class Model>
void embed(const Model& model, std::string_view name, const std::string& path) {
    const std::string text = embed(model, name);
    files::replace_file(path, files::bytes_of(text));
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
