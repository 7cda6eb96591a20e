// Checks of the settings of optimisers, losses and schedules, of learning rates and of l2.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/problem/message.hpp>

#include <limits>
#include <stdexcept>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Throws `std::invalid_argument` if `fine` is false:
/// "SGD: momentum must be at least 0 and below 1, found 1.5". The text before the number is cut after 160
/// characters. (`raise` with all the parts would be compiled anew for each setting.)
constexpr void require_setting(bool fine, const char* setting, const char* expected, double found) {
    if (fine)
        return;
    char text[160 + messages::room_for<double> + 1] = {};
    char* end = text;
    const char* const parts[] = {setting, " must be ", expected, ", found "};
    for (const char* part : parts)
        while (*part != '\0' && end < text + 160)
            *end++ = *part++;
    (void)messages::spell(end, found);
    raise<std::invalid_argument>(text);
}

/// Whether a number is at least 0, finite, and within the range of `T`. Settings without a `T` of their own
/// are checked for float, whose range is the smaller one.
template <class T>
[[nodiscard]] constexpr bool is_not_negative(double number) noexcept {
    return is_finite(number) && number >= 0 && number <= static_cast<double>((std::numeric_limits<T>::max)());
}

/// Throws `std::invalid_argument` unless the learning rate is finite and at least 0 and the optimiser's own
/// `validate`, if it has one, accepts its settings.
template <class T, class O>
void require_step(const O& optimizer, double rate) {
    require_setting(is_not_negative<T>(rate), "the learning rate", "at least 0 and finite", rate);
    if constexpr (requires { optimizer.validate(); })
        optimizer.validate();
}
/// Calls the loss's own `validate`, if it has one.
template <class L>
void require_loss(const L& loss) {
    if constexpr (requires { loss.validate(); })
        loss.validate();
}
/// Throws `std::invalid_argument` unless l2, the factor of the penalty, is finite and at least 0.
template <class T>
void require_l2(double l2) {
    require_setting(is_not_negative<T>(l2), "l2", "at least 0 and finite", l2);
}
/// Throws `std::invalid_argument` unless the largest norm of a gradient is above 0. Infinity is no limit.
template <class T>
void require_clip_norm(T clip_norm) {
    require_setting(clip_norm > 0, "clip_norm", "above 0", clip_norm);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
