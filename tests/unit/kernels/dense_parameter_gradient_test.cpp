#include "made_images.hpp"

#include <lamina/kernels/dense_parameter_gradient.hpp>
#include <lamina/topology/operation_arguments.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace ln = lamina;
namespace kernels = ln::kernels;

namespace {

template <int Inputs, int Outputs>
void compare_with_sums_in_double() {
    using E = ln::pack<float>;
    CAPTURE(Inputs);
    CAPTURE(Outputs);
    made::Numbers numbers;
    made::Image<E, ln::Shape<Inputs>> x;
    made::Image<E, ln::Shape<Outputs>> dz;
    x.fill(numbers);
    dz.fill(numbers);
    std::vector<float> dw(std::size_t{Inputs * Outputs + 1}), db(std::size_t{Outputs});
    dw[Inputs * Outputs] = 7; // behind the last row
    for (const bool overwrite : {true, false}) {
        const float before = overwrite ? 0.0F : 0.5F;
        std::fill_n(dw.begin(), Inputs * Outputs, 0.5F);
        std::fill(db.begin(), db.end(), 0.5F);
        kernels::dense_parameter_gradient(ln::topology::as_const(x.view()), ln::topology::as_const(dz.view()),
                                          dw.data(), db.data(), overwrite);
        double worst = 0;
        for (int o = 0; o < Outputs; ++o) {
            double bias = before;
            for (int lane = 0; lane < E::lanes; ++lane)
                bias += dz.at(o, lane);
            worst = std::fmax(worst, std::fabs(bias - double{db[static_cast<std::size_t>(o)]}));
            for (int i = 0; i < Inputs; ++i) {
                double sum = before;
                for (int lane = 0; lane < E::lanes; ++lane)
                    sum += dz.at(o, lane) * x.at(i, lane);
                worst =
                    std::fmax(worst, std::fabs(sum - double{dw[static_cast<std::size_t>(o * Inputs + i)]}));
            }
        }
        CHECK(worst < 1e-5);
        CHECK(dw[Inputs * Outputs] == 7);
    }
}

/// From one row to several tiles of them.
template <int Inputs>
void with_outputs() {
    compare_with_sums_in_double<Inputs, 1>();
    compare_with_sums_in_double<Inputs, 5>();
    compare_with_sums_in_double<Inputs, 7>();
    compare_with_sums_in_double<Inputs, 22>();
}

constexpr int lanes = ln::native_lanes<float>, block = kernels::dense_block * lanes;

} // namespace

TEST_CASE("the gradient of a dense layer's weight is the sum in double, of less than a tile") {
    with_outputs<1>();
    with_outputs<lanes>();
    with_outputs<2 * lanes + 1>();
}

TEST_CASE("the gradient of a dense layer's weight is the sum in double, of tiles and a rest") {
    with_outputs<kernels::dense_columns * lanes>();
    with_outputs<(kernels::dense_columns + 1) * lanes + 1>();
    with_outputs<(2 * kernels::dense_columns + 2) * lanes>();
}

TEST_CASE("the gradient of a dense layer's weight is the sum in double, of blocks and a rest") {
    with_outputs<block>();
    with_outputs<block + lanes - 1>();
    with_outputs<2 * block + 2 * lanes + 1>();
}
