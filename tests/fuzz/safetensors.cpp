// The safetensors reader on any bytes. What is loaded is saved again, and must come back with the same bits.
#include "checksum.hpp"

#include <lamina/io/safetensors.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<2, 2>, ln::Dense<2>>, ln::Shape<1, 3, 3>>;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Model model{ln::seed{1}}, again;
    const Model before = model;
    const auto file = with_right_checksum(std::as_bytes(std::span{bytes, size}));
    try {
        ln::load(model, file);
        ln::load(again, ln::save(model));
        if (std::memcmp(&model, &again, sizeof model) != 0)
            std::abort();
    } catch (const ln::format_error&) {
        if (std::memcmp(&model, &before, sizeof model) != 0)
            std::abort(); // a failed load leaves the model alone
    }
    return 0;
}
