// What lamina throws at run time, and the one place that throws it.
#pragma once

#include <lamina/message.hpp>

#include <stdexcept>

// Whether a program has an operating system, and so a place to print to.
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32) || defined(__wasi__)
    #include <cstdio>
    #include <cstdlib>
    #define LAMINA_PRINTS_ERRORS
#endif

namespace lamina {

/// A file that is missing, damaged, or of another kind than expected.
struct format_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Data whose shape, label or size does not fit the model it is given to.
struct data_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// Training that cannot go on, such as a loss that is no longer finite.
struct training_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A layer of a run-time network that does not fit its input, or that makes no sense on any.
struct shape_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// A program built without exceptions calls this where others throw; a program may put a function of its own
/// here, before it uses lamina otherwise:
///     ln::on_error = [](const char* message) { uart_write(message); reset(); };
/// If that returns, the program ends: an operation that failed has no result. Unless there is one, the
/// message is printed to standard error where there is an operating system, and lost where there is none.
inline void (*on_error)(const char* message) = nullptr;

} // namespace lamina

namespace lamina::inline LAMINA_ABI {

/// Calls `on_error`, or prints the message, and ends the program: std::abort, or without an operating system
/// a trap of the processor.
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

/// Throws an `Error` whose message is texts and numbers in a row:
///     raise<data_error>("expected samples below ", size, ", found sample ", i);
/// What runs on microcontrollers raises its errors so, since it links neither <string> nor the classes of
/// exceptions where there are none.
template <class Error, class... Parts>
[[noreturn]] void raise(const Parts&... parts) {
    const messages::Message<Parts...> message{parts...};
#if defined(__cpp_exceptions)
    throw Error{message.text};
#else
    end_with(message.text);
#endif
}

} // namespace lamina::inline LAMINA_ABI
