// A value in a JSON file and the way to it, for messages: "amp.nam: config.layers[0].channels: expected ...".
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/json.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace amp {

class JsonNode {
  public:
    /// `json` must live longer; null if there is no such value.
    JsonNode(const json_t* json, std::string place) : json_{json}, place_{std::move(place)} {}

    /// Throws `lamina::format_error`.
    [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
        lamina::raise(lamina::format_error{place_ + ": expected " + expected + ", found " + found});
    }
    [[noreturn]] void fail(const std::string& expected) const {
        fail(expected, lamina::files::printable(json_));
    }

    /// The member of that name, which must be there.
    [[nodiscard]] JsonNode operator[](const char* name) const {
        if (!json_is_object(json_))
            fail("an object");
        return {json_object_get(json_, name), place_ + (place_.ends_with(' ') ? "" : ".") + name};
    }
    [[nodiscard]] JsonNode operator[](std::size_t i) const {
        return {json_array_get(json_, i), place_ + "[" + std::to_string(i) + "]"};
    }
    /// The number of elements of a list.
    [[nodiscard]] std::size_t size() const {
        if (!json_is_array(json_))
            fail("a list");
        return json_array_size(json_);
    }
    /// Whether there is such a value, which is not null.
    [[nodiscard]] explicit operator bool() const { return json_ != nullptr && !json_is_null(json_); }
    [[nodiscard]] bool is_list() const { return json_is_array(json_); }
    [[nodiscard]] bool is_text() const { return json_is_string(json_); }
    [[nodiscard]] bool is_object() const { return json_is_object(json_); }

    [[nodiscard]] std::string text() const {
        if (!json_is_string(json_))
            fail("a text");
        return json_string_value(json_);
    }
    [[nodiscard]] double number() const {
        if (!json_is_number(json_))
            fail("a number");
        return json_number_value(json_);
    }
    [[nodiscard]] int whole() const {
        constexpr int most = 65536; // products of three are far from the end of a long long
        const json_int_t value = json_integer_value(json_); // 0 if it is none
        if (value < 1 || value > most)
            fail("a whole number from 1 to " + std::to_string(most));
        return static_cast<int>(value);
    }
    [[nodiscard]] bool flag() const {
        if (!json_is_boolean(json_))
            fail("true or false");
        return json_is_true(json_);
    }

  private:
    const json_t* json_;
    std::string place_;
};

} // namespace amp
