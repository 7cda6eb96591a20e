// Images to measure with: random bytes, made while the program runs so that nothing can be computed
// beforehand.
#pragma once

#include <lamina/data/images.hpp>
#include <lamina/math/random.hpp>

#include <cstdint>
#include <vector>

namespace bench {

[[nodiscard]] inline lamina::data::Images made_images(lamina::dims shape, std::size_t count, int classes) {
    lamina::Random random{lamina::seed{7}};
    std::vector<std::uint8_t> pixels(count * shape.size()), labels(count);
    for (std::uint8_t& p : pixels)
        p = static_cast<std::uint8_t>(random.below(256));
    for (std::uint8_t& l : labels)
        l = static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(classes)));
    return {"made images", shape, std::move(pixels), std::move(labels)};
}

} // namespace bench
