// A file that is read as bytes from front to back.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/printable.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI::files {

/// The bytes of a file, unchanged. Every error is a `format_error` that names the file.
class InputFile {
  public:
    explicit InputFile(std::string path) : path_{std::move(path)} {
        check_path(path_);
        file_ = std::fopen(path_.c_str(), "rb");
        if (file_ == nullptr)
            fail(std::string{"cannot be opened: "} + std::strerror(errno));
    }
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;
    ~InputFile() { std::fclose(file_); }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// The size in bytes, or 0 if the file has none, such as a pipe.
    [[nodiscard]] std::size_t size() const noexcept {
        struct stat status;
        return fstat(fileno(file_), &status) == 0 && status.st_size > 0
                   ? static_cast<std::size_t>(status.st_size)
                   : 0;
    }

    /// Reads `n` bytes, or fewer if the file ends before.
    std::size_t read(std::uint8_t* to, std::size_t n) {
        const std::size_t done = std::fread(to, 1, n, file_);
        if (std::ferror(file_))
            fail(std::string{"cannot be read: "} + std::strerror(errno));
        return done;
    }

    /// Throws a `format_error` about this file.
    [[noreturn]] void fail(const std::string& fault) const {
        raise(format_error{printable_path(path_) + ": " + fault});
    }

  private:
    std::string path_;
    std::FILE* file_ = nullptr;
};

/// The bytes of a stream. It is a template, so that programs that read no streams need not include <istream>.
template <class Stream>
class InputStream {
  public:
    explicit InputStream(Stream& stream) noexcept : stream_{stream} {}

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::size_t size() const noexcept { return 0; }

    std::size_t read(std::uint8_t* to, std::size_t n) {
        stream_.read(reinterpret_cast<char*>(to), static_cast<std::ptrdiff_t>(n));
        if (stream_.bad() || (stream_.fail() && !stream_.eof()))
            raise(format_error{path_ + ": cannot be read"});
        return static_cast<std::size_t>(stream_.gcount());
    }

  private:
    Stream& stream_;
    std::string path_ = "stream";
};

/// The next `promised` bytes of a file, or fewer if it ends before. Memory grows with the bytes that are
/// actually there, not with the number in a damaged header: first room for as many as the file has, then for
/// twice as many as were read so far.
template <class File>
[[nodiscard]] std::vector<std::uint8_t> read_bytes(File& file, std::size_t promised) {
    constexpr std::size_t least = 4096;
    std::size_t step = file.size() < least ? least : file.size() + 1; // one more, to see the end
    std::vector<std::uint8_t> bytes;
    std::size_t found = 0;
    do {
        const std::size_t left = promised - found;
        step = step > found ? step : found;
        const std::size_t next = found + (step < left ? step : left);
        bytes.reserve(next);
        bytes.resize(next);
        found += file.read(bytes.data() + found, next - found);
    } while (found == bytes.size() && found < promised);
    bytes.resize(found);
    return bytes;
}

/// All bytes of a file of weights.
[[nodiscard]] inline std::vector<std::uint8_t> read_whole(const std::string& path) {
    check_path(path, ", such as the content of a file: pass content as bytes, "
                     "std::as_bytes(std::span{text})");
    InputFile file{path};
    return read_bytes(file, PTRDIFF_MAX);
}

} // namespace lamina::inline LAMINA_ABI::files
