// The errors of a run-time network, with the sentences of the compile-time problems (problem/network.hpp).
#pragma once

#include <lamina/error.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI::dynamic {

using lamina::shape_error;

/// An argument of a layer, made from any integer, but not from a floating-point number. Throws `shape_error`
/// if an int cannot hold it.
class WholeNumber {
  public:
    template <class N>
        requires std::is_arithmetic_v<N> WholeNumber(N number) : number_{static_cast<int>(number)} {
            static_assert(std::is_integral_v<N>,
                          "arguments of a layer are whole numbers: a slope of 0.1 is leaky_relu(1, 10)");
            if (static_cast<N>(number_) != number || (number_ < 0) != (number < N(0)))
                raise(
                    shape_error{std::to_string(number) + ": a layer's arguments are at most 2,147,483,647"});
        }
        [[nodiscard]] operator int() const noexcept {
            return number_;
        }

      private:
        int number_;
};

/// The largest number of elements of a tensor, and of parameters of a network.
inline constexpr long long most_elements = 2'147'483'647;

/// Whether a tensor of these extents, at least 1 each, has at most so many.
template <class Extents>
[[nodiscard]] bool fits(const Extents& extents) noexcept {
    long long room = most_elements;
    for (const long long e : extents)
        room /= e;
    return room >= 1;
}

/// `Shape<1,28,28>`, as messages spell shapes.
template <class Extents>
[[nodiscard]] std::string shape_name(const Extents& extents) {
    std::string text = "Shape<", comma;
    for (const long long e : extents) {
        text += comma + std::to_string(e);
        comma = ",";
    }
    return text + ">";
}
[[nodiscard]] inline std::span<const int> extents_of(const dims& d) noexcept {
    return {d.extent, static_cast<std::size_t>(d.rank)};
}
[[nodiscard]] inline std::string shape_name(const dims& d) {
    return shape_name(extents_of(d));
}

/// The place of a layer: its index from 0, its name and its input shape. The errors of its checks begin with
/// it.
struct Where {
    int index;
    Text name;
    dims input;

    /// Throws `layer<index, name>::problem: explanation` unless `sound`.
    void expect(bool sound, const std::string& problem, std::string_view explanation) const {
        if (!sound)
            raise(shape_error{"layer<" + std::to_string(index) + ", " + std::string{std::string_view{name}} +
                              ">::" + problem + ": " + std::string{explanation}});
    }
    /// Of its output or its weight, whose extents are at least 1.
    void require_tensor(std::initializer_list<long long> extents) const {
        expect(fits(extents), "tensor<" + shape_name(extents) + ">::is_not_a_shape",
               "a layer's output, weight and bias are Shapes of at most 2,147,483,647 elements, every extent "
               "at least 1");
    }
    void require_image() const {
        expect(input.rank == 3, "input<" + shape_name(input) + ">::is_not_an_image",
               "this layer needs an image: channels, height and width");
    }
};

/// `kernel<5,5>`; `stride<0>`.
[[nodiscard]] inline std::string problem_of(std::string_view what, long long number) {
    return std::string{what} + "<" + std::to_string(number) + ">";
}
[[nodiscard]] inline std::string problem_of(std::string_view what, long long height, long long width) {
    return std::string{what} + "<" + std::to_string(height) + "," + std::to_string(width) + ">";
}

/// A network's input.
inline void require_shape(const dims& d) {
    if (d.rank < 1)
        raise(shape_error{shape_name(d) + ": a shape has one to four extents"});
    for (int i = 0; i < d.rank; ++i)
        if (d[i] < 1)
            raise(shape_error{shape_name(d) + ": every extent of a shape is at least 1"});
    if (!fits(extents_of(d)))
        raise(shape_error{shape_name(d) + ": a shape has at most 2,147,483,647 elements"});
}

} // namespace lamina::inline LAMINA_ABI::dynamic
