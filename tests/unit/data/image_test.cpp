// Images in memory as other libraries keep them, and what a model makes of them.
#include <lamina/core.hpp>

#include "laws/allocations.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace ln = lamina;
using ln::data_error;
using ln::Order;
using ln::data::Image;

namespace {

using Colour = ln::Tensor<float, ln::Shape<3, 2, 4>>;
constexpr int C = 3, H = 2, W = 4;

constexpr std::uint8_t pixel(int c, int y, int x) {
    return static_cast<std::uint8_t>(100 * c + 10 * y + x);
}
constexpr float scaled(std::uint8_t byte) {
    return static_cast<float>(byte) * (1.0F / 255);
}

/// The image H,W,C or C,H,W with `gap` elements behind each row, which must not be read: 255.
template <class E>
std::vector<E> stored(Order order, int gap) {
    std::vector<E> all;
    const auto end_row = [&] { all.insert(all.end(), static_cast<std::size_t>(gap), E(255)); };
    if (order == Order::channels_last)
        for (int y = 0; y < H; ++y, end_row())
            for (int x = 0; x < W; ++x)
                for (int c = 0; c < C; ++c)
                    all.push_back(pixel(c, y, x));
    else
        for (int c = 0; c < C; ++c)
            for (int y = 0; y < H; ++y, end_row())
                for (int x = 0; x < W; ++x)
                    all.push_back(pixel(c, y, x));
    return all;
}

void check(const Colour& t, bool bytes) {
    bool all = true;
    for (int c = 0; c < C; ++c)
        for (int y = 0; y < H; ++y)
            for (int x = 0; x < W; ++x)
                all = all &&
                      t(c, y, x) == (bytes ? scaled(pixel(c, y, x)) : static_cast<float>(pixel(c, y, x)));
    CHECK(all);
}

template <class Make>
void refused(Make make, const std::string& sentence) {
    CHECK_THROWS_WITH_AS(make(), sentence.c_str(), data_error);
}

using Model = ln::Model<ln::Net<ln::Conv<4, 2>, ln::ReLU, ln::Dense<3>>, ln::Shape<3, 2, 4>>;

// All of it in a constant expression.
constexpr std::uint8_t two_pixels[] = {0, 51, 102, 255, 204, 153}; // H,W,C
constexpr ln::Tensor<double, ln::Shape<3, 1, 2>> planes = Image{two_pixels, {3, 1, 2}, Order::channels_last};
static_assert(planes(0, 0, 0) == 0 && planes(0, 0, 1) == 255 * (1.0 / 255) && planes(1, 0, 1) == 204 / 255.0);

} // namespace

TEST_CASE("Image: bytes and floats, by planes or by pixels, with rows that lie apart or not") {
    for (const Order order : {Order::planes, Order::channels_last})
        for (const int gap : {0, 1, 5}) {
            CAPTURE(gap);
            const auto row = static_cast<std::size_t>((order == Order::planes ? W : W * C) + gap);
            const auto bytes = stored<std::uint8_t>(order, gap);
            check(Image{bytes.data(), {C, H, W}, order, row}, true);
            check(Image{bytes, {C, H, W}, order, row}, true);
            const auto floats = stored<float>(order, gap);
            check(Image{floats.data(), {C, H, W}, order, row * sizeof(float)}, false);
            check(Image{std::span{floats}, {C, H, W}, order, row * sizeof(float)}, false);
            if (gap == 0) { // then the stride need not be said
                check(Image{bytes.data(), {C, H, W}, order}, true);
                check(Image{floats, {C, H, W}, order}, false);
            }
            // Of a larger image a window ends with its last pixel.
            check(Image{std::span{bytes}.first(bytes.size() - static_cast<std::size_t>(gap)),
                        {C, H, W},
                        order,
                        row},
                  true);
        }
}

TEST_CASE("Image: a row stride is of any type of integers") {
    struct MatStep { // as OpenCV's
        operator std::size_t() const { return W + 1; }
    };
    const auto bytes = stored<std::uint8_t>(Order::planes, 1);
    const auto all = [&](auto stride) { check(Image{bytes.data(), {C, H, W}, Order::planes, stride}, true); };
    all(W + 1); // an int, as SDL's pitch and Qt's bytesPerLine
    all(static_cast<std::ptrdiff_t>(W + 1));
    all(static_cast<unsigned>(W + 1));
    all(static_cast<std::uint8_t>(W + 1));
    all(MatStep{});
    static_assert(!std::is_constructible_v<Image, const float*, ln::dims, Order, double>);
}

