// The yardstick: the rate of multiply-adds this processor reaches when nothing but registers is involved.
#pragma once

#include <ctime>

namespace bench {

/// Seconds of processor time this thread has used: what others run beside it does not count.
[[nodiscard]] inline double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Multiply-adds a second of independent FMAs on `lamina::pack<float>`, each lane counted, measured for some
/// 30 microseconds: so short that it can stand beside every turn. Beside other work, a processor's speed
/// changes from one turn to the next.
[[nodiscard]] double fma_peak();

} // namespace bench
