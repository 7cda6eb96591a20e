// The yardstick: the rate of multiply-adds this processor reaches when nothing but registers is involved.
#pragma once

#include <ctime>

namespace bench {

[[nodiscard]] inline double seconds_on(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
/// Seconds of processor time this thread has used: what others run beside it does not count.
[[nodiscard]] inline double cpu_seconds() {
    return seconds_on(CLOCK_THREAD_CPUTIME_ID);
}
/// Those this process has used, whichever of its threads did.
[[nodiscard]] inline double process_seconds() {
    return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

/// Multiply-adds a second of independent FMAs on `lamina::pack<float>`, each lane counted, measured for some
/// 30 microseconds: so short that it can stand beside every turn. Beside other work, a processor's speed
/// changes from one turn to the next.
[[nodiscard]] double fma_peak();

} // namespace bench
