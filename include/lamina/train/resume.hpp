// Checks whether a run of `fit` can be resumed at a saved position.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/tensor.hpp>
#include <lamina/train/run_position.hpp>

#include <cstdint>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

inline constexpr const char* or_start_anew = ". Set it as it was, or start anew with .resume = false";

/// Throws `std::invalid_argument`: a setting of the run differs.
template <class Number>
void require_same(const char* what, Number had, Number found) {
    const auto text = [](Number number) {
        if constexpr (std::is_integral_v<Number>)
            return std::to_string(number);
        if (number > (std::numeric_limits<Number>::max)())
            return std::string{"none"}; // as a limit
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.17g", static_cast<double>(number));
        return std::string{digits};
    };
    if (!is_equal(had, found))
        raise(std::invalid_argument{"fit: the run to resume had " + std::string{what} + ' ' + text(had) +
                                    ", found " + text(found) + or_start_anew});
}

/// Throws `std::invalid_argument` unless `position` belongs to a run with the same settings, and as many
/// epochs.
inline void check_same_run(const RunPosition& position, const RunPosition& own) {
    require_same("samples", position.samples, own.samples);
    require_same("batch", position.batch, own.batch);
    require_same("seed", position.seed, own.seed);
    require_same("l2", position.l2, own.l2);
    require_same("clip_norm", position.clip_norm, own.clip_norm);
    require_same("burn_in", position.burn_in, own.burn_in);
    require_same("carry_state", position.carry_state, own.carry_state);
    const std::int64_t steps = (own.samples + own.batch - 1) / own.batch;
    if (position.epoch < 0 || position.sample < 0 || position.sample >= own.samples ||
        position.sample % own.batch != 0 || position.epoch > (std::numeric_limits<int>::max)() ||
        position.iteration != position.epoch * steps + position.sample / own.batch)
        raise<std::invalid_argument>("fit: the run to resume stopped at an impossible place: epoch ",
                                     position.epoch, ", sample ", position.sample, ", iteration ",
                                     position.iteration);
    if (position.epochs < 0 || position.epochs > (std::numeric_limits<int>::max)())
        raise<std::invalid_argument>("fit: the run to resume has an impossible number of epochs: ",
                                     position.epochs);
    if (!position.frozen_at_start.empty() && position.frozen_at_start != own.frozen_at_start)
        raise(std::invalid_argument{"fit: the run to resume began with " + position.frozen_at_start +
                                    " frozen, found " + own.frozen_at_start +
                                    ". Freeze the same before fit (on_epoch may change it later), or start "
                                    "anew with .resume = false"});
    const std::int64_t begun = position.epoch + (position.sample > 0 ? 1 : 0);
    if (begun > own.epochs)
        raise<std::invalid_argument>("fit: the run to resume is in epoch ", begun,
                                     ", found .epochs = ", own.epochs, ". Ask for at least ", begun,
                                     ", or start anew with .resume = false");
}

/// The same for the learning rate of the step before `position`, of which `own_rate` is that of the options.
inline void check_same_rate(const RunPosition& position, const RunPosition& own, double own_rate) {
    const std::int64_t steps = (own.samples + own.batch - 1) / own.batch;
    if (position.epochs > 0 && position.epochs != own.epochs && !is_equal(position.rate, own_rate))
        raise<std::invalid_argument>(
            "fit: the run to resume was to have ", position.epochs, " epochs, found ", own.epochs,
            ", with which the schedule gives other rates: of its last step ", own_rate, " instead of ",
            position.rate,
            ". Ask for as many epochs as before, or give the schedule the number of steps it had: ",
            position.epochs * steps);
    require_same("learning rate of its last step", position.rate, own_rate);
}

} // namespace detail

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
