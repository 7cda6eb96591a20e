// A file written whole or not at all.
#pragma once

#include <lamina/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace lamina::io {

[[noreturn]] inline void fail_to_write(const std::string& path, int error) {
    raise(format_error{path + ": cannot be written: " + std::strerror(error)});
}

/// A file that was not there before, in the folder of the one it is to replace.
struct Temporary {
    std::string path;
    std::FILE* file;
};

/// Tries several names: another program may write the same file now, or have died while writing it.
inline Temporary open_temporary(const std::string& path) {
    for (int attempt = 0;; ++attempt) {
        std::string name = path + ".tmp" + std::to_string(attempt);
        if (std::FILE* file = std::fopen(name.c_str(), "wbx"))
            return {std::move(name), file};
        if (errno != EEXIST || attempt == 99)
            fail_to_write(path, errno);
    }
}

/// Returns 0, or the system's error number. When it returns 0 the bytes are on the disk.
[[nodiscard]] inline int write_and_close(std::FILE* file, std::span<const std::byte> bytes) noexcept {
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
                         std::fflush(file) == 0 && fsync(fileno(file)) == 0;
    const int error = written ? 0 : errno;
    const bool closed = std::fclose(file) == 0;
    return written && !closed ? errno : error;
}

/// Renaming would put a regular file in the place of a device such as /dev/null.
inline void check_replaceable(const std::string& path) {
    struct stat status;
    if (stat(path.c_str(), &status) == 0 && (status.st_mode & S_IFMT) != S_IFREG)
        raise(format_error{path + ": expected a file to replace or none, found a folder or device"});
}

/// Writes a temporary file beside `path` and renames it, so that `path` holds the old bytes or all of the
/// new ones at any moment, whatever fails. Every fault is a `format_error` that names the file. A symbolic
/// link is replaced, not followed.
inline void replace_file(const std::string& path, std::span<const std::byte> bytes) {
    check_replaceable(path);
    const Temporary temporary = open_temporary(path);
    int error = write_and_close(temporary.file, bytes);
    if (error == 0 && std::rename(temporary.path.c_str(), path.c_str()) != 0)
        error = errno;
    if (error != 0) {
        std::remove(temporary.path.c_str());
        fail_to_write(path, error);
    }
}

} // namespace lamina::io
