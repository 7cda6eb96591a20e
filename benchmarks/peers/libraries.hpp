// How the libraries of peers are told what suits this comparison and this processor.
#pragma once

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string_view>
#include <unistd.h>

namespace bench {

/// The kernels OpenBLAS should use, if it did not choose them itself: an OpenBLAS older than the processor
/// falls back to AVX2, up to 7 times slower where there is AVX-512. Null: its choice is right, or another
/// BLAS.
[[nodiscard]] inline const char* better_openblas_kernels() {
    using Name = const char*();
    auto* const name = reinterpret_cast<Name*>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
    if (name == nullptr)
        return nullptr;
    const std::string_view chosen = name();
    const bool avx2 = chosen == "Haswell" || chosen == "Zen" || chosen == "Excavator";
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return avx2 && avx512 ? "SkylakeX" : nullptr;
}

/// Starts the program anew with one thread for every library, and with the right OpenBLAS kernels. By the
/// environment, because that is read when a library is loaded. What the user has set stays.
inline void restart_with_settings(char** arguments) {
    constexpr const char* mark = "LAMINA_PEER_SETTINGS";
    if (std::getenv(mark) != nullptr)
        return;
    setenv(mark, "made", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    if (const char* kernels = better_openblas_kernels())
        setenv("OPENBLAS_CORETYPE", kernels, 0);
    execv("/proc/self/exe", arguments);
}

} // namespace bench
