// embed_tool: a program that turns a file of weights into a header. Needs jansson and zlib.
#pragma once

#include <lamina/io/embed.hpp>
#include <lamina/io/safetensors.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace lamina::inline LAMINA_ABI {

/// The `main` of a program that turns files of weights into headers, for one network. A network is a type, so
/// each network needs its own program:
///
///     #include "network.hpp"
///     #include <lamina/io/embed_tool.hpp>
///     int main(int count, char** arguments) { return lamina::embed_tool<Model>(count, arguments); }
///
///     ./digits_tool digits.safetensors digits digits.hpp
///
/// loads `digits.safetensors` with all checks of `load` and writes the header as `embed` does. Returns 0; or
/// 1 if the file, the name or the header's path is at fault; or 2 for a wrong number of arguments. The error
/// is printed to stderr, and an older header stays as it was.
template <class Model>
[[nodiscard]] int embed_tool(int count, const char* const* arguments) {
    if (count != 4) {
        std::fprintf(
            stderr, "lamina: expected three arguments, <weights.safetensors> <name> <header.hpp>, found %d\n",
            count - 1);
        return 2;
    }
    try {
        static Model model; // however large it is
        load(model, std::string{arguments[1]});
        embed(model, arguments[2], arguments[3]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "lamina: %s\n", error.what());
        return 1;
    }
    return 0;
}

} // namespace lamina::inline LAMINA_ABI
