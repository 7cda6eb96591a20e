// What a network known only at run time can have wrong: the sentences of the compile-time problems
// (problems.hpp), thrown.
#pragma once

#include <lamina/error.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace lamina::dynamic {

/// A layer that does not fit its input, or that makes no sense on any.
struct shape_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// `Shape<1,28,28>`, as messages spell shapes.
[[nodiscard]] inline std::string shape_name(const dims& d) {
    std::string text = "Shape<";
    for (int i = 0; i < d.rank; ++i)
        text.append(i > 0 ? "," : "").append(std::to_string(d[i]));
    return text + ">";
}

/// Where a layer stands: its index from 0, its name, its input. What its checks raise begins with that.
struct Where {
    int index;
    Text name;
    dims input;

    /// Raises `layer<index, name>::problem: explanation` unless `sound`.
    void require(bool sound, const std::string& problem, std::string_view explanation) const {
        if (!sound)
            raise(shape_error{"layer<" + std::to_string(index) + ", " + std::string{std::string_view{name}} +
                              ">::" + problem + ": " + std::string{explanation}});
    }
    void require_image() const {
        require(input.rank == 3, "input<" + shape_name(input) + ">::is_not_an_image",
                "this layer needs an image: channels, height and width");
    }
};

/// `kernel<5,5>`; `stride<0>`.
[[nodiscard]] inline std::string problem_of(std::string_view what, int number) {
    return std::string{what} + "<" + std::to_string(number) + ">";
}
[[nodiscard]] inline std::string problem_of(std::string_view what, int height, int width) {
    return std::string{what} + "<" + std::to_string(height) + "," + std::to_string(width) + ">";
}

/// A network's input.
inline void require_shape(const dims& d) {
    if (d.rank < 1)
        raise(shape_error{shape_name(d) + ": a shape has one to four extents"});
    for (int i = 0; i < d.rank; ++i)
        if (d[i] < 1)
            raise(shape_error{shape_name(d) + ": every extent of a shape is at least 1"});
}

} // namespace lamina::dynamic
