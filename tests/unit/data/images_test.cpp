#include <lamina/data/images.hpp>

#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

using lamina::data_error;
using lamina::dims;
using lamina::Layout;
using lamina::native_lanes;
using lamina::pack;
using lamina::Shape;
using lamina::Tensor;
using lamina::View;
using lamina::data::Images;

namespace {

// `n` images with pixels 0, 1, 2, ... through all of them, and labels 0, 1, 2, ...
Images numbered(std::size_t n, dims shape) {
    return {"memory", shape, counting(n * shape.size()), counting(n)};
}

template <class T>
using Indices = std::uint32_t[static_cast<std::size_t>(native_lanes<T>)];

template <class T, class S, lamina::pad Halo>
void check_lanes() {
    CAPTURE(native_lanes<T>);
    const Images images = numbered(40, S::extents);
    Indices<T> indices;
    for (int r = 0; r < native_lanes<T>; ++r)
        indices[r] = static_cast<std::uint32_t>(39 - r * 7 % 5);

    const T untouched = -1;
    std::vector<pack<T>> cells(static_cast<std::size_t>(Layout<S, Halo>::extent), pack<T>{untouched});
    const View<pack<T>, S, Halo> x{cells.data() + Layout<S, Halo>::origin};
    images.inputs<T>(indices, x);

    // Equal to the last bit: both multiply the same byte by the same number.
    bool equal = true;
    for (int r = 0; r < native_lanes<T>; ++r) {
        const Tensor<T, S> t = images.image(indices[r]);
        for (int i = 0; i < S::size; ++i)
            equal = equal && x[i][r] == t[i];
    }
    CHECK(equal);
    int filled = 0;
    for (const pack<T>& cell : cells)
        filled += cell[0] != untouched;
    CHECK(filled == S::size);
}

template <class T>
void check_targets() {
    const Images images{"memory", {1, 1, 1}, counting(3), {2, 0, 4}};
    Indices<T> indices;
    for (int r = 0; r < native_lanes<T>; ++r)
        indices[r] = static_cast<std::uint32_t>(r % 3);
    Tensor<pack<T>, Shape<5>> targets;
    images.targets<T>(indices, targets.view());
    for (int r = 0; r < native_lanes<T>; ++r)
        for (int i = 0; i < 5; ++i) {
            CAPTURE(r);
            CAPTURE(i);
            CHECK(targets[i][r] == (i == images.label(indices[r]) ? T(1) : T(0)));
        }
}

} // namespace

TEST_CASE("Images: as many as labels, with their shape, labels and source") {
    const Images images{"memory", {1, 2, 3}, counting(12), {7, 255}};
    CHECK(images.size() == 2);
    CHECK(images.shape() == dims{1, 2, 3});
    CHECK(images.source() == "memory");
    CHECK(images.label(0) == 7);
    CHECK(images.label(1) == 255);
    CHECK(images.image(1).shape() == dims{1, 2, 3});
    CHECK(images.image(1).pixels()[0] == 6);
}

TEST_CASE("Images: pixels that are not one image a label are an error") {
    const auto make = [](std::size_t pixels) {
        return Images{"memory", {1, 2, 3}, counting(pixels), {0, 1}};
    };
    const std::string expected = "memory: expected 2 images of 1x2x3 for as many labels, found ";
    CHECK_THROWS_WITH_AS(make(11), (expected + "11 bytes of pixels").c_str(), data_error);
    CHECK_THROWS_WITH_AS(make(18), (expected + "18 bytes of pixels").c_str(), data_error);
    CHECK(Images{"memory", {1, 2, 3}, {}, {}}.size() == 0);
}

TEST_CASE("Images: images of H,W,C, as OpenCV and stb_image have them, become C,H,W") {
    const Bytes two{0,   1,   2,   10,  11,  12,  20,  21,  22,  30,  31,  32,
                    100, 101, 102, 110, 111, 112, 120, 121, 122, 130, 131, 132};
    const Images images{"memory", {3, 2, 2}, two, {0, 1}, lamina::Order::channels_last};
    const Bytes planes{100, 110, 120, 130, 101, 111, 121, 131, 102, 112, 122, 132};
    CHECK(Bytes(images.image(1).pixels(), images.image(1).pixels() + 12) == planes);
    CHECK(images.image(0).pixels()[4] == 1);
    CHECK_THROWS_WITH_AS((Images{"memory", {2, 2}, Bytes(4), {0}, lamina::Order::channels_last}),
                         "memory: expected images of channels, height and width, found 2x2", data_error);
}

