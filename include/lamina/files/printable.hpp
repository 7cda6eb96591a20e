// Paths and text from files, made safe to print in messages.
#pragma once

#include <lamina/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI::files {

/// The text with `?` for control characters, cut to at most `longest` bytes in whole UTF-8 characters. (A NUL
/// would end the message.)
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t longest = 80) {
    std::size_t length = text.size();
    if (length > longest)
        for (length = longest; length > 0 && (text[length] & 0xc0) == 0x80;)
            --length;
    std::string shown{text.substr(0, length)};
    for (char& c : shown)
        if ((c >= 0 && c < 0x20) || c == 0x7f)
            c = '?';
    return length < text.size() ? shown + "..." : shown;
}

/// The same for a path, which is not cut.
[[nodiscard]] inline std::string printable_path(std::string_view path) {
    return printable(path, path.size());
}

/// Throws `format_error` if the path is empty or contains a NUL, at which the system would cut it. `hint` is
/// appended to the message and says what else the text may be.
inline void check_path(std::string_view path, const char* hint = "") {
    if (path.empty())
        raise(format_error{"expected a path, found an empty string"});
    if (path.find('\0') != path.npos)
        raise(format_error{printable(path) + ": expected a path, found text with NUL characters" + hint});
}

} // namespace lamina::inline LAMINA_ABI::files
