// The loss of spectra of docs/examples/sound, against PyTorch's torch.stft, differences, and in a trainer.
#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <stft.hpp>

#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace ln = lamina;
using namespace oracle;

namespace {

std::vector<sound::StftResolution> resolutions() {
    std::vector<sound::StftResolution> all;
    for (const StftCase& c : stft_cases)
        all.push_back({c.transform, c.hop, c.window});
    return all;
}

template <class E>
using Window = ln::Tensor<E, ln::Sequence<stft_steps, ln::Shape<1>>>;

/// The samples of the oracle's batch: the number of `lane` is that of lane % stft_batch.
template <class E>
Window<E> made(const std::string& name) {
    const MadeNumbers values{name};
    Window<E> window;
    for (int i = 0; i < stft_steps; ++i)
        for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
            ln::set_lane(window[i], lane,
                         static_cast<ln::scalar_of<E>>(
                             values[static_cast<std::uint64_t>(lane % stft_batch * stft_steps + i)]));
    return window;
}

} // namespace

TEST_CASE("stft: loss and gradient are those of PyTorch's torch.stft") {
    const References all{"losses"};
    const sound::StftLoss loss{resolutions()};
    using E = ln::pack<double>;
    static_assert(ln::lanes_of<E> >= stft_batch);
    Window<E> y = made<E>("stft/y"), t = made<E>("stft/t"), dy;
    const E found = loss.loss_and_gradient(y.view(), t.view(), dy.view());
    const Reference &value = all["stft/value"], &gradient = all["stft/dy"];
    REQUIRE(gradient.values.size() == stft_batch * stft_steps);
    double mean = 0;
    Difference difference; // of a mean over the batch
    for (int s = 0; s < stft_batch; ++s) {
        mean += ln::lane(found, s) / stft_batch;
        for (int i = 0; i < stft_steps; ++i)
            difference.add(ln::lane(dy[i], s) / stft_batch,
                           gradient.values[static_cast<std::size_t>(s * stft_steps + i)]);
    }
    CHECK(mean == doctest::Approx(value.values[0]).epsilon(1e-12));
    CHECK(difference.relative(0) <= 1e-11); // two transforms, each of tens of terms
}

TEST_CASE("stft: the gradient equals differences, of two channels in a sum of losses") {
    const ln::LossSum loss = ln::LossSum{ln::ESR{}, sound::StftLoss{resolutions()}}.weighted(0.5, 2);
    using Stereo = ln::Tensor<double, ln::Sequence<20, ln::Shape<2>>>; // shorter than half a window
    const MadeNumbers values{"stft/stereo"};
    Stereo y, t, dy, unused;
    for (int i = 0; i < y.size; ++i) {
        y[i] = values[static_cast<std::uint64_t>(i)];
        t[i] = values[static_cast<std::uint64_t>(y.size + i)];
    }
    (void)loss.loss_and_gradient(y.view(), t.view(), dy.view());
    for (int i = 0; i < y.size; ++i) {
        const auto at = [&](double step) {
            Stereo moved = y;
            moved[i] += step;
            return loss.loss_and_gradient(moved.view(), t.view(), unused.view());
        };
        CHECK(dy[i] == doctest::Approx((at(1e-6) - at(-1e-6)) / 2e-6).epsilon(1e-6));
    }
    const Stereo same = t; // no difference: the loss is at its minimum, where it has no gradient
    CHECK(loss.loss_and_gradient(same.view(), t.view(), dy.view()) <= 1e-12);
}

TEST_CASE("stft: a network learns a filter by the loudness of its frequencies and the error, which knows the "
          "sign") {
    using Model = ln::Model<ln::Net<ln::CausalConv<1, 4>>, ln::Sequence<96, ln::Shape<1>>>;
    Model model{ln::seed{1}};
    ln::Random random{ln::seed{2}};
    std::vector<Model::Input> dry(32);
    std::vector<Model::Output> wet(dry.size());
    for (std::size_t w = 0; w < dry.size(); ++w)
        for (int k = 0; k < 96; ++k) {
            dry[w][k] = static_cast<float>(random.symmetric());
            wet[w][k] = dry[w][k] - (k > 0 ? 0.9F * dry[w][k - 1] : 0);
        }
    const ln::data::Samples data{dry, wet};
    ln::Trainer trainer{model, ln::LossSum{sound::StftLoss{resolutions()}, ln::ESR{}},
                        ln::Adam{.learning_rate = 0.02}};
    const double before = ln::evaluate(model, data, trainer.loss).loss;
    ln::fit(trainer, data, {.epochs = 60, .batch = 8, .progress = false});
    CHECK(ln::evaluate(model, data, trainer.loss).loss < 0.1 * before);
    CHECK(ln::save_checkpoint(trainer, ln::RunPosition{}).size() > 0);
}

TEST_CASE("stft: settings that make no sense are refused") {
    CHECK_THROWS_WITH_AS((sound::StftLoss{{{16, 0, 16}}}),
                         "StftLoss: expected a transform of at least 2 samples, a hop of at least 1, and a "
                         "window from 1 to the transform, found 16, 0 and 16",
                         std::invalid_argument);
    CHECK_THROWS_AS((sound::StftLoss{{{16, 4, 17}}}), std::invalid_argument);
    CHECK_THROWS_AS((sound::StftLoss{std::vector<sound::StftResolution>{}}), std::invalid_argument);
    CHECK_THROWS_AS((sound::StftLoss{{{16, 4, 16}}, 0}), std::invalid_argument);
}