TEST_CASE("Image: what it does not fit is said, with what was expected and found") {
    const std::vector<std::uint8_t> bytes(24);
    const std::vector<float> floats(24);
    const std::uint8_t* const none = nullptr;
    refused([&] { return Image{none, {3, 2, 4}}; }, "image: expected pixels, found a null pointer");
    refused([&] { return Image{nullptr, {3, 2, 4}}; }, "image: expected pixels, found a null pointer");
    refused(
        [&] {
            return Image{static_cast<const float*>(nullptr), {3, 2, 4}};
        },
        "image: expected pixels, found a null pointer");
    refused(
        [&] {
            return Image{bytes, {3, 2, 5}};
        },
        "image: expected 30 bytes for a shape of 3x2x5 and rows of 5, found 24");
    refused(
        [&] {
            return Image{bytes, {1, 2, 4}};
        },
        "image: expected 8 bytes for a shape of 1x2x4 and rows of 4, found 24: for a crop, pass the pointer "
        "to its first pixel");
    refused(
        [&] {
            return Image{floats, {1, 2, 4}};
        },
        "image: expected 32 bytes for a shape of 1x2x4 and rows of 16, found 96: for a crop, pass the "
        "pointer to its first pixel");
    refused(
        [&] {
            return Image{std::vector<std::uint8_t>{}, {1, 2, 4}};
        },
        "image: expected 8 bytes for a shape of 1x2x4 and rows of 4, found 0");
    refused(
        [&] {
            return Image{bytes, {3, 2, 4}, Order::planes, 5};
        },
        "image: expected 30 bytes for a shape of 3x2x4 and rows of 5, found 24");
    refused(
        [&] {
            return Image{bytes, {3, 2, 4}, Order::planes, 3};
        },
        "image: expected a row stride of at least 4 bytes for a shape of 3x2x4, found 3");
    refused(
        [&] {
            return Image{bytes.data(), {3, 2, 4}, Order::channels_last, 4};
        },
        "image: expected a row stride of at least 12 bytes for a shape of 3x2x4, found 4");
    refused(
        [&] {
            return Image{floats, {3, 2, 4}, Order::planes, 15};
        },
        "image: expected a row stride of at least 16 bytes for a shape of 3x2x4, found 15");
    refused(
        [&] {
            return Image{floats, {3, 2, 4}, Order::planes, 18};
        },
        "image: expected a row stride of whole numbers, a multiple of 4 bytes, found 18");
    refused(
        [&] {
            return Image{bytes.data(), {3, 2, 4}, Order::planes, static_cast<std::size_t>(-1)};
        },
        "image: expected a row stride of at least 4 bytes for a shape of 3x2x4, found "
        "18446744073709551615");
    refused(
        [&] {
            return Image{bytes.data(), {3, 2, 4}, Order::planes, -4};
        },
        "image: expected a row stride of 0 or more bytes, found -4: turn an image over whose last row lies "
        "first");
    const std::string extents = "image: expected extents from 1 on, and at most 2147483647 numbers, found a ";
    refused([&] { return Image{bytes, {3, 0, 4}}; }, extents + "shape of 3x0x4");
    refused([&] { return Image{bytes, {-1, 2, -3}}; }, extents + "shape of -1x2x-3");
    refused([&] { return Image{bytes.data(), {65'536, 32'768, 4}}; }, extents + "shape of 65536x32768x4");
    refused([&] { return Image{bytes, {}}; }, extents + "shape of ");
    refused(
        [&] {
            return Image{bytes, {6, 4}, Order::channels_last};
        },
        "image: expected channels, height and width, found a shape of 6x4");
    refused(
        [&] {
            return Model{ln::seed{1}}.forward(Image{bytes, {2, 4, 3}});
        },
        "image: expected a shape of 3x2x4, found 2x4x3");
}

TEST_CASE("Image: forward takes it as it lies, without heap") {
    const Model model{ln::seed{1}};
    const auto pixels = stored<std::uint8_t>(Order::channels_last, 5);
    Model::Input x;
    for (int c = 0; c < C; ++c)
        for (int y = 0; y < H; ++y)
            for (int j = 0; j < W; ++j)
                x(c, y, j) = scaled(pixel(c, y, j));
    const std::size_t before = laws::allocations();
    const Model::Output y = model.forward(Image{pixels.data(), {C, H, W}, Order::channels_last, W * C + 5});
    CHECK(laws::allocations() == before);
    CHECK(y == model.forward(x));
}

TEST_CASE("forward: numbers in a span, a vector or an array are an input, wherever they lie, without heap") {
    const Model model{ln::seed{1}};
    std::vector<float> numbers(25);
    std::array<float, 24> array{};
    float raw[24] = {};
    Model::Input x;
    for (std::size_t i = 0; i < 24; ++i)
        x[static_cast<int>(i)] = numbers[i + 1] = array[i] = raw[i] = static_cast<float>(i) * 0.25F - 3;
    const std::span<const float> shifted = std::span{numbers}.subspan(1); // not on 64 bytes, as an Input is
    const std::vector<float> vector(shifted.begin(), shifted.end());
    static Model::Workspace workspace;
    const Model::Output y = model.forward(x);
    const std::size_t before = laws::allocations();
    const Model::Output answers[] = {model.forward(shifted),
                                     model.forward(vector),
                                     model.forward(array),
                                     model.forward(raw),
                                     model.forward(std::span{array}),
                                     model.forward(shifted, workspace),
                                     model.forward(array, workspace)};
    CHECK(laws::allocations() == before);
    for (const Model::Output& answer : answers)
        CHECK(answer == y);
    static_assert(noexcept(model.forward(x))&& noexcept(model.forward(array))&& noexcept(
                      model.forward(array, workspace)) &&
                  !noexcept(model.forward(vector)));
    constexpr std::array<double, 2> pair{1, 2};
    constexpr ln::Model<ln::Net<ln::Softmax>, ln::Shape<2>, double> softmax;
    static_assert(softmax.forward(pair)[0] + softmax.forward(pair)[1] == 1);
}

TEST_CASE("forward: more or fewer numbers than the input has are refused") {
    const Model model{ln::seed{1}};
    const std::string expected = "forward: expected 24 numbers for an input of 3x2x4, found ";
    static Model::Workspace workspace;
    for (const std::size_t count : {0U, 23U, 25U, 48U}) {
        const std::vector<float> numbers(count);
        refused([&] { return model.forward(numbers); }, expected + std::to_string(count));
        refused([&] { return model.forward(numbers, workspace); }, expected + std::to_string(count));
    }
}
