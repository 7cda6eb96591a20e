// Convolutions whose weights are larger than the second cache are computed filter by filter, others row by
// row: both give the sums, of every filter and every row.
#include <lamina/kernels/conv.hpp>
#include <lamina/tensor.hpp>

#include <cmath>
#include <cstddef>
#include <doctest/doctest.h>
#include <memory>
#include <random>

namespace ln = lamina;
namespace kernels = ln::kernels;

namespace {

template <int Channels, int Filters>
void compare_with_sums_in_double() {
    using E = ln::pack<float>;
    constexpr int rows = 3, columns = 5;
    using K = kernels::Window<kernels::RunTimeWindow{3, 3, 1, 1, 0, 0, 1, 1, 1}>;
    struct Data {
        ln::Tensor<E, ln::Shape<Channels, rows + 2, columns + 2>> x;
        ln::Tensor<E, ln::Shape<Filters, rows, columns>> y;
        float w[static_cast<std::size_t>(Channels * 9 * Filters)], b[static_cast<std::size_t>(Filters)];
    };
    const auto data = std::make_unique<Data>();
    std::mt19937 random{1};
    std::uniform_real_distribution<float> uniform{-1, 1};
    for (E& e : data->x)
        for (int lane = 0; lane < E::lanes; ++lane)
            e.set(lane, uniform(random));
    for (float& w : data->w)
        w = uniform(random);
    for (float& b : data->b)
        b = uniform(random);
    const Data& in = *data;
    kernels::conv(in.x.view(), in.w, in.b, data->y.view(), K{},
                  [](const E& sum, int, int, int) { return sum; });
    double worst = 0, largest = 0;
    for (int o = 0; o < Filters; ++o)
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) {
                const int lane = (o + i + j) % E::lanes;
                double sum = double{in.b[o]};
                for (int c = 0; c < Channels; ++c)
                    for (int tap = 0; tap < 9; ++tap)
                        sum += double{in.x(c, i + tap / 3, j + tap % 3)[lane]} *
                               double{in.w[(c * 9 + tap) * Filters + o]};
                worst = std::fmax(worst, std::fabs(sum - double{in.y(o, i, j)[lane]}));
                largest = std::fmax(largest, std::fabs(sum));
            }
    CHECK(worst < 3e-6 * largest);
}

} // namespace

TEST_CASE("conv: small weights, row by row") {
    compare_with_sums_in_double<20, 23>();
}
TEST_CASE("conv: large weights, filter by filter") {
    compare_with_sums_in_double<200, 151>();
}
