// Convolutions whose weights are larger than the second cache are computed filter by filter, others row by
// row: both give the sums, of every filter and every row.
#include "made_images.hpp"

#include <lamina/kernels/conv.hpp>
#include <lamina/topology/operation_arguments.hpp>

#include <doctest/doctest.h>

#include <cmath>

namespace ln = lamina;
namespace kernels = ln::kernels;

namespace {

template <int Channels, int Filters>
void compare_with_sums_in_double() {
    using E = ln::pack<float>;
    constexpr int rows = 3, columns = 5;
    using K = kernels::Window<kernels::RunTimeWindow{3, 3, 1, 1, 0, 0, 1, 1, 1}>;
    made::Numbers numbers;
    made::Image<E, ln::Shape<Channels, rows + 2, columns + 2>> x;
    made::Image<E, ln::Shape<Filters, rows, columns>> y;
    made::Image<float, ln::Shape<Channels, 9, Filters>> w;
    made::Image<float, ln::Shape<Filters>> b;
    x.fill(numbers);
    w.fill(numbers);
    b.fill(numbers);
    kernels::conv(ln::topology::as_const(x.view()), w.memory.data(), b.memory.data(), y.view(), K{},
                  [](const E& sum, int, int, int) { return sum; });
    double worst = 0, largest = 0;
    for (int o = 0; o < Filters; ++o)
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) {
                const int lane = (o + i + j) % E::lanes;
                double sum = b.at(o, 0);
                for (int c = 0; c < Channels; ++c)
                    for (int tap = 0; tap < 9; ++tap)
                        sum += x.at((c * (rows + 2) + i + tap / 3) * (columns + 2) + j + tap % 3, lane) *
                               w.at((c * 9 + tap) * Filters + o, 0);
                worst = std::fmax(worst, std::fabs(sum - y.at((o * rows + i) * columns + j, lane)));
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
