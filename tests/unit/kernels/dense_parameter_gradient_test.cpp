#include <lamina/kernels/dense_parameter_gradient.hpp>
#include <lamina/tensor.hpp>

#include <cmath>
#include <cstddef>
#include <doctest/doctest.h>
#include <memory>
#include <random>

namespace ln = lamina;
namespace kernels = ln::kernels;

namespace {

template <int Inputs, int Outputs>
void compare_with_sums_in_double() {
    using E = ln::pack<float>;
    CAPTURE(Inputs);
    CAPTURE(Outputs);
    struct Data {
        ln::Tensor<E, ln::Shape<Inputs>> x;
        ln::Tensor<E, ln::Shape<Outputs>> dz;
        float dw[static_cast<std::size_t>(Inputs * Outputs + 1)], db[static_cast<std::size_t>(Outputs)];
    };
    const auto data = std::make_unique<Data>();
    std::mt19937 random{Inputs * 100 + Outputs};
    std::uniform_real_distribution<float> uniform{-1, 1};
    for (E& e : data->x)
        for (int lane = 0; lane < E::lanes; ++lane)
            e.set(lane, uniform(random));
    for (E& e : data->dz)
        for (int lane = 0; lane < E::lanes; ++lane)
            e.set(lane, uniform(random));
    data->dw[Inputs * Outputs] = 7; // behind the last row
    for (const bool overwrite : {true, false}) {
        const float before = overwrite ? 0.0F : 0.5F;
        for (int i = 0; i < Inputs * Outputs; ++i)
            data->dw[i] = 0.5F;
        for (float& g : data->db)
            g = 0.5F;
        const Data& in = *data;
        kernels::dense_parameter_gradient(in.x.view(), in.dz.view(), data->dw, data->db, overwrite);
        double worst = 0;
        for (int o = 0; o < Outputs; ++o) {
            double bias = before;
            for (int lane = 0; lane < E::lanes; ++lane)
                bias += double{data->dz[o][lane]};
            worst = std::fmax(worst, std::fabs(bias - double{data->db[o]}));
            for (int i = 0; i < Inputs; ++i) {
                double sum = before;
                for (int lane = 0; lane < E::lanes; ++lane)
                    sum += double{data->dz[o][lane]} * double{data->x[i][lane]};
                worst = std::fmax(worst, std::fabs(sum - double{data->dw[o * Inputs + i]}));
            }
        }
        CHECK(worst < 1e-5);
        CHECK(data->dw[Inputs * Outputs] == 7);
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
