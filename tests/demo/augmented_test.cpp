// What the demonstration does to images.
#include "unit/files/scratch.hpp"

#include <augmented.hpp>

#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using Shape = ln::Shape<2, 6, 5>;

/// Each pixel has a number of its own, from 1.
ln::data::Images made(std::size_t count) {
    std::vector<std::uint8_t> pixels, labels;
    for (std::size_t i = 0; i < count * Shape::size; ++i)
        pixels.push_back(static_cast<std::uint8_t>(1 + i % 251));
    for (std::size_t i = 0; i < count; ++i)
        labels.push_back(static_cast<std::uint8_t>(i % 3));
    return {"made", Shape::extents, pixels, labels};
}

/// Image 0 of the data as training sees it in an epoch, in bytes.
std::vector<int> seen(const fashion::Augmented& data, int epoch) {
    ln::Tensor<ln::pack<float>, Shape> x;
    const std::uint32_t indices[static_cast<std::size_t>(ln::native_lanes<float>)] = {};
    data.training_inputs(indices, x.view(), epoch);
    std::vector<int> bytes;
    for (int i = 0; i < Shape::size; ++i)
        bytes.push_back(static_cast<int>(x[i][0] * 255.0F + 0.5F));
    return bytes;
}

/// Image 0, shifted and then mirrored, as it should be.
std::vector<int> expected(const ln::data::Images& images, int down, int right, bool mirrored) {
    std::vector<int> bytes;
    for (int c = 0; c < 2; ++c)
        for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 5; ++j) {
                const int row = i - down, column = (mirrored ? 4 - j : j) - right;
                const bool inside = row >= 0 && row < 6 && column >= 0 && column < 5;
                bytes.push_back(inside ? images.image(0).pixels()[(c * 6 + row) * 5 + column] : 0);
            }
    return bytes;
}

struct Interrupted : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Model = ln::Model<ln::Net<ln::Conv<2, 3>, ln::BatchNorm<>, ln::ReLU, ln::Dense<3>>, Shape>;

/// The numbers after three epochs of six steps. A run with checkpoints in a file is interrupted before each
/// of some steps, and resumed.
std::vector<float> trained(int threads, const std::string& file = "", std::vector<std::int64_t> stops = {}) {
    const ln::data::Images images = made(22);
    const fashion::Augmented data{images, ln::seed{5}};
    for (;;) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{},
                            ln::SGD{.learning_rate = 0.05, .momentum = 0.9}};
        ln::Checkpoints checkpoints{trainer, {.last = file, .every = 1, .resume = true}};
        try {
            ln::fit(trainer, data,
                    {.epochs = 3,
                     .batch = 4,
                     .threads = threads,
                     .schedule =
                         [&](double rate, std::int64_t step) {
                             if (!stops.empty() && step == stops.front())
                                 throw Interrupted{"before a step"};
                             return rate;
                         },
                     .checkpoints = file.empty() ? nullptr : &checkpoints,
                     .progress = false});
            return {model.numbers().begin(), model.numbers().end()};
        } catch (const Interrupted&) {
            stops.erase(stops.begin());
        }
    }
}

} // namespace

TEST_CASE("small images are in the middle of padded ones, with zeros around them") {
    const ln::data::Images images = made(2), larger = fashion::padded(images, {2, 9, 8});
    CHECK(larger.size() == 2);
    CHECK(larger.shape() == ln::dims{2, 9, 8});
    CHECK(larger.label(1) == 1);
    for (std::size_t n = 0; n < 2; ++n)
        for (int c = 0; c < 2; ++c)
            for (int i = 0; i < 9; ++i)
                for (int j = 0; j < 8; ++j) {
                    const bool inside = i >= 1 && i < 7 && j >= 1 && j < 6;
                    const int pixel = inside ? images.image(n).pixels()[(c * 6 + i - 1) * 5 + j - 1] : 0;
                    REQUIRE(larger.image(n).pixels()[(c * 9 + i) * 8 + j] == pixel);
                }
    CHECK(fashion::fits_into({2, 6, 5}, {2, 6, 5}));
    CHECK_FALSE(fashion::fits_into({2, 7, 5}, {2, 6, 5}));
    CHECK_FALSE(fashion::fits_into({2, 6, 6}, {2, 6, 5}));
    CHECK_FALSE(fashion::fits_into({1, 6, 5}, {2, 6, 5}));
    CHECK_FALSE(fashion::fits_into({60}, {2, 6, 5}));
}

TEST_CASE("training sees images shifted by up to one pixel and mirrored, each of these 18 ways") {
    const ln::data::Images images = made(1);
    const fashion::Augmented data{images, ln::seed{3}};
    std::set<std::vector<int>> all, found;
    for (int down = -1; down <= 1; ++down)
        for (int right = -1; right <= 1; ++right)
            for (const bool mirrored : {false, true})
                all.insert(expected(images, down, right, mirrored));
    for (int epoch = 1; epoch <= 500; ++epoch)
        found.insert(seen(data, epoch));
    CHECK(all.size() == 18);
    CHECK(found == all);
    CHECK(seen(data, 7) == seen(data, 7));
}

TEST_CASE("evaluation sees images as they are") {
    const ln::data::Images images = made(1);
    ln::Tensor<ln::pack<float>, Shape> x;
    const std::uint32_t indices[static_cast<std::size_t>(ln::native_lanes<float>)] = {};
    fashion::Augmented{images, ln::seed{3}}.inputs(indices, x.view());
    for (int i = 0; i < Shape::size; ++i)
        CHECK(x[i][0] == static_cast<float>(images.image(0).pixels()[i]) * (1.0F / 255.0F));
}

TEST_CASE(
    "training on shifted images gives the same bits with any number of threads, and resumed at any step") {
    const std::vector<float> one = trained(1);
    CHECK(trained(2) == one);
    CHECK(trained(3) == one);
    const Scratch scratch;
    CHECK(trained(2, scratch.path("run"), {1, 2, 7, 12, 16}) == one);
}
