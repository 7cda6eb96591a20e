// Checks whether a run of `fit` can be resumed at a saved place.
#pragma once

#include <lamina/error.hpp>
#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>
#include <lamina/tensor.hpp>
#include <lamina/train/keeper.hpp>

#include <cstdint>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// Throws `std::invalid_argument` unless `place` belongs to a run with the same settings.
inline void check_same_run(const Place& place, const Place& own, double own_rate) {
    const auto text = [](auto number) {
        if constexpr (std::is_integral_v<decltype(number)>)
            return std::to_string(number);
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.17g", static_cast<double>(number));
        return std::string{digits};
    };
    const auto compare = [&](const char* what, auto expected, auto found) {
        if (!is_equal(expected, found))
            raise(std::invalid_argument{"fit: the run to resume had " + std::string{what} + ' ' +
                                        text(expected) + ", found " + text(found)});
    };
    compare("samples", place.samples, own.samples);
    compare("batch", place.batch, own.batch);
    compare("seed", place.seed, own.seed);
    compare("l2", place.l2, own.l2);
    compare("clip_norm", place.clip_norm, own.clip_norm);
    const std::int64_t steps = (own.samples + own.batch - 1) / own.batch;
    if (place.epoch < 0 || place.sample < 0 || place.sample >= own.samples || place.sample % own.batch != 0 ||
        place.epoch > (std::numeric_limits<int>::max)() ||
        place.iteration != place.epoch * steps + place.sample / own.batch)
        raise<std::invalid_argument>("fit: the run to resume stopped at an impossible place: epoch ",
                                     place.epoch, ", sample ", place.sample, ", iteration ", place.iteration);
    if (place.epochs < 0 || place.epochs > (std::numeric_limits<int>::max)())
        raise<std::invalid_argument>("fit: the run to resume has an impossible number of epochs: ",
                                     place.epochs);
    if (place.iteration == 0)
        return;
    if (place.epochs > 0 && place.epochs != own.epochs && !is_equal(place.rate, own_rate))
        raise<std::invalid_argument>(
            "fit: the run to resume was to have ", place.epochs, " epochs, found ", own.epochs,
            ", with which the schedule gives other rates: of its last step ", own_rate, " instead of ",
            place.rate,
            ". Ask for as many epochs as before, or give the schedule the number of steps it had: ",
            place.epochs * steps);
    compare("learning rate of its last step", place.rate, own_rate);
}

} // namespace detail

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
