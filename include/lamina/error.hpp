// The exceptions that lamina throws at run time, and raise, which throws them.
#pragma once

#include <lamina/problem/message.hpp>

#include <stdexcept>

// Defined where there is an operating system, and so a place to print to.
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32) || defined(__wasi__)
    #include <cstdio>
    #include <cstdlib>
    #define LAMINA_PRINTS_ERRORS
#endif

namespace lamina {

/// Thrown for a file that is missing, damaged, or of another kind than expected.
struct format_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Thrown for data whose shape, labels or size do not fit the model.
struct data_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// Thrown when training cannot continue, for example because the loss is no longer finite.
struct training_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Thrown for a layer of a run-time network that does not fit its input, or whose arguments are not allowed.
struct shape_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// The error handler of programs built without exceptions: it is called instead of throwing. Set it before
/// anything else of lamina is used:
///     ln::on_error = [](const char* message) { uart_write(message); reset(); };
/// If the handler returns, the program ends, because an operation that failed has no result. Without a
/// handler the message is printed to standard error if there is an operating system, otherwise lost.
inline void (*on_error)(const char* message) = nullptr;

} // namespace lamina

namespace lamina::inline LAMINA_ABI {

/// Calls `on_error` or prints the message, then ends the program: by std::abort, or by a trap of the
/// processor if there is no operating system.
[[noreturn]] inline void end_with(const char* message) {
    if (on_error != nullptr)
        on_error(message);
#if defined(LAMINA_PRINTS_ERRORS)
    else
        std::fprintf(stderr, "lamina: %s\n", message);
    std::abort();
#else
    __builtin_trap();
#endif
}

/// Throws `error`; without exceptions, ends the program with its message.
template <class Error>
[[noreturn]] void raise(const Error& error) {
#if defined(__cpp_exceptions)
    throw error;
#else
    end_with(error.what());
#endif
}

/// Throws an `Error` whose message is made of string literals and numbers:
///     raise<data_error>("expected samples below ", size, ", found sample ", i);
/// Code that runs on microcontrollers uses this form: without exceptions it links neither <string> nor the
/// exception classes.
template <class Error, class... Parts>
[[noreturn]] void raise(const Parts&... parts) {
    char text[(messages::room_for<Parts> + ... + 1)] = {};
    char* end = text;
    ((end = messages::spell(end, parts)), ...);
#if defined(__cpp_exceptions)
    throw Error{text};
#else
    end_with(text);
#endif
}

} // namespace lamina::inline LAMINA_ABI
