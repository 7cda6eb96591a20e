// Trains a network with a user's own layer, ChannelScale: it must find the scale and the shift that were
// applied to each channel of random images.
#include "channel_scale.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace ln = lamina;

using Image = ln::Shape<3, 4, 4>;
using Model = ln::Model<ln::Net<ChannelScale, ln::AvgPool<4, 4>>, Image>;

static_assert(Model::layers[0].parameters == 6);

int main() {
    constexpr std::array scale{0.5F, -2.0F, 4.0F}, shift{1.0F, 0.0F, -0.5F}; // the layer must find them

    // Random images, and the mean of each of their channels after scale and shift.
    std::array<Model::Input, 64> images;
    std::array<Model::Output, 64> means{};
    ln::Random random{ln::seed{1}};
    for (std::size_t s = 0; s < images.size(); ++s)
        for (int c = 0; c < 3; ++c) {
            const auto channel = static_cast<std::size_t>(c);
            for (int place = 0; place < 16; ++place) {
                float& pixel = images[s](c, place / 4, place % 4);
                pixel = static_cast<float>(random.symmetric() + random.symmetric());
                means[s][c] += (scale[channel] * pixel + shift[channel]) / 16;
            }
        }

    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{.learning_rate = 0.05}};
    const ln::data::Samples data{images, means};
    ln::fit(trainer, data, {.epochs = 200, .batch = 16, .progress = false});

    bool found = true;
    for (int c = 0; c < 3; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        const float a = model.weight<0>()[c], b = model.bias<0>()[c];
        std::printf("channel %d: scale %6.3f, shift %6.3f\n", c, double{a}, double{b});
        found = found && std::abs(a - scale[channel]) < 0.01F && std::abs(b - shift[channel]) < 0.01F;
    }
    return found ? 0 : 1;
}
