// The safetensors reader on any bytes, with the names of a module's tensors too. What is loaded is saved
// again, and must come back with the same bits.
#include "checksum.hpp"

#include <lamina/io/safetensors.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/softmax.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<2, 2>, ln::Dense<2>>, ln::Shape<1, 3, 3>>;
using WithSoftmax = ln::Model<ln::Net<ln::Conv<2, 2>, ln::Dense<2>, ln::Softmax>, ln::Shape<1, 3, 3>>;

template <class M>
void check(std::span<const std::byte> file, const ln::LoadOptions& options) {
    M model{ln::seed{1}}, again;
    const M before = model;
    try {
        ln::load(model, file, "file", options);
        ln::load(again, ln::save(model, {.rename = options.rename}), "file", {.rename = options.rename});
        if (std::memcmp(&model, &again, sizeof model) != 0)
            std::abort();
    } catch (const ln::format_error&) {
        if (std::memcmp(&model, &before, sizeof model) != 0)
            std::abort(); // a failed load leaves the model alone
    }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const ln::LoadOptions nested{.rename = {{"a", "0"}, {"b.c", "1"}}, .ignore = {"*.x", "y*"}};
    const auto file = with_right_checksum(std::as_bytes(std::span{bytes, size}));
    check<Model>(file, {});
    check<WithSoftmax>(file, nested);
    return 0;
}
