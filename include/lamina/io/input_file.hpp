// A file read as bytes, front to back.
#pragma once

#include <lamina/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lamina::io {

/// The bytes of a file as they are. Every fault is a `format_error` that names the file.
class InputFile {
  public:
    explicit InputFile(std::string path) : path_{std::move(path)}, file_{std::fopen(path_.c_str(), "rb")} {
        if (!file_)
            fail(std::string{"cannot be opened: "} + std::strerror(errno));
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// Reads `n` bytes, fewer only where the file ends.
    std::size_t read(std::uint8_t* to, std::size_t n) {
        const std::size_t done = std::fread(to, 1, n, file_.get());
        if (std::ferror(file_.get()))
            fail(std::string{"cannot be read: "} + std::strerror(errno));
        return done;
    }

    /// Throws a `format_error` about this file.
    [[noreturn]] void fail(const std::string& fault) const { raise(format_error{path_ + ": " + fault}); }

  private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };

    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
};

/// The next `promised` bytes of a file, fewer if it ends before. Memory grows with the bytes that are there,
/// not with those a damaged header promises.
template <class File>
[[nodiscard]] std::vector<std::uint8_t> read_bytes(File& file, std::size_t promised) {
    constexpr std::size_t first = std::size_t{1} << 20;
    std::vector<std::uint8_t> bytes;
    std::size_t found = 0;
    do {
        const std::size_t next = found + std::min(promised - found, std::max(first, found));
        bytes.reserve(next);
        bytes.resize(next);
        found += file.read(bytes.data() + found, next - found);
    } while (found == bytes.size() && found < promised);
    bytes.resize(found);
    return bytes;
}

} // namespace lamina::io
