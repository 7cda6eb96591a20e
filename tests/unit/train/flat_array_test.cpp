#include <lamina/math/flush_subnormals.hpp>
#include <lamina/train/flat_array.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace ln = lamina;

namespace {

/// One tensor of as many numbers.
template <class T>
struct Flat {
    std::vector<T> numbers;
    ln::ParameterTensor tensor{0,   0, 0, static_cast<int>(numbers.size()), static_cast<int>(numbers.size()),
                               true};

    explicit Flat(std::size_t count, T number) : numbers(count, number) {}
    double clip(double largest) { return ln::clip_norm(numbers.data(), {&tensor, 1}, largest); }
};

} // namespace

TEST_CASE_TEMPLATE("clip_norm: no square overflows or vanishes", T, float, double) {
    using limits = std::numeric_limits<T>;
    const auto check = [](T size) {
        CAPTURE(size);
        for (const std::uint32_t bits : {ln::FlushSubnormals::current(), ln::FlushSubnormals::all}) {
            const ln::FlushSubnormals mode{bits};
            Flat<T> gradients{1600, size};
            gradients.numbers[7] = -size;
            const double whole = static_cast<double>(size), norm = 40 * whole;
            CHECK(gradients.clip(1) == doctest::Approx(norm).epsilon(1e-6));
            const double clipped = norm > 1 ? whole / (norm + 1e-6) : whole;
            CHECK(static_cast<double>(gradients.numbers[0]) == doctest::Approx(clipped).epsilon(1e-6));
        }
    };
    check(T(0));
    check(T(1));
    check(limits::min());
    check(limits::max() / T(64));
    check(std::sqrt(limits::max()) * T(100));
    check(std::sqrt(limits::min()) / T(100));
}

TEST_CASE("clip_norm: padding and frozen tensors do not count and are left alone") {
    std::vector<double> numbers(48, 3.0);
    const ln::ParameterTensor tensors[] = {
        {0, 0, 0, 4, 16, true}, {1, 0, 16, 16, 32, false, true}, {2, 1, 32, 12, 48, true}};
    CHECK(ln::clip_norm(numbers.data(), {tensors, 3}, 3.0) == doctest::Approx(12).epsilon(1e-15));
    for (int i = 0; i < 48; ++i)
        CHECK(numbers[static_cast<std::size_t>(i)] ==
              doctest::Approx(i < 4 || (i >= 32 && i < 44) ? 9 / (12 + 1e-6) : 3).epsilon(1e-15));
}
