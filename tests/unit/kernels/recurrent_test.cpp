// Recurrent layers of one sample with units in lanes give what plain loops over single units do, with as many
// units as fill vectors, as do not, and as have weights that go through the first cache in blocks.
#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace ln = lamina;
namespace kernels = ln::kernels;

namespace {

constexpr int inputs = 3, steps = 5;

std::vector<double> made_numbers(std::size_t count, std::uint64_t seed, double size) {
    std::vector<double> numbers(count + 16);
    ln::Random random{ln::seed{seed}};
    for (double& v : numbers)
        v = size * random.symmetric();
    return numbers;
}

/// h of all steps, and the states in the end, with channels in the order `O`: units in lanes, or one by one.
template <class Cell, int H, ln::Order O>
std::vector<double> run(std::uint64_t before = 0) {
    using X = ln::Sequence<steps, ln::Shape<inputs>>;
    using Y = ln::Sequence<steps, ln::Shape<H>>;
    constexpr std::size_t row = Cell::gates * H;
    const double size = 1 / std::sqrt(static_cast<double>(H));
    const auto input = made_numbers(inputs * row, 1, 1), hidden = made_numbers(H * row, 2, 2 * size),
               input_bias = made_numbers(row, 3, 1), hidden_bias = made_numbers(row, 4, 1),
               numbers = made_numbers(X::size, 5, 1);
    std::vector<double> x_memory(X::size + 16), y_memory(Y::size + 16), states = made_numbers(4 * H, 6, 1);
    const ln::View<double, X, ln::pad{}, O> x{x_memory.data()};
    for (int c = 0; c < inputs; ++c)
        for (int t = 0; t < steps; ++t)
            x(c, t) = numbers[static_cast<std::size_t>(c * steps + t)];
    const ln::View<double, Y, ln::pad{}, O> y{y_memory.data()};
    kernels::recurrent<Cell>(
        ln::View<const double, X, ln::pad{}, O>{x_memory.data()},
        kernels::RecurrentWeights{input.data(), hidden.data(), input_bias.data(), hidden_bias.data()}, y,
        states.data(), static_cast<double*>(nullptr), before);
    std::vector<double> all(states.begin(), states.begin() + (Cell::has_cell_state ? 2 : 1) * H);
    for (int h = 0; h < H; ++h)
        for (int t = 0; t < steps; ++t)
            all.push_back(y(h, t));
    return all;
}

template <class Cell, int H>
void check() {
    CAPTURE(H);
    const auto by_vectors = run<Cell, H, ln::Order::channels_last>(),
               by_units = run<Cell, H, ln::Order::planes>();
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < by_units.size(); ++i) {
        difference = std::fmax(difference, std::fabs(by_vectors[i] - by_units[i]));
        largest = std::fmax(largest, std::fabs(by_units[i]));
    }
    CHECK(largest > 0.3);
    CHECK(difference < 1e-13); // sums of up to 60 products in another order
    CHECK(by_vectors == run<Cell, H, ln::Order::channels_last>(1)); // whichever way the first step reads
}

} // namespace

TEST_CASE("recurrent: units in lanes are the same as one by one") {
    check<kernels::LstmCell, 16>();
    check<kernels::LstmCell, 20>();
    check<kernels::GruCell, 20>();
    check<kernels::GruResetBeforeCell, 20>();
    check<kernels::LstmCell, 40>(); // 50 KiB of weights: 4 blocks
    check<kernels::GruCell, 60>();  // 84 KiB: 6 blocks
}
