// lamina's own arithmetic is that of IEEE 754, whatever the flags of the program around it, and its kernels run
// at a usable speed even in programs compiled without optimisation.
#pragma once

// exp rounds by adding a large number and taking it away again, sums have their order, and NaN says that a
// step has failed. -ffast-math and its parts (-Ofast, -fassociative-math, -funsafe-math-optimizations,
// -ffinite-math-only, -freciprocal-math), with which audio hosts are compiled, would undo all that. What
// stands between these two is compiled without them. Macros, because a pragma cannot be said once otherwise.
#if defined(__clang__)
    #if __FINITE_MATH_ONLY__ // -ffast-math; the other flags have no macro
        // The last one takes back that "precise" asks for fused multiply-adds.
        #define LAMINA_BEGIN_IEEE                                                                            \
            _Pragma("float_control(push)") _Pragma("float_control(precise, on)")                             \
                _Pragma("STDC FP_CONTRACT DEFAULT")
    #elif __clang_major__ >= 18
        #define LAMINA_BEGIN_IEEE                                                                            \
            _Pragma("float_control(push)") _Pragma("clang fp reassociate(off) reciprocal(off)")
    #else
        #define LAMINA_BEGIN_IEEE _Pragma("float_control(push)") _Pragma("clang fp reassociate(off)")
    #endif
    #define LAMINA_END_IEEE _Pragma("float_control(pop)")
#elif __FINITE_MATH_ONLY__ || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)
    #define LAMINA_BEGIN_IEEE                                                                                \
        _Pragma("GCC push_options")                                                                          \
            _Pragma("GCC optimize(\"no-fast-math\", \"no-unsafe-math-optimizations\")") _Pragma(             \
                "GCC optimize(\"no-finite-math-only\", \"no-associative-math\", \"no-reciprocal-math\")")
    #define LAMINA_END_IEEE _Pragma("GCC pop_options")
#else
    #define LAMINA_BEGIN_IEEE
    #define LAMINA_END_IEEE
#endif

// x87 arithmetic keeps more digits than a number has, wherever it is in a register.
#if __FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2 ||                                                  \
    (__FLT_EVAL_METHOD__ == -1 && !defined(__clang__)) ||                                                    \
    ((defined(__i386__) || defined(__x86_64__)) && !defined(__SSE2_MATH__))
    #error                                                                                                   \
        "lamina needs arithmetic in float and double, but this target computes in more digits: x87 arithmetic (-mfpmath=387, or a 32-bit x86 without SSE2). Compile with -msse2 -mfpmath=sse"
#endif

// Between these two, g++ also optimises what it compiles for a program that is not optimised (-O0), because a
// debugger is for the user's code, and kernels that keep every number in memory take fifty times as long.
// Only calls of functions that are always_inline disappear, so small functions are. Clang has no such thing.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE__)
    #define LAMINA_BEGIN_OPTIMIZED                                                                           \
        _Pragma("GCC push_options") _Pragma("GCC optimize(\"O3\")") LAMINA_BEGIN_IEEE
    #define LAMINA_END_OPTIMIZED LAMINA_END_IEEE _Pragma("GCC pop_options")
#else
    #define LAMINA_BEGIN_OPTIMIZED LAMINA_BEGIN_IEEE
    #define LAMINA_END_OPTIMIZED LAMINA_END_IEEE
#endif
