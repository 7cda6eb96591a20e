// Runs on any x86-64, and uses the widest vectors that the processor has. docs/dispatch.md explains it.
#include "network.hpp"

#include <cstdio>

namespace {

Answer* best() {
    if (__builtin_cpu_supports("x86-64-v4"))
        return answer_avx512;
    if (__builtin_cpu_supports("x86-64-v3"))
        return answer_avx2;
    return answer_sse2;
}

} // namespace

int main() {
    float image[64];
    for (int i = 0; i < 64; ++i)
        image[i] = static_cast<float>(i % 7) / 7;
    Answer* const answer = best();
    const char* name = answer == answer_avx512 ? "AVX-512" : answer == answer_avx2 ? "AVX2" : "SSE2";
    const auto plain = static_cast<double>(answer_sse2(image)), fast = static_cast<double>(answer(image));
    std::printf("%s answers %.6f, SSE2 %.6f\n", name, fast, plain);
    const double difference = fast - plain;
    return difference < 1e-5 && difference > -1e-5 ? 0 : 1;
}
