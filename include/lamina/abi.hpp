// LAMINA_ABI: the name of what the code is compiled for.
#pragma once

// Every header begins with this one. An #error would let the compiler go on, to hundreds more.
#if __cplusplus < 202002L
    #include <lamina needs C++20: compile with -std=c++20>
#endif

// All code stands in the inline namespace LAMINA_ABI, so that objects compiled for different instruction sets
// share no function. The linker would keep one of two functions of the same name, and the program might run
// instructions that its processor lacks. Pure descriptions (layers, shapes, problems) and exceptions stand
// outside: they are the same types in all objects.
//
// The name is the highest level that the target has in full, followed by its further extensions: `sse2`,
// `avx2`, `sse42_avx`. Extensions that compilers use only through intrinsics, such as AES, are left out. For
// flags that no predefined macro shows, such as -ffp-contract, define LAMINA_ABI differently for each file.
#ifndef LAMINA_ABI

    // LAMINA_IF(macro, word) is the word where the compiler has defined the macro as 1, else nothing.
    #define LAMINA_IF_1 ~,
    #define LAMINA_IF(macro, word) LAMINA_IF_VALUE(macro, word)
    #define LAMINA_IF_VALUE(value, word) LAMINA_SECOND(LAMINA_IF_##value word, , )
    #define LAMINA_SECOND(...) LAMINA_SECOND_OF(__VA_ARGS__)
    #define LAMINA_SECOND_OF(first, second, ...) second
    // Pastes up to eight words into one.
    #define LAMINA_JOIN(...) LAMINA_JOIN_8(__VA_ARGS__, , , , , , , , )
    #define LAMINA_JOIN_8(a, b, c, d, e, f, g, h, ...) a##b##c##d##e##f##g##h

    #if defined(__x86_64__) || defined(__i386__)
        // The levels of the x86-64 psABI, and two generations of processors.
        #define LAMINA_X86_2                                                                                 \
            LAMINA_JOIN(LAMINA_IF(__SSE3__, _sse3), LAMINA_IF(__SSSE3__, _ssse3),                            \
                        LAMINA_IF(__SSE4_1__, _sse41), LAMINA_IF(__SSE4_2__, _sse42),                        \
                        LAMINA_IF(__POPCNT__, _popcnt))
        #define LAMINA_X86_3                                                                                 \
            LAMINA_JOIN(LAMINA_IF(__AVX__, _avx), LAMINA_IF(__AVX2__, _avx2), LAMINA_IF(__BMI__, _bmi),      \
                        LAMINA_IF(__BMI2__, _bmi2), LAMINA_IF(__F16C__, _f16c), LAMINA_IF(__FMA__, _fma),    \
                        LAMINA_IF(__LZCNT__, _lzcnt), LAMINA_IF(__MOVBE__, _movbe))
        #define LAMINA_X86_4                                                                                 \
            LAMINA_JOIN(LAMINA_IF(__AVX512F__, _avx512f), LAMINA_IF(__AVX512BW__, _bw),                      \
                        LAMINA_IF(__AVX512CD__, _cd), LAMINA_IF(__AVX512DQ__, _dq),                          \
                        LAMINA_IF(__AVX512VL__, _vl))
        #define LAMINA_X86_ICELAKE                                                                           \
            LAMINA_JOIN(LAMINA_IF(__AVX512IFMA__, _ifma), LAMINA_IF(__AVX512VBMI__, _vbmi),                  \
                        LAMINA_IF(__AVX512VBMI2__, _vbmi2), LAMINA_IF(__AVX512VNNI__, _vnni),                \
                        LAMINA_IF(__AVX512BITALG__, _bitalg), LAMINA_IF(__AVX512VPOPCNTDQ__, _vpopcntdq),    \
                        LAMINA_IF(__GFNI__, _gfni))
        #define LAMINA_X86_SAPPHIRE                                                                          \
            LAMINA_JOIN(LAMINA_IF(__AVX512BF16__, _bf16), LAMINA_IF(__AVX512FP16__, _fp16),                  \
                        LAMINA_IF(__AVXVNNI__, _avxvnni))
        #define LAMINA_X86_BEYOND                                                                            \
            LAMINA_JOIN(LAMINA_JOIN(LAMINA_IF(__AVXIFMA__, _avxifma),                                        \
                                    LAMINA_IF(__AVXNECONVERT__, _neconvert),                                 \
                                    LAMINA_IF(__AVXVNNIINT8__, _int8), LAMINA_IF(__AVXVNNIINT16__, _int16),  \
                                    LAMINA_IF(__AVX10_1__, _avx10), LAMINA_IF(__AVX10_2__, _2),              \
                                    LAMINA_IF(__APX_F__, _apx)),                                             \
                        LAMINA_IF(__SSE4A__, _sse4a), LAMINA_IF(__XOP__, _xop), LAMINA_IF(__FMA4__, _fma4),  \
                        LAMINA_IF(__TBM__, _tbm))
        #if !defined(__SSE2__)
            #define LAMINA_LEVEL LAMINA_JOIN(x86, LAMINA_IF(__i686__, _i686), LAMINA_IF(__SSE__, _sse))
        #elif !(defined(__SSE4_2__) && defined(__POPCNT__))
            #define LAMINA_LEVEL                                                                             \
                LAMINA_JOIN(sse2, LAMINA_X86_2, LAMINA_X86_3, LAMINA_X86_4, LAMINA_X86_ICELAKE,              \
                            LAMINA_X86_SAPPHIRE)
        #elif !(defined(__AVX2__) && defined(__BMI__) && defined(__BMI2__) && defined(__F16C__) &&           \
                defined(__FMA__) && defined(__LZCNT__) && defined(__MOVBE__))
            #define LAMINA_LEVEL                                                                             \
                LAMINA_JOIN(sse42, LAMINA_X86_3, LAMINA_X86_4, LAMINA_X86_ICELAKE, LAMINA_X86_SAPPHIRE)
        #elif !(defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512CD__) &&                    \
                defined(__AVX512DQ__) && defined(__AVX512VL__))
            #define LAMINA_LEVEL LAMINA_JOIN(avx2, LAMINA_X86_4, LAMINA_X86_ICELAKE, LAMINA_X86_SAPPHIRE)
        #elif !(defined(__AVX512IFMA__) && defined(__AVX512VBMI__) && defined(__AVX512VBMI2__) &&            \
                defined(__AVX512VNNI__) && defined(__AVX512BITALG__) && defined(__AVX512VPOPCNTDQ__) &&      \
                defined(__GFNI__))
            #define LAMINA_LEVEL LAMINA_JOIN(avx512, LAMINA_X86_ICELAKE, LAMINA_X86_SAPPHIRE)
        #elif !(defined(__AVX512BF16__) && defined(__AVX512FP16__) && defined(__AVXVNNI__))
            #define LAMINA_LEVEL LAMINA_JOIN(icelake, LAMINA_X86_SAPPHIRE)
        #else
            #define LAMINA_LEVEL sapphire
        #endif
        #define LAMINA_ABI LAMINA_JOIN(LAMINA_LEVEL, LAMINA_X86_BEYOND)

    #elif defined(__aarch64__) || defined(__arm__)
        #define LAMINA_IF_3 ~, // MVE with floating point
        #if defined(__aarch64__)
            #define LAMINA_LEVEL neon
        #elif defined(__ARM_FP)
            #define LAMINA_LEVEL LAMINA_JOIN(arm, __ARM_ARCH, LAMINA_ARM_32, _fp, __ARM_FP)
        #else
            #define LAMINA_LEVEL LAMINA_JOIN(arm, __ARM_ARCH, LAMINA_ARM_32)
        #endif
        #define LAMINA_ARM_32                                                                                \
            LAMINA_JOIN(LAMINA_IF(__thumb__, t), LAMINA_IF(__ARM_FEATURE_DSP, _dsp),                         \
                        LAMINA_IF(__ARM_FEATURE_IDIV, _div), LAMINA_IF(__ARM_FEATURE_MVE, _mve),             \
                        LAMINA_IF(__ARM_NEON, _neon), LAMINA_IF(__ARM_FEATURE_FMA, _fma))
        #define LAMINA_ARM_8                                                                                 \
            LAMINA_JOIN(LAMINA_IF(__ARM_FEATURE_ATOMICS, _lse), LAMINA_IF(__ARM_FEATURE_COMPLEX, _complex),  \
                        LAMINA_IF(__ARM_FEATURE_FRINT, _frint), LAMINA_IF(__ARM_FEATURE_JCVT, _jcvt),        \
                        LAMINA_IF(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC, _fp16),                              \
                        LAMINA_IF(__ARM_FEATURE_FP16_FML, _fml), LAMINA_IF(__ARM_FEATURE_DOTPROD, _dot),     \
                        LAMINA_IF(__ARM_FEATURE_BF16_VECTOR_ARITHMETIC, _bf16))
        #define LAMINA_ARM_9                                                                                 \
            LAMINA_JOIN(LAMINA_IF(__ARM_FEATURE_MATMUL_INT8, _i8mm), LAMINA_IF(__ARM_FEATURE_SVE, _sve),     \
                        LAMINA_IF(__ARM_FEATURE_SVE2, _sve2), LAMINA_IF(__ARM_FEATURE_SVE2p1, _p1),          \
                        LAMINA_IF(__ARM_FEATURE_MOPS, _mops), LAMINA_IF(__ARM_FEATURE_CSSC, _cssc))
        #define LAMINA_ABI LAMINA_JOIN(LAMINA_LEVEL, LAMINA_ARM_8, LAMINA_ARM_9)

    #elif defined(__riscv)
        #define LAMINA_IF_1000000 ~, // the version of an extension
        #if defined(__riscv_flen)
            #define LAMINA_LEVEL LAMINA_JOIN(riscv, __riscv_xlen, f, __riscv_flen)
        #else
            #define LAMINA_LEVEL LAMINA_JOIN(riscv, __riscv_xlen)
        #endif
        #define LAMINA_ABI                                                                                   \
            LAMINA_JOIN(LAMINA_LEVEL, LAMINA_IF(__riscv_mul, _m), LAMINA_IF(__riscv_atomic, _a),             \
                        LAMINA_IF(__riscv_compressed, _c), LAMINA_IF(__riscv_vector, _v),                    \
                        LAMINA_IF(__riscv_zba, _zba), LAMINA_IF(__riscv_zbb, _zbb),                          \
                        LAMINA_IF(__riscv_zbs, _zbs))
    #elif defined(__wasm__)
        #define LAMINA_ABI                                                                                   \
            LAMINA_JOIN(wasm, LAMINA_IF(__wasm_simd128__, _simd), LAMINA_IF(__wasm_relaxed_simd__, _relaxed))
    #elif defined(__powerpc__)
        #define LAMINA_ABI                                                                                   \
            LAMINA_JOIN(ppc, LAMINA_IF(__ALTIVEC__, _altivec), LAMINA_IF(__VSX__, _vsx),                     \
                        LAMINA_IF(_ARCH_PWR8, _8), LAMINA_IF(_ARCH_PWR9, _9), LAMINA_IF(_ARCH_PWR10, _10))
    #else
        #define LAMINA_ABI other
    #endif
#endif

// clang++ makes two of a pack of 64 bytes where it tunes for processors that prefer 32 (x86-64-v4, Skylake,
// Ice Lake), and spills them. A function with this attribute keeps it whole, and so does one that it is
// inlined into.
#if defined(__clang__) && defined(__AVX512F__)
    #define LAMINA_WHOLE_PACKS [[clang::min_vector_width(512)]]
#else
    #define LAMINA_WHOLE_PACKS
#endif
