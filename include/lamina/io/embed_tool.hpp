// embed_tool: a program that turns a file of weights into a header. Needs jansson and zlib.
#pragma once

#include <lamina/io/embed.hpp>
#include <lamina/io/file_options.hpp>
#include <lamina/io/safetensors.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

namespace io {

/// Adds an option with its value to `options`; false if it is none.
[[nodiscard]] inline bool add_option(LoadOptions& options, std::string_view option,
                                     const std::string& value) {
    const std::size_t equals = value.find('=');
    if (option == "--rename" && equals != value.npos)
        options.rename.pairs.push_back({value.substr(0, equals), value.substr(equals + 1)});
    else if (option == "--ignore")
        options.ignore.add(value);
    else
        return false;
    return true;
}

} // namespace io

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
/// features.0=0` and `--ignore "head.*"` may follow, any number of times: they are `.rename` and `.ignore` of
/// `load`. Returns 0; or 1 if the file, the name or the header's path is at fault; or 2 for other arguments.
/// The error is printed to stderr, and an older header stays as it was.
template <class Model>
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
                             "lamina: expected --rename <in the file>=<in the model> or --ignore <pattern>, "
                             "found %s %s\n",
                             arguments[i], value);
                return 2;
            }
        static Model model; // however large it is
        load(model, std::string{arguments[1]}, options);
        embed(model, arguments[2], arguments[3]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "lamina: %s\n", error.what());
        return 1;
    }
    return 0;
}

} // namespace lamina::inline LAMINA_ABI
