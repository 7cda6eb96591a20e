// `same` against TensorFlow's formula, written here in the words of its documentation ("SAME" of tf.nn), and
// against numbers worked out by hand.
#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace lamina;

namespace {

struct Side {
    int outputs, before, after;
    friend bool operator==(const Side&, const Side&) = default;
};

/// tf.nn: "out = ceil(in / stride); if in % stride == 0: pad = max(filter - stride, 0), else: pad =
/// max(filter - in % stride, 0); before = pad / 2; after = pad - before", of a filter with holes.
Side of_tensorflow(int extent, int kernel, int stride, int dilation) {
    int outputs = 0;
    for (int first = 0; first < extent; first += stride)
        ++outputs;
    int filter = 0;
    for (int tap = 0; tap < kernel; ++tap)
        filter = tap * dilation + 1;
    const int pad = std::max(extent % stride == 0 ? filter - stride : filter - extent % stride, 0);
    return {outputs, pad / 2, pad - pad / 2};
}

} // namespace

TEST_CASE("same: the size and the padding of each side are TensorFlow's") {
    for (int stride = 1; stride <= 4; ++stride)
        for (int kernel = 1; kernel <= 5; ++kernel)
            for (int dilation = 1; dilation <= 3; ++dilation)
                for (int extent = 1; extent <= 12; ++extent) {
                    CAPTURE(stride);
                    CAPTURE(kernel);
                    CAPTURE(dilation);
                    CAPTURE(extent);
                    const Side expected = of_tensorflow(extent, kernel, stride, dilation);
                    // Each axis by itself; the other one is something else.
                    const detail::ConvRule rows = detail::conv_rule(3, {kernel, 2}, {stride, 3}, same,
                                                                    {dilation, 1}, 1),
                                           columns = detail::conv_rule(3, {2, kernel}, {3, stride}, same,
                                                                       {1, dilation}, 1),
                                           sequence =
                                               detail::sequence_rule(3, kernel, stride, same, dilation, 1);
                    const dims high{2, extent, 7}, wide{2, 7, extent}, line{2, extent};
                    CHECK(Side{rows.outputs(high)[1], rows.sides(high).top, rows.sides(high).bottom} ==
                          expected);
                    CHECK(Side{columns.outputs(wide)[2], columns.sides(wide).left,
                               columns.sides(wide).right} == expected);
                    CHECK(Side{sequence.outputs(line)[1], sequence.sides(line).left,
                               sequence.sides(line).right} == expected);
                    CHECK(sequence.sides(line).top == 0);
                    CHECK(sequence.sides(line).bottom == 0);
                }
}

TEST_CASE("same: what was worked out by hand") {
    const auto sides = [](size kernel, size stride, size dilation, const dims& in) {
        return detail::conv_rule(1, kernel, stride, same, dilation, 1).sides(in);
    };
    CHECK(sides(3, 1, 1, {1, 5, 5}) == pad{1});
    CHECK(sides(3, 2, 1, {3, 32, 32}) == pad{0, 1, 0, 1});       // ResNet-8
    CHECK(sides({10, 4}, 2, 1, {1, 49, 10}) == pad{4, 5, 1, 1}); // DS-CNN
    CHECK(sides(3, 2, 1, {3, 7, 8}) == pad{1, 1, 0, 1});         // odd, even
    CHECK(sides(2, 1, 1, {1, 4, 4}) == pad{0, 1, 0, 1});         // even kernels
    CHECK(sides(1, 2, 1, {1, 8, 8}) == pad{0});                  // shortcuts
    CHECK(sides(3, 1, {2, 4}, {1, 9, 9}) == pad{2, 2, 4, 4});    // dilation
    CHECK(sides(2, 4, 1, {1, 9, 12}) == pad{0, 1, 0, 0});        // a stride above the kernel
}

TEST_CASE("same: the sum of the pixels that a window meets, worked out by hand") {
    // Rows 1 2 3 / 4 5 6, a kernel of ones 2x2: the padding is at the bottom and at the right.
    Model<Net<Conv<1, 2, 1, same>>, Shape<1, 2, 3>> model;
    for (float& w : model.parameters().first(4))
        w = 1;
    const auto y = model.forward({1, 2, 3, 4, 5, 6});
    const float expected[] = {12, 16, 9, 9, 11, 6};
    for (int i = 0; i < 6; ++i)
        CHECK(y[i] == expected[i]);
    // The same with stride 2: windows begin at columns 0 and 2.
    Model<Net<Conv<1, 3, 2, same>>, Shape<1, 2, 4>> strided;
    for (float& w : strided.parameters().first(9))
        w = 1;
    const auto z = strided.forward({1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(z[0] == 1 + 2 + 3 + 5 + 6 + 7);
    CHECK(z[1] == 3 + 4 + 7 + 8);
}
