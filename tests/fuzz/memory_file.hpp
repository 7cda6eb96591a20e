// Bytes as a file with a path, without a disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

class MemoryFile {
  public:
    MemoryFile()
        : descriptor_{memfd_create("fuzz", 0)}, path_{"/proc/self/fd/" + std::to_string(descriptor_)} {
        if (descriptor_ < 0)
            std::abort();
    }

    /// The path of a file with these bytes.
    const std::string& operator()(const std::uint8_t* bytes, std::size_t size) const {
        if (ftruncate(descriptor_, 0) != 0 ||
            pwrite(descriptor_, bytes, size, 0) != static_cast<ssize_t>(size))
            std::abort();
        return path_;
    }

  private:
    int descriptor_;
    std::string path_;
};
