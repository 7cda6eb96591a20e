// Kernels run at a usable speed even in programs compiled without optimisation.
#pragma once

#include <lamina/ieee.hpp>

// Between these two, g++ optimises what it compiles for a program that is not optimised (-O0), because a
// debugger is for the user's code, and kernels that keep every number in memory take fifty times as long.
// Only calls of functions that are always_inline disappear, so small functions are. Clang has no such thing.
// With that goes IEEE arithmetic, for both.
// Macros, because a pragma cannot be said once otherwise.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE__)
    #define LAMINA_BEGIN_OPTIMIZED                                                                           \
        _Pragma("GCC push_options") _Pragma("GCC optimize(\"O3\")") LAMINA_BEGIN_IEEE
    #define LAMINA_END_OPTIMIZED LAMINA_END_IEEE _Pragma("GCC pop_options")
#else
    #define LAMINA_BEGIN_OPTIMIZED LAMINA_BEGIN_IEEE
    #define LAMINA_END_OPTIMIZED LAMINA_END_IEEE
#endif
