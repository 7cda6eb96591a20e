// FlushSubnormals: a scope in which subnormal numbers count as zero.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstdint>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// While an object of this class exists, its thread replaces subnormal operands and results by zero: float
/// below 1.2e-38, double below 2.2e-308. Processors need up to a hundred times as long for subnormal numbers,
/// which appear where signals fade out; audio hosts use the same mode. The arithmetic is then no longer that
/// of IEEE 754: x - y may be 0 although x and y differ, and results may differ from those outside the scope.
///
///     const ln::FlushSubnormals scope; // with a name: without, it ends on its own line
///     y = model.forward(x);
///
/// The destructor restores the mode that the constructor changed. Threads that lamina starts inherit the mode
/// of the thread that starts them. Works on x86 (FTZ and DAZ of MXCSR) and Arm (FZ of FPCR); elsewhere it
/// does nothing, and `possible` is false.
class FlushSubnormals {
  public:
    /// The bits of the control register that select this mode.
#if defined(__SSE2__)
    static constexpr std::uint32_t all = 0x8040;
#elif defined(__aarch64__) || (defined(__arm__) && defined(__ARM_FP))
    static constexpr std::uint32_t all = 1U << 24U;
#else
    static constexpr std::uint32_t all = 0;
#endif
    static constexpr bool possible = all != 0;

    /// Which of these bits are set in this thread.
    [[nodiscard]] static std::uint32_t current() noexcept {
        return control() & all;
    }

    /// Sets all of these bits, or the given ones, for example `current()` of another thread.
    [[nodiscard]] explicit FlushSubnormals(std::uint32_t bits = all) noexcept {
        if (bits == all && flushes())
            return;
        before_ = control();
        changes_ = ((before_ ^ bits) & all) != 0;
        if (changes_)
            set((before_ & ~all) | (bits & all));
    }
    ~FlushSubnormals() {
        if (changes_)
            set((control() & ~all) | (before_ & all));
    }
    FlushSubnormals(const FlushSubnormals&) = delete;
    FlushSubnormals& operator=(const FlushSubnormals&) = delete;

  private:
    // The clobber "memory" keeps loads and stores on their side of the change.
    [[nodiscard]] static std::uint32_t control() noexcept {
#if defined(__SSE2__)
        std::uint32_t bits;
        asm volatile("stmxcsr %0" : "=m"(bits)::"memory");
        return bits;
#elif defined(__aarch64__)
        std::uint64_t bits;
        asm volatile("mrs %0, fpcr" : "=r"(bits)::"memory");
        return static_cast<std::uint32_t>(bits);
#elif defined(__arm__) && defined(__ARM_FP)
        std::uint32_t bits;
        asm volatile("vmrs %0, fpscr" : "=r"(bits)::"memory");
        return bits;
#else
        return 0;
#endif
    }
    static void set([[maybe_unused]] std::uint32_t bits) noexcept {
#if defined(__SSE2__)
        asm volatile("ldmxcsr %0" ::"m"(bits) : "memory");
#elif defined(__aarch64__)
        asm volatile("msr fpcr, %0" ::"r"(std::uint64_t{bits}) : "memory");
#elif defined(__arm__) && defined(__ARM_FP)
        asm volatile("vmsr fpscr, %0" ::"r"(bits) : "memory");
#endif
    }

    /// Whether all of these bits are known to be set. On x86 arithmetic tells: to read the register, a
    /// processor waits until everything before is computed, and a step of a small network takes half as long
    /// again. (The product is computed only if the operand counted as zero: a processor may need a hundred
    /// cycles for it.)
    [[nodiscard]] static bool flushes() noexcept {
#if defined(__SSE2__)
        static const volatile float subnormal = 1e-39F, smallest = 1.17549435e-38F, half = 0.5F;
        return !(subnormal > 0) && std::bit_cast<std::uint32_t>(smallest * half) == 0;
#else
        return false;
#endif
    }

    // The destructor neither reads nor changes the register if nothing changed.
    std::uint32_t before_ = 0;
    bool changes_ = false;
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
