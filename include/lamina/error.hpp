// What lamina throws at run time, and the one place that throws it.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

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

/// Throws `error`. In a program built without exceptions: prints it and aborts.
template <class Error>
[[noreturn]] void raise(const Error& error) {
#if defined(__cpp_exceptions)
    throw error;
#else
    std::fprintf(stderr, "lamina: %s\n", error.what());
    std::abort();
#endif
}

} // namespace lamina
