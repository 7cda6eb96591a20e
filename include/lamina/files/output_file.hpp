// A file that is written completely or not at all.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/printable.hpp>

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

namespace lamina::inline LAMINA_ABI::files {

[[noreturn]] inline void fail_to_write(const std::string& path, const std::string& reason) {
    raise(format_error{printable_path(path) + ": cannot be written: " + reason});
}
[[noreturn]] inline void fail_to_write(const std::string& path, int error) {
    fail_to_write(path, std::string{std::strerror(error)});
}

/// An open temporary file in the folder of the file that it will replace.
struct Temporary {
    std::string path;
    int descriptor;

    /// Whether the path still leads to this file.
    [[nodiscard]] bool is_at_its_path() const noexcept {
        struct stat own, there;
        return fstat(descriptor, &own) == 0 && stat(path.c_str(), &there) == 0 &&
               own.st_dev == there.st_dev && own.st_ino == there.st_ino;
    }
    /// The lock ends with the program that holds it, however that ends.
    [[nodiscard]] bool lock() const noexcept { return flock(descriptor, LOCK_EX | LOCK_NB) == 0; }
};

/// Removes the temporary file of a program that was killed while it wrote. A file that another program is
/// writing is locked and stays; so does every file on a file system without locks.
inline void remove_abandoned(const std::string& path) {
    const Temporary file{path, open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)};
    if (file.descriptor < 0)
        return;
    if (file.lock() && file.is_at_its_path())
        unlink(path.c_str());
    close(file.descriptor);
}

/// The path of a file's temporary files, without their number. A long name is cut, so that the temporary name
/// is never too long where the file's own is not.
[[nodiscard]] inline std::string temporary_stem(const std::string& path) {
    constexpr std::size_t longest = 100;
    const std::size_t name = path.rfind('/') + 1; // 0 without a folder
    std::size_t end = path.size();
    if (end - name > longest)
        for (end = name + longest; end > name && (path[end] & 0xc0) == 0x80;) // not inside of a character
            --end;
    return path.substr(0, end) + ".lamina-tmp";
}

/// Creates a temporary file and locks it, so that no other program removes it as abandoned.
[[nodiscard]] inline Temporary open_temporary(const std::string& path, mode_t mode) {
    const std::string stem = temporary_stem(path);
    for (int number = 0; number < 100; ++number) {
        Temporary file{stem + std::to_string(number), -1};
        remove_abandoned(file.path);
        file.descriptor = open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (file.descriptor < 0 && errno != EEXIST)
            fail_to_write(path, errno);
        // Without locks no other program can take it for abandoned.
        if (file.descriptor >= 0 && (file.lock() ? file.is_at_its_path() : errno != EWOULDBLOCK))
            return file;
        if (file.descriptor >= 0)
            close(file.descriptor);
    }
    fail_to_write(path,
                  "expected one of " + printable_path(stem) + "0 to 99 to be free, found them all taken");
}

/// Returns 0, or the system's error number. When it returns 0 the bytes are on the disk, if the file system
/// supports fsync.
[[nodiscard]] inline int write_all(int descriptor, std::span<const std::byte> bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(written < 0 ? 0 : written));
    }
    return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOSYS ? 0 : errno;
}

/// Writes a file's new name to the disk, if the file system supports it.
inline void flush_folder_of(const std::string& path) noexcept {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    fsync(descriptor);
    close(descriptor);
}

/// The path that symbolic links lead to; the file need not exist.
[[nodiscard]] inline std::string follow_links(const std::string& path) {
    std::string found = path;
    for (int links = 0; links < 40; ++links) {
        char to[4096];
        const ssize_t length = readlink(found.c_str(), to, sizeof to);
        if (length < 0)
            return found;
        const std::size_t folder = to[0] == '/' ? 0 : found.rfind('/') + 1;
        found.replace(folder, found.npos, to, static_cast<std::size_t>(length));
    }
    fail_to_write(path, ELOOP);
}

/// Gives a file the owner and permissions of another one, as far as the system allows. If the group cannot be
/// kept, the group and all others get only the permissions that both had.
inline void take_over_owner(int descriptor, const struct stat& older) noexcept {
    mode_t mode = older.st_mode & 0777;
    if (fchown(descriptor, older.st_uid, older.st_gid) != 0 &&
        fchown(descriptor, static_cast<uid_t>(-1), older.st_gid) != 0) {
        const mode_t both = mode >> 3 & mode & 07;
        mode = (mode & 0700) | both << 3 | both;
    }
    fchmod(descriptor, mode);
}

/// Whether there is a file to replace, whose status is then in `older`. Throws `format_error` if it is not a
/// regular file, such as /dev/null, or is protected from writing: renaming would replace it all the same.
[[nodiscard]] inline bool find_older(const std::string& path, struct stat& older) {
    if (stat(path.c_str(), &older) != 0) {
        if (errno == ENOENT)
            return false;
        fail_to_write(path, errno);
    }
    if ((older.st_mode & S_IFMT) != S_IFREG)
        raise(format_error{printable_path(path) +
                           ": expected a file to replace or none, found a folder or device"});
    if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0)
        fail_to_write(path, errno);
    return true;
}

/// Writes a temporary file beside `path` and renames it, so that `path` holds either the old bytes or all of
/// the new ones at any moment, even if something fails. Every error is a `format_error` that names the file,
/// and leaves no temporary file. The new file has the permissions of the one it replaces, and its owner if
/// the system allows that. A symbolic link stays, and the file it leads to is replaced; another hard link to
/// that file keeps the old bytes.
inline void replace_file(const std::string& path, std::span<const std::byte> bytes) {
    check_path(path);
    struct stat older;
    const bool replaces = find_older(path, older);
    const std::string target = follow_links(path);
    const Temporary temporary = open_temporary(target, replaces ? 0600 : 0666);
    if (replaces)
        take_over_owner(temporary.descriptor, older);
    int error = write_all(temporary.descriptor, bytes);
    if (error == 0 && std::rename(temporary.path.c_str(), target.c_str()) != 0)
        error = errno;
    if (error != 0)
        unlink(temporary.path.c_str());
    close(temporary.descriptor);
    if (error != 0)
        fail_to_write(path, error);
    flush_folder_of(target);
}

} // namespace lamina::inline LAMINA_ABI::files
