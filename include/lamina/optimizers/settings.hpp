// What optimisers and schedules may be told, and the error that names what else they were told.
#pragma once

#include <lamina/error.hpp>
#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>

#include <cstddef>
#include <limits>
#include <stdexcept>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Throws `std::invalid_argument` unless `fine`: "SGD: momentum must be at least 0 and below 1, found 1.5".
template <std::size_t N, std::size_t M>
constexpr void require_setting(bool fine, const char (&setting)[N], const char (&expected)[M], double found) {
    if (!fine)
        raise<std::invalid_argument>(setting, " must be ", expected, ", found ", found);
}

/// Whether a number is at least 0 and no larger than a `T` can be.
template <class T>
[[nodiscard]] constexpr bool is_not_negative(double number) noexcept {
    return is_finite(number) && number >= 0 && number <= static_cast<double>((std::numeric_limits<T>::max)());
}

/// Throws `std::invalid_argument` unless an optimiser of numbers `T` can make a step: its settings make
/// sense, and the learning rate of the step is finite and not negative.
template <class T, class O>
void require_step(const O& optimizer, double rate) {
    require_setting(is_not_negative<T>(rate), "the learning rate", "at least 0 and finite", rate);
    if constexpr (requires { optimizer.validate(); })
        optimizer.validate();
}
/// The same of a penalty's factor.
template <class T>
void require_l2(double l2) {
    require_setting(is_not_negative<T>(l2), "l2", "at least 0 and finite", l2);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
