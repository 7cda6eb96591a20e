// A file written whole or not at all.
#pragma once

#include <lamina/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace lamina::io {

[[noreturn]] inline void fail_to_write(const std::string& path, int error) {
    raise(format_error{path + ": cannot be written: " + std::strerror(error)});
}

/// An open file, locked, beside the one it is to replace. The lock ends with the program that holds it,
/// however that ends.
struct Temporary {
    std::string path;
    int descriptor;

    /// Whether the path still leads to this file.
    [[nodiscard]] bool is_at_its_path() const noexcept {
        struct stat own, there;
        return fstat(descriptor, &own) == 0 && stat(path.c_str(), &there) == 0 &&
               own.st_dev == there.st_dev && own.st_ino == there.st_ino;
    }
};

/// Takes over what a program left that was killed while it wrote; leaves alone what another one writes now.
inline Temporary open_temporary(const std::string& path) {
    for (int attempt = 0;; ++attempt) {
        Temporary file{path + ".lamina-tmp" + std::to_string(attempt), -1};
        file.descriptor = open(file.path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (file.descriptor < 0)
            fail_to_write(path, errno);
        const bool locked = flock(file.descriptor, LOCK_EX | LOCK_NB) == 0;
        const int error = locked ? EWOULDBLOCK : errno;
        if (locked && file.is_at_its_path())
            return file;
        close(file.descriptor);
        if (error != EWOULDBLOCK || attempt == 99)
            fail_to_write(path, error);
    }
}

/// Returns 0, or the system's error number. When it returns 0 the bytes are on the disk, and are all of the
/// file.
[[nodiscard]] inline int write_all(int descriptor, std::span<const std::byte> bytes) noexcept {
    if (ftruncate(descriptor, 0) != 0)
        return errno;
    while (!bytes.empty()) {
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return fsync(descriptor) == 0 ? 0 : errno;
}

/// Puts a file's new name on the disk. What the file system cannot do is not asked of it.
inline void flush_folder_of(const std::string& path) noexcept {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    fsync(descriptor);
    close(descriptor);
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
    int error = write_all(temporary.descriptor, bytes);
    if (error == 0 && std::rename(temporary.path.c_str(), path.c_str()) != 0)
        error = errno;
    if (error != 0)
        unlink(temporary.path.c_str());
    close(temporary.descriptor);
    if (error != 0)
        fail_to_write(path, error);
    flush_folder_of(path);
}

} // namespace lamina::io
