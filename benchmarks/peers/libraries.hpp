// How the libraries of peers are told what suits this comparison.
#pragma once

#include "blas.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <string_view>
#include <unistd.h>

namespace bench {

/// Starts the program anew with one thread for every library, and with the kernels of OpenBLAS that are the
/// fastest here. By the environment, because that is read when a library is loaded. The kernels are named
/// among the results.
inline void restart_with_settings(char** arguments) {
    constexpr const char* mark = "LAMINA_PEER_SETTINGS";
    const char* found = std::getenv(mark);
    const std::string_view state = found != nullptr ? found : "";
    const Sgemm sgemm = find_sgemm();
    if (state == "probe") {
        std::printf("%g\n", sgemm != nullptr ? rate_of_sgemm(sgemm) : 0);
        std::exit(0);
    }
    if (state == "made") {
        if (sgemm != nullptr) {
            const std::string kernels = openblas_kernels();
            benchmark::AddCustomContext("blas", kernels.empty() ? "another" : "OpenBLAS " + kernels);
        }
        return;
    }
    setenv("OMP_NUM_THREADS", "1", 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    unsetenv("OPENBLAS_L2_SIZE");
    unsetenv("OPENBLAS_CORETYPE");
    if (sgemm != nullptr)
        if (const std::string best = fastest_core_type(arguments, mark); !best.empty())
            setenv("OPENBLAS_CORETYPE", best.c_str(), 1);
    setenv(mark, "made", 1);
    execv("/proc/self/exe", arguments);
}

/// Memory once taken stays with the process. glibc gives large blocks back to the system at once, and
/// libraries that allocate their tensors anew in each step spend up to half of their time in the page faults
/// that follow.
inline void keep_memory() {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
}

} // namespace bench
