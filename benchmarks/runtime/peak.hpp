// The yardstick: the rate of multiply-adds this processor reaches when nothing but registers is involved.
#pragma once

#include <lamina/pack.hpp>

#include <chrono>

namespace bench {

using clock = std::chrono::steady_clock;

[[nodiscard]] inline double seconds_since(clock::time_point start) {
    return std::chrono::duration<double>(clock::now() - start).count();
}

/// Multiply-adds a second of independent FMAs on `lamina::pack<float>`, each lane counted: the best of a few short runs.
[[nodiscard]] inline double fma_peak() {
    using pack = lamina::pack<float>;
    constexpr int chains = lamina::vector_registers >= 32 ? 24 : 12;
    double best = 0;
    volatile float sink = 0;
    for (int run = 0; run < 5; ++run) {
        pack sum[chains];
        for (int i = 0; i < chains; ++i)
            sum[i] = pack(static_cast<float>(i));
        volatile float source = 0.999F;
        const pack a = float{source}, b = float{source} - 1.0F;
        constexpr int rounds = 400'000;
        const auto start = clock::now();
        for (int r = 0; r < rounds; ++r) {
#pragma GCC unroll 32
            for (int i = 0; i < chains; ++i)
                sum[i] = lamina::mul_add(sum[i], a, b); // a and b are known only at run time: nothing can be shortened
        }
        for (const pack& s : sum) // every result is used: no chain can be dropped
            sink = sink + lamina::lane_sum(s);
        const double rate = static_cast<double>(rounds) * chains * pack::lanes / seconds_since(start);
        best = rate > best ? rate : best;
    }
    return best;
}

} // namespace bench
