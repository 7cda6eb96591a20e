// All that a program for a Cortex-M needs beside itself: vectors, start-up, and a way to print, here by way
// of the debugger (Arm's "semihosting", which QEMU has).
#include "board.hpp"

#include <cstdint>

extern "C" {
// Of the linker script: addresses, not objects.
extern std::uint32_t data_begin[], data_end[], data_in_flash[], bss_begin[], bss_end[], stack_top[];
extern void (*constructors_begin[])();
extern void (*constructors_end[])();
[[noreturn]] void reset();
}

namespace {

constexpr std::uint32_t paint = 0xA5A5A5A5;

std::uint32_t debugger(std::uint32_t operation, const void* argument) {
    register std::uint32_t r0 asm("r0") = operation;
    register const void* r1 asm("r1") = argument;
    asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

[[noreturn]] void finish(std::uint32_t status) {
    constexpr std::uint32_t application_exit = 0x20026;
    const std::uint32_t arguments[] = {application_exit, status};
    debugger(0x20, arguments);
    for (;;) {
    }
}

void print_line(const char* what, std::uint32_t value, std::uint32_t base) {
    char line[12];
    char* first = line + sizeof line;
    *--first = '\0';
    *--first = '\n';
    do
        *--first = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    print(what);
    print(" ");
    print(first);
}

[[noreturn]] void fault() {
    print("fault\n");
    finish(2);
}

} // namespace

void print(const char* text) {
    debugger(0x04, text);
}
void print(const char* what, unsigned count) {
    print_line(what, count, 10);
}
void report(const char* what, float value) {
    print_line(what, __builtin_bit_cast(std::uint32_t, value), 16);
}

unsigned now() noexcept {
    auto* const timer = reinterpret_cast<volatile std::uint32_t*>(0xE000E010);
    if (timer[0] == 0) {
        timer[1] = 0xFFFFFF; // from where it starts anew
        timer[2] = 0;
        timer[0] = 5; // on, at the processor's clock
    }
    return timer[2];
}

[[gnu::section(".vectors"), gnu::used]] static const struct {
    std::uint32_t* stack;
    void (*handlers[15])();
} vectors{stack_top, {reset, fault, fault, fault, fault, fault}};

void reset() {
#if defined(__ARM_FP)
    *reinterpret_cast<volatile std::uint32_t*>(0xE000ED88) = 0xF << 20; // the floating-point unit, on
    asm volatile("dsb\nisb");
#endif
    const std::uint32_t* from = data_in_flash;
    for (std::uint32_t* to = data_begin; to != data_end;)
        *to++ = *from++;
    for (std::uint32_t* to = bss_begin; to != bss_end;)
        *to++ = 0;
    std::uint32_t* here;
    asm volatile("mov %0, sp" : "=r"(here));
    for (volatile std::uint32_t* to = bss_end; to != here;) // volatile, or memset would paint its own stack
        *to++ = paint;
    for (void (**constructor)() = constructors_begin; constructor != constructors_end;)
        (*constructor++)();
    const int status = run();
    const std::uint32_t* deepest = bss_end;
    while (*deepest == paint)
        ++deepest;
    print("stack", static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(stack_top) -
                                         reinterpret_cast<std::uintptr_t>(deepest)));
    finish(status != 0);
}
