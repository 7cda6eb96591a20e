// The IDX reader on any bytes: an even first byte takes the rest for images, an odd one for labels.
#include "memory_file.hpp"

#include <lamina/data/idx.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace idx = lamina::data::idx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const MemoryFile file;
    if (size == 0)
        return 0;
    try {
        const idx::Array array = idx::read(file(bytes + 1, size - 1),
                                           bytes[0] % 2 == 0 ? idx::Content::images : idx::Content::labels);
        if (array.bytes.size() != array.extents.size())
            std::abort(); // what is read is what its header says
    } catch (const lamina::format_error&) {
    }
    return 0;
}