TEST_CASE("Images: an image becomes a tensor of numbers from 0 to 1 in the same order") {
    const Images images{"memory", {2, 1, 3}, {0, 255, 51, 102, 153, 204}, {0}};
    const Tensor<float, Shape<2, 1, 3>> t = images.image(0);
    CHECK(t(0, 0, 0) == 0);
    // Within a rounding of a float, and of a double: 1/255 is not exact.
    CHECK(t(0, 0, 1) == doctest::Approx(1).epsilon(1e-7));
    CHECK(t(0, 0, 2) == doctest::Approx(0.2).epsilon(1e-7));
    CHECK(t(1, 0, 0) == doctest::Approx(0.4).epsilon(1e-7));
    CHECK(t(1, 0, 2) == doctest::Approx(0.8).epsilon(1e-7));
    const Tensor<double, Shape<2, 1, 3>> d = images.image(0);
    CHECK(d(1, 0, 1) == doctest::Approx(0.6).epsilon(1e-15));
}

TEST_CASE("Images: no pixel leaves 0 to 1") {
    const Images images{"memory", {1, 1, 1}, {255}, {0}};
    const Tensor<float, Shape<1, 1, 1>> f = images.image(0);
    const Tensor<double, Shape<1, 1, 1>> d = images.image(0);
    CHECK(f[0] <= 1);
    CHECK(d[0] <= 1);
}

TEST_CASE("Images: an image does not become a tensor of another shape") {
    const Images images = numbered(1, {1, 2, 3});
    using Turned = Tensor<float, Shape<1, 3, 2>>;
    CHECK_THROWS_WITH_AS((void)Turned(images.image(0)), "image: expected a shape of 1x3x2, found 1x2x3",
                         data_error);
}

TEST_CASE("Images: a model takes images of its input's shape") {
    const Images images{"memory", {1, 2, 3}, counting(18), {0, 9, 3}};
    CHECK_NOTHROW(images.validate<Shape<1, 2, 3>, Shape<10>>());
    CHECK_THROWS_WITH_AS((images.validate<Shape<1, 3, 2>, Shape<10>>()),
                         "memory: the model expects images of 1x3x2, found 1x2x3", data_error);
    CHECK_THROWS_WITH_AS((images.validate<Shape<6>, Shape<10>>()),
                         "memory: the model expects images of 6, found 1x2x3", data_error);
}

TEST_CASE("Images: an extent is at least 1, though a product of two negative ones may fit") {
    CHECK_THROWS_WITH_AS((Images{"memory", {-1, 2, -3}, counting(6), {0}}),
                         "memory: expected images with extents of at least 1, found -1x2x-3", data_error);
}

TEST_CASE("Images: a step on some of them takes them in the input's shape, too") {
    const Images images{"memory", {1, 2, 3}, counting(18), {0, 9, 3}};
    const std::uint32_t some[] = {2, 0};
    CHECK_NOTHROW(images.validate<Shape<1, 2, 3>, Shape<9>>(some));
    CHECK_THROWS_AS((images.validate<Shape<6>, Shape<10>>(some)), data_error);
}

TEST_CASE("Images: the label is the target of a model with one output") {
    const Images images{"memory", {1, 1, 1}, counting(3), {1, 0, 1}};
    Indices<float> indices;
    for (int r = 0; r < native_lanes<float>; ++r)
        indices[r] = static_cast<std::uint32_t>(r % 3);
    Tensor<pack<float>, Shape<1>> targets;
    images.targets<float>(indices, targets.view());
    for (int r = 0; r < native_lanes<float>; ++r)
        CHECK(targets[0][r] == static_cast<float>(images.label(indices[r])));
}

TEST_CASE("Images: inputs puts each sample into its lane and leaves the halo alone") {
    // Rows shorter than a pack, a whole number of packs long, and neither.
    check_lanes<float, Shape<1, 1, 1>, 0>();
    check_lanes<float, Shape<3, 2, 3>, 0>();
    check_lanes<float, Shape<1, 28, 28>, 0>();
    check_lanes<float, Shape<3, 5, 7>, 1>();
    check_lanes<float, Shape<2, 3, 16>, 2>();
    check_lanes<float, Shape<2, 3, 29>, 1>();
    check_lanes<double, Shape<3, 5, 7>, 0>();
    check_lanes<double, Shape<2, 3, 29>, 1>();
}

TEST_CASE("Images: targets is 1 at a sample's label and 0 elsewhere") {
    check_targets<float>();
    check_targets<double>();
}
