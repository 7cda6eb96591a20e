// What lamina uses of jansson: owners of its objects, and text for messages. Needs jansson.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <jansson.h>
#include <string>
#include <string_view>
#include <utility>

namespace lamina::io {

inline void drop(json_t* json) noexcept {
    json_decref(json);
}
inline void drop(char* text) noexcept {
    std::free(text);
}

/// Owns what jansson gives, or nothing.
template <class X>
class JsonOwner {
  public:
    explicit JsonOwner(X* owned) noexcept : owned_{owned} {}
    JsonOwner(JsonOwner&& other) noexcept : owned_{std::exchange(other.owned_, nullptr)} {}
    ~JsonOwner() { drop(owned_); }

    [[nodiscard]] X* get() const noexcept { return owned_; }
    [[nodiscard]] explicit operator bool() const noexcept { return owned_ != nullptr; }

  private:
    X* owned_;
};
using Json = JsonOwner<json_t>;
using JsonText = JsonOwner<char>;

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
