// Wrappers for jansson: owners of its objects, and text for messages. Needs jansson.
#pragma once

#include <lamina/files/printable.hpp>

#include <cstdlib>
#include <jansson.h>
#include <string>
#include <string_view>
#include <utility>

namespace lamina::inline LAMINA_ABI::files {

inline void drop(json_t* json) noexcept {
    json_decref(json);
}
inline void drop(char* text) noexcept {
    std::free(text);
}

/// Owns an object of jansson, or nothing.
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

[[nodiscard]] inline std::string printable(const json_t* json) {
    const JsonText text{json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : nullptr};
    return text ? printable(std::string_view{text.get()}) : "none";
}

} // namespace lamina::inline LAMINA_ABI::files
