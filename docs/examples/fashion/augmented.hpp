// What is done to images so that a network learns more from them.
#pragma once

#include <lamina/data/images.hpp>
#include <lamina/data/over.hpp>
#include <lamina/math/random.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace fashion {

namespace ln = lamina;

/// Whether images of shape C,H,W have the channels of `larger`, and no more rows and columns.
[[nodiscard]] inline bool fits_into(const ln::dims& shape, const ln::dims& larger) {
    return shape.rank == 3 && shape[0] == larger[0] && shape[1] <= larger[1] && shape[2] <= larger[2];
}

/// The images in the middle of larger ones, which are zero elsewhere.
[[nodiscard]] inline ln::data::Images padded(const ln::data::Images& images, const ln::dims& shape) {
    const int channels = shape[0], height = images.shape()[1], width = images.shape()[2];
    const int top = (shape[1] - height) / 2, left = (shape[2] - width) / 2;
    std::vector<std::uint8_t> pixels(images.size() * shape.size()), labels;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const std::uint8_t* from = images.image(i).pixels();
        for (int c = 0; c < channels; ++c)
            for (int row = 0; row < height; ++row, from += width)
                std::copy_n(from, width,
                            pixels.begin() + static_cast<std::ptrdiff_t>(i * shape.size()) +
                                (c * shape[1] + top + row) * shape[2] + left);
        labels.push_back(static_cast<std::uint8_t>(images.label(i)));
    }
    return {images.source(), shape, std::move(pixels), std::move(labels)};
}

/// Images that are shifted by up to one pixel and mirrored in half of all cases, anew in each epoch. The
/// seed, the epoch and the image decide how, and nothing else, so that a run that is resumed, or has more
/// threads, sees the same images. `evaluate` sees them as they are.
class Augmented : public ln::data::Over<ln::data::Images> {
  public:
    Augmented(const ln::data::Images& images, ln::seed seed) : Over{images}, seed_{seed} {}

    void training_inputs(const auto& indices, auto x, int epoch) const {
        const ln::dims shape = original().shape();
        const int height = shape[1], width = shape[2];
        int lane = 0;
        for (const std::uint32_t sample : indices) {
            ln::Random random{seed_, epoch, sample};
            const int down = static_cast<int>(random.below(3)) - 1;
            const int right = static_cast<int>(random.below(3)) - 1;
            const bool mirrored = random.below(2) == 1;
            const std::uint8_t* pixels = original().image(sample).pixels();
            for (int c = 0; c < shape[0]; ++c, pixels += height * width)
                for (int i = 0; i < height; ++i)
                    for (int j = 0; j < width; ++j) {
                        const int row = i - down, column = (mirrored ? width - 1 - j : j) - right;
                        const bool inside = row >= 0 && row < height && column >= 0 && column < width;
                        const float pixel = inside ? static_cast<float>(pixels[row * width + column]) : 0;
                        x(c, i, j).set(lane, pixel * (1.0F / 255.0F));
                    }
            ++lane;
        }
    }

  private:
    ln::seed seed_;
};

} // namespace fashion
