// The kernels of OpenBLAS that are the fastest on this processor, for the peers that multiply matrices with
// it.
#pragma once

#include "../runtime/peak.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bench {

/// `sgemm` as BLAS has it, of whichever library this program is linked to; null if there is none.
using Sgemm = void (*)(const char* transpose_a, const char* transpose_b, const int* m, const int* n,
                       const int* k, const float* alpha, const float* a, const int* lda, const float* b,
                       const int* ldb, const float* beta, float* c, const int* ldc);
[[nodiscard]] inline Sgemm find_sgemm() {
    return reinterpret_cast<Sgemm>(dlsym(RTLD_DEFAULT, "sgemm_"));
}

/// The kernels that OpenBLAS uses in this process, by its own name; "" if the BLAS is another one.
[[nodiscard]] inline std::string openblas_kernels() {
    using Name = const char* (*)();
    const auto name = reinterpret_cast<Name>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
    return name != nullptr ? name() : "";
}

/// What OPENBLAS_CORETYPE may say on this processor. Of what it cannot execute it would die.
[[nodiscard]] inline std::vector<std::string> executable_core_types() {
    std::vector<std::string> names;
#if defined(__x86_64__)
    const auto add = [&names](bool executable, const char* name) {
        if (executable)
            names.emplace_back(name);
    };
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512vl");
    add(avx512 && __builtin_cpu_supports("avx512bf16"), "Cooperlake");
    add(avx512, "SkylakeX");
    add(avx2, "Zen");
    add(avx2, "Haswell");
    add(__builtin_cpu_supports("avx"), "Sandybridge");
    add(__builtin_cpu_supports("sse4.2"), "Nehalem");
#endif
    return names;
}

/// Multiply-adds a second of products as layers make them; 0 if one of them is wrong, as kernels for another
/// processor can be.
[[nodiscard]] inline double rate_of_sgemm(Sgemm sgemm) {
    struct Product {
        int m, n, k;
        const char *transpose_a, *transpose_b;
    };
    constexpr Product products[] = {{128, 64, 784, "T", "N"}, {784, 64, 128, "N", "N"},
                                    {784, 128, 64, "N", "T"}, {10, 37, 101, "T", "N"},
                                    {256, 64, 576, "N", "N"}, {17, 33, 5, "T", "T"}};
    double seconds = 0, macs = 0;
    for (const auto& [m, n, k, ta, tb] : products) {
        const auto size = [](int rows, int columns) {
            return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
        };
        std::vector<float> a(size(m, k)), b(size(k, n)), c(size(m, n));
        for (std::size_t i = 0; i < a.size(); ++i)
            a[i] = static_cast<float>(i * 7919 % 1000) / 500.0F - 1.0F;
        for (std::size_t i = 0; i < b.size(); ++i)
            b[i] = static_cast<float>(i * 104729 % 1000) / 500.0F - 1.0F;
        const bool at = *ta == 'T', bt = *tb == 'T';
        const int lda = at ? k : m, ldb = bt ? n : k;
        const float one = 1, zero = 0;
        double best = 1e9;
        for (int run = 0; run < 20; ++run) {
            const double start = cpu_seconds();
            sgemm(ta, tb, &m, &n, &k, &one, a.data(), &lda, b.data(), &ldb, &zero, c.data(), &m);
            best = std::min(best, cpu_seconds() - start);
        }
        for (int j = 0; j < n; ++j) // columns outside, as BLAS stores them
            for (int i = 0; i < m; ++i) {
                double sum = 0;
                for (int p = 0; p < k; ++p)
                    sum += double{a[at ? size(i, lda) + static_cast<std::size_t>(p)
                                       : size(p, lda) + static_cast<std::size_t>(i)]} *
                           double{b[bt ? size(p, ldb) + static_cast<std::size_t>(j)
                                       : size(j, ldb) + static_cast<std::size_t>(p)]};
                // Terms are below 1, each rounded by 2^-24, as is the sum on its way.
                if (!(std::abs(sum - double{c[size(j, m) + static_cast<std::size_t>(i)]}) <= 1e-6 * k))
                    return 0;
            }
        seconds += best;
        macs += static_cast<double>(m) * n * k;
    }
    return macs / seconds;
}

/// What this program says of its BLAS when it runs anew with `core_type`: its rate, 0 where that fails.
[[nodiscard]] inline double rate_with(const std::string& core_type, char** arguments, const char* mark) {
    int ends[2];
    if (pipe(ends) != 0)
        return 0;
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]), close(ends[1]);
        setenv(mark, "probe", 1);
        if (core_type.empty())
            unsetenv("OPENBLAS_CORETYPE");
        else
            setenv("OPENBLAS_CORETYPE", core_type.c_str(), 1);
        execv("/proc/self/exe", arguments);
        _exit(1);
    }
    close(ends[1]);
    double rate = 0;
    if (std::FILE* answer = fdopen(ends[0], "r")) {
        if (std::fscanf(answer, "%lf", &rate) != 1)
            rate = 0; // it died, or is no program that can say
        std::fclose(answer);
    }
    waitpid(child, nullptr, 0);
    return rate;
}

/// The best value for OPENBLAS_CORETYPE; "" for what OpenBLAS chooses itself. On a processor it does not
/// know, as Debian's does not know many of Intel's, that is kernels without AVX, several times slower than
/// the best.
[[nodiscard]] inline std::string fastest_core_type(char** arguments, const char* mark) {
    std::string best;
    double rate = 1.05 * rate_with("", arguments, mark); // another one must be worth it
    for (const std::string& name : executable_core_types())
        if (const double its = rate_with(name, arguments, mark); its > rate) {
            rate = its;
            best = name;
        }
    return best;
}

} // namespace bench
