// What a test program says, on the board and on the host that checks it.
#pragma once

/// The program. Returns 0 if all is well.
int run();

/// On the board: prints the value, bit by bit. On the host: compares with what the board printed.
void report(const char* what, float value);

// On the board alone.

void print(const char* text);
void print(const char* what, unsigned count);

/// Instructions that work() takes: QEMU's clock (with -icount shift=0) counts each as a nanosecond, and the
/// timer counts 40 of them.
unsigned now() noexcept;
template <class Work>
[[nodiscard]] unsigned instructions_of(Work work) noexcept {
    constexpr unsigned repetitions = 100;
    const unsigned start = now();
    for (unsigned i = 0; i < repetitions; ++i)
        work();
    return ((start - now()) & 0xFFFFFF) * 40 / repetitions; // it counts down, in 24 bits
}
