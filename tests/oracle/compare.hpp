// How tests compare lamina's tensors with PyTorch's.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace oracle {

/// The largest difference between numbers found and expected.
class Difference {
  public:
    void add(double found, double expected) noexcept {
        const double difference = std::abs(found - expected);
        // A NaN is a difference, though it is not larger than any.
        largest_ =
            std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(largest_, difference);
        scale_ = std::max(scale_, std::abs(expected));
    }

    /// In units of the largest number expected, but of `least` at least.
    [[nodiscard]] double relative(double least = std::numeric_limits<double>::min()) const noexcept {
        return largest_ / std::max(scale_, least);
    }

  private:
    double largest_ = 0, scale_ = 0;
};

} // namespace oracle
