// Numbers to test with, and what it means that two lots of them are close. Everything is compared in double,
// which holds floats exactly, and compiled once, in checks.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace laws {

using Numbers = std::vector<double>;

/// `n` numbers in [-1, 1), which float holds exactly.
[[nodiscard]] Numbers numbers(std::size_t n, std::uint64_t seed);

/// `n` numbers in (-1, 1) in random order, about 2/n apart and at least 1/(2n) away from 0: where a max pool
/// or a rectifier has a kink, none of them is. Float holds them exactly.
[[nodiscard]] Numbers separated(std::size_t n, std::uint64_t seed);

/// Tolerance of sums that hold the same terms in another order, or with multiply and add contracted or not,
/// relative to the largest result. A term adds half a unit in the last place at most, and not all one way:
/// 128 units are enough for sums of thousands, and far below any mistake.
template <class T>
inline constexpr double rounding = 128 * double{std::numeric_limits<T>::epsilon()};

/// Where a weight or a bias lies in the flat array.
struct Range {
    int offset, size;
};

/// What a network computes: outputs and input gradients sample by sample, and the gradients of its parameters
/// summed over the samples.
struct Results {
    Numbers y, dx, dp;
    std::vector<Range> views; // of dp; what is between them is padding
};

/// Checks that no number of `a` is further from that of `b` than `tolerance` times the largest of `b`, or
/// `least` if that is more.
void check_close(const char* what, std::span<const double> a, std::span<const double> b, double tolerance,
                 double least = 0);

/// The same for outputs, input gradients, and the gradients of each weight and bias. An empty dx is not
/// looked at. `least` is that of the gradients of weights and biases.
void check_close(const Results& a, const Results& b, double tolerance, double least = 0);

/// Checks that `a` and `b` are the same to the last bit.
void check_same_bits(const Results& a, const Results& b);

/// Checks that what lies between the views of a flat array is zero.
void check_padding_is_zero(std::span<const double> flat, const std::vector<Range>& views);

} // namespace laws
