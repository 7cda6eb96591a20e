// The errors of a run-time network, with the sentences of the compile-time problems (problem/network.hpp).
#pragma once

#include <lamina/error.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI::dynamic {

using lamina::shape_error;

/// The largest number of elements of a tensor, and of parameters of a network.
inline constexpr long long most_elements = 2'147'483'647;

/// Whether the extents are those of a shape.
[[nodiscard]] inline bool is_shape(const dims& d) noexcept {
    long long room = most_elements;
    for (int axis = 0; axis < d.rank; ++axis) {
        if (d.extent[axis] < 1)
            return false;
        room /= d.extent[axis];
    }
    return d.rank >= 1 && room >= 1;
}

/// `Shape<1,28,28>`, as messages spell shapes.
[[nodiscard]] inline std::string shape_name(const dims& d) {
    if (d.is_sequence)
        return "Sequence<" + std::to_string(steps_in(d)) + "," + shape_name(step_in(d)) + ">";
    std::string text{"Shape"};
    for (int axis = 0; axis < d.rank; ++axis)
        text.append(axis > 0 ? "," : "<").append(std::to_string(d.extent[axis]));
    return text.append(">");
}

[[nodiscard]] inline std::string spell(std::string_view text) {
    return std::string{text};
}
[[nodiscard]] inline std::string spell(long long number) {
    return std::to_string(number);
}
[[nodiscard]] inline std::string spell(const dims& shape) {
    return shape_name(shape);
}

/// The place of a layer: its index from 0, and its name. The errors of its checks begin with it.
struct Where {
    int index;
    std::string name;

    /// Throws `layer<index, name>::problem: explanation` unless `fine`.
    void expect(bool fine, std::string_view explanation, const auto&... problem) const {
        if (fine)
            return;
        std::string text = "layer<" + std::to_string(index) + ", " + name + ">::";
        ((text += spell(problem)), ...);
        raise(shape_error{(text += ": ") += explanation});
    }
    /// Throws "layer index, name: expected ..., found ...": what the text says of it makes no sense.
    [[noreturn]] void refuse(std::string_view expected, std::string_view found) const {
        std::string text{"layer "};
        text.append(std::to_string(index)).append(", ").append(name).append(": expected ");
        raise(shape_error{text.append(expected).append(", found ").append(found)});
    }
    /// Of its output or one of its tensors.
    void require_tensor(const dims& d) const {
        expect(is_shape(d),
               "a layer's output, weight and bias are Shapes of at most 2,147,483,647 elements, every extent "
               "at least 1",
               "tensor<", d, ">::is_not_a_shape");
    }
    void require_image(const dims& input) const {
        expect(input.rank == 3, "this layer needs an image: channels, height and width", "input<", input,
               ">::is_not_an_image");
    }
    void require_image_or_sequence(const dims& input) const {
        expect(lamina::is_image(input),
               "this layer needs an image (channels, height and width) or a sequence (channels and length)",
               "input<", input, ">::is_neither_an_image_nor_a_sequence");
    }
    void require_sequence(const dims& input) const {
        expect(input.rank == 2,
               "this layer needs a sequence: channels and length. In a sequence of images Flatten makes them "
               "vectors",
               "input<", input, ">::is_not_a_sequence");
    }
};

/// A network's input, by that name in messages.
inline void require_shape(const dims& d, const std::string& name) {
    if (d.rank < 1)
        raise(shape_error{name + ": a shape has one to four extents"});
    for (int i = 0; i < d.rank; ++i)
        if (d[i] < 1)
            raise(shape_error{name + ": every extent of a shape is at least 1"});
    if (!is_shape(d))
        raise(shape_error{name + ": a shape has at most 2,147,483,647 elements"});
}
inline void require_shape(const dims& d) {
    require_shape(d, shape_name(d));
}

} // namespace lamina::inline LAMINA_ABI::dynamic
