// How the libraries of peers are told what suits this comparison.
#pragma once

#include <cstdlib>
#include <malloc.h>
#include <unistd.h>

namespace bench {

/// Starts the program anew with one thread for every library, and without what the environment may prescribe
/// to OpenBLAS: kernels of an older processor make it several times slower than those it chooses itself. By
/// the environment, because that is read when a library is loaded.
inline void restart_with_settings(char** arguments) {
    constexpr const char* mark = "LAMINA_PEER_SETTINGS";
    if (std::getenv(mark) != nullptr)
        return;
    setenv(mark, "made", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    unsetenv("OPENBLAS_CORETYPE");
    unsetenv("OPENBLAS_L2_SIZE");
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
