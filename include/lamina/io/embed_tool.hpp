// embed_tool: a program that turns a file of weights into a header. Needs jansson and zlib.
#pragma once

#include <lamina/io/embed.hpp>
#include <lamina/io/file_options.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/model/fold.hpp>

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

namespace io {

/// A message of `load` with an option, wherever it stands, as `lamina_embed` takes it: `RENAME features=
/// fc=4` in place of
/// `.rename =
/// {{"features", ""}, {"fc", "4"}}`. `between[i % 2]` stands before the i-th name.
[[nodiscard]] inline std::string as_arguments(std::string text, const std::string& option,
                                              const char* argument, const char* between) {
    const std::string start = option + " = {";
    const std::size_t from = text.rfind(start);
    if (from == text.npos)
        return text;
    std::string plain{argument};
    std::size_t at = from + start.size();
    for (int depth = 1, names = 0; depth > 0 && at < text.size(); ++at) {
        depth += static_cast<int>(text[at] == '{') - static_cast<int>(text[at] == '}');
        if (text[at] != '"')
            continue;
        const std::size_t end = text.find('"', at + 1);
        if (end == text.npos)
            return text;
        plain += between[names++ % 2];
        plain += text.substr(at + 1, end - at - 1);
        at = end;
    }
    return as_arguments(text.replace(from, at - from, plain), option, argument, between);
}

/// Adds an option with its value to `options`; false if it is none.
[[nodiscard]] inline bool add_option(LoadOptions& options, std::string_view option,
                                     const std::string& value) {
    const std::size_t equals = value.find('=');
    if (option == "--rename" && equals != value.npos)
        options.rename.pairs.push_back({value.substr(0, equals), value.substr(equals + 1)});
    else if (option == "--ignore")
        options.ignore.add(value);
    else if (const char* end = value.data() + value.size();
             option != "--tolerance" || std::from_chars(value.data(), end, options.tolerance).ptr != end ||
             !(options.tolerance >= 0))
        return false;
    return true;
}

} // namespace io

/// What `embed_tool` writes: the model, or what `fold` makes of it.
enum class Embeds { model, folded };

/// The `main` of a program that turns files of weights into headers, for one network. A network is a type, so
/// each network needs its own program:
///
///     #include "network.hpp"
///     #include <lamina/io/embed_tool.hpp>
///     int main(int count, char** arguments) { return lamina::embed_tool<Model>(count, arguments); }
///
///     ./digits_tool digits.safetensors digits digits.hpp
///
/// loads `digits.safetensors` with all checks of `load` and writes the header as `embed` does. `--rename
/// features.0=0` and `--ignore head` may follow, any number of times, and `--tolerance 1e-3`: they are
/// `.rename`, `.ignore` and `.tolerance` of `load`. Returns 0; or 1 if the file, the name or the header's
/// path is at fault; or 2 for other arguments. The error is printed to stderr, with options as `lamina_embed`
/// takes them, and an older header stays as it was.
///
/// `embed_tool<Model, Embeds::folded>` loads a Model with batch norms and writes `fold(model)`: the program
/// that includes the header has a model of `Folded<...>`.
template <class Model, Embeds Which = Embeds::model>
[[nodiscard]] int embed_tool(int count, const char* const* arguments) {
    if (count < 4) {
        std::fprintf(
            stderr, "lamina: expected three arguments, <weights.safetensors> <name> <header.hpp>, found %d\n",
            count - 1);
        return 2;
    }
    try {
        LoadOptions options;
        for (int i = 4; i < count; i += 2)
            if (const char* value = i + 1 < count ? arguments[i + 1] : "";
                !io::add_option(options, arguments[i], value)) {
                std::fprintf(stderr,
                             "lamina: expected --rename <in the file>=<in the model>, --ignore <pattern> or "
                             "--tolerance <number>, found %s %s\n",
                             arguments[i], value);
                return 2;
            }
        static Model model; // however large it is
        load(model, std::string{arguments[1]}, options);
        if constexpr (Which == Embeds::folded) {
            static typename detail::folded_model<Model>::type folded;
            fold(model, folded);
            embed(folded, arguments[2], arguments[3]);
        } else {
            embed(model, arguments[2], arguments[3]);
        }
    } catch (const std::exception& error) {
        const std::string renamed = io::as_arguments(error.what(), ".rename", "RENAME", " =");
        std::fprintf(stderr, "lamina: %s\n", io::as_arguments(renamed, ".ignore", "IGNORE", "  ").c_str());
        return 1;
    }
    return 0;
}

} // namespace lamina::inline LAMINA_ABI
