// What lamina uses of jansson: owners of its objects, and text for messages. Needs jansson.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <jansson.h>
#include <memory>
#include <string>
#include <string_view>

namespace lamina::io {

struct DropJson {
    void operator()(json_t* json) const noexcept { json_decref(json); }
    void operator()(char* text) const noexcept { std::free(text); }
};
using Json = std::unique_ptr<json_t, DropJson>;
using JsonText = std::unique_ptr<char, DropJson>;

/// What a stranger's file says, made fit for a message: at most 80 bytes of UTF-8, no control characters.
[[nodiscard]] inline std::string printable(std::string_view text) {
    std::size_t length = text.size();
    if (length > 80)
        for (length = 80; length > 0 && (text[length] & 0xc0) == 0x80;)
            --length;
    std::string shown{text.substr(0, length)};
    for (char& c : shown)
        if ((c >= 0 && c < 0x20) || c == 0x7f)
            c = '?';
    return length < text.size() ? shown + "..." : shown;
}

[[nodiscard]] inline std::string printable(const json_t* json) {
    const JsonText text{json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : nullptr};
    return text ? printable(std::string_view{text.get()}) : "none";
}

} // namespace lamina::io
