#include <lamina/core.hpp>

#include <doctest/doctest.h>

namespace ln = lamina;

namespace {

template <class Shape, class... Layers>
constexpr std::uint64_t of = ln::Model<ln::Net<Layers...>, Shape>::fingerprint;

using Image = ln::Shape<1, 28, 28>;
using Pool = ln::MaxPool<2, 2>;

/// A user's layer, whose name is past 47 characters.
template <class Name>
struct Long {
    static constexpr auto name = Name::text;
    template <class In>
    using output = In;
    static constexpr void forward(auto, auto, auto) {}
    static constexpr void input_gradient(auto, auto, auto, auto, auto) {}
};
template <int N>
struct OfText {
    static constexpr ln::Text text = ln::named("DepthwiseSeparableConvolutionWithNormalisation", 1, N);
};
struct Up {
    static constexpr std::string_view text =
        "A name that goes on and on for more than eighty characters, and then looks up";
};
struct Down {
    static constexpr const char* text =
        "A name that goes on and on for more than eighty characters, and then looks down";
};

} // namespace

TEST_CASE("fingerprint: FNV-1a of the topology's text, computed while compiling") {
    // Of "1x28x28 Conv<16,3,1> LeakyReLU<> MaxPool<2,2> Dense<10>", by a program of three lines in Python.
    static_assert(of<Image, ln::Conv<16, 3, 1>, ln::LeakyReLU<>, Pool, ln::Dense<10>> == 0x999175d53d515e3bU);
    static_assert(ln::topology::Fnv{}.value() == 0xcbf29ce484222325U);
}

TEST_CASE("fingerprint: tells apart every layer, argument, order and input, not float and double") {
    using One = ln::Model<ln::Net<ln::Dense<10>>, Image>;
    static_assert(One::fingerprint == ln::Model<ln::Net<ln::Dense<10>>, Image, double>::fingerprint);
    static_assert(of<Image, ln::Conv<4, 3>> == of<Image, ln::Conv<4, 3, 1, 0>>);
    const std::uint64_t all[] = {One::fingerprint,
                                 of<Image, ln::Dense<11>>,
                                 of<ln::Shape<1, 28, 29>, ln::Dense<10>>,
                                 of<ln::Shape<784>, ln::Dense<10>>,
                                 of<Image, ln::Dense<10>, ln::ReLU>,
                                 of<Image, ln::ReLU, ln::Dense<10>>,
                                 of<Image, ln::Tanh, ln::Dense<10>>,
                                 of<Image, ln::Dense<1>, ln::Dense<0 + 10>>,
                                 of<Image, ln::Conv<4, 3>, ln::Dense<10>>,
                                 of<Image, ln::Conv<4, 3, 1, 1>, ln::Dense<10>>,
                                 of<Image, Long<OfText<1>>>,
                                 of<Image, Long<OfText<2>>>,
                                 of<Image, Long<OfText<1>>, ln::ReLU>,
                                 of<Image, Long<Up>>,
                                 of<Image, Long<Down>>};
    for (const std::uint64_t& a : all)
        for (const std::uint64_t& b : all)
            CHECK((a == b) == (&a == &b));
}
