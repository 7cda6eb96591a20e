// Always compiled with all optimisation, whatever the programs that are measured are compiled with.
#include "peak.hpp"

#include <lamina/pack.hpp>

namespace bench {

double fma_peak() {
    using pack = lamina::pack<float>;
    constexpr int chains = lamina::vector_registers >= 32 ? 24 : 12;
    constexpr int rounds = 144'000 / chains;
    pack sum[chains];
    for (int i = 0; i < chains; ++i)
        sum[i] = pack(static_cast<float>(i));
    // Known only at run time, so that nothing can be shortened.
    volatile float source = 0.999F;
    const float a = source;
    const pack b = source - 1.0F;
    const double start = cpu_seconds();
    for (int r = 0; r < rounds; ++r) {
        asm volatile(""); // neither left out, nor several rounds made one
#pragma GCC unroll 32
        for (int i = 0; i < chains; ++i)
            sum[i] = lamina::mul_add(sum[i], a, b);
    }
    const double seconds = cpu_seconds() - start;
    // Every result is used, so that no chain can be dropped.
    volatile float sink = 0;
    for (const pack& s : sum)
        sink = sink + lamina::lane_sum(s);
    return static_cast<double>(rounds) * chains * pack::lanes / seconds;
}

} // namespace bench
