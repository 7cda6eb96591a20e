// vgg-small on one thread and on two, by turns, wall time: `vgg_small/<train|infer>/<batch>`. More threads
// give the same bits (see Team), which is checked.
#include "made_images.hpp"
#include "made_numbers.hpp"
#include "measure.hpp"
#include "networks.hpp"

#include <lamina/train/team.hpp>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace bench;

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void compare_threads(benchmark::State& state, int samples, auto work) {
    const auto [one, two] = by_turns<wall_seconds>(
        state, [&] { work(0); }, [&] { work(1); });
    state.counters["one_thread"] = median(one.seconds) / samples;
    state.counters["two_threads"] = median(two.seconds) / samples;
    put(state, "times", ratios(one.seconds, two.seconds));
}

/// A trainer of its own for each number of threads.
void train(benchmark::State& state, std::size_t samples) {
    using Memory = ln::TrainingMemory<VggSmallModel, ln::SGD>;
    using Trainer = ln::Trainer<VggSmallModel, ln::SoftmaxCrossEntropy, ln::SGD, Memory&>;
    const auto images = made_images(VggSmallModel::layers[0].input, samples, 10);
    std::vector<std::uint32_t> indices(samples);
    for (std::size_t i = 0; i < samples; ++i)
        indices[i] = static_cast<std::uint32_t>(i);
    struct Side {
        explicit Side(int threads) : team{threads} {}
        VggSmallModel model{ln::seed{1}};
        Memory memory;
        Trainer trainer{model, {}, {.learning_rate = 1e-4, .momentum = 0.9}, memory};
        ln::Team<VggSmallModel> team;
        float loss = 0;

        void step(const ln::data::Images& data, std::span<const std::uint32_t> batch) {
            loss = trainer.loss_and_gradient(data, batch, 0, team);
            trainer.update(trainer.optimizer.learning_rate);
        }
    };
    const std::unique_ptr<Side> sides[] = {std::make_unique<Side>(1), std::make_unique<Side>(2)};
    for (const auto& side : sides)
        for (int i = 0; i < 3; ++i)
            side->step(images, indices);
    if (!std::isfinite(sides[0]->loss) || sides[0]->loss != sides[1]->loss)
        return state.SkipWithError("one thread and two train differently");
    compare_threads(state, static_cast<int>(samples), [&](int side) { sides[side]->step(images, indices); });
}

void infer(benchmark::State& state, std::size_t samples) {
    const auto model = std::make_unique<VggSmallModel>(ln::seed{1});
    std::vector<VggSmallModel::Input> x(samples);
    std::vector<VggSmallModel::Output> y[2]{std::vector<VggSmallModel::Output>(samples),
                                            std::vector<VggSmallModel::Output>(samples)};
    for (std::size_t i = 0; i < samples; ++i)
        fill(x[i].view(), i);
    compare_threads(state, static_cast<int>(samples), [&](int side) {
        benchmark::DoNotOptimize(x.data());
        ln::forward(*model, x, y[side], side + 1);
        benchmark::ClobberMemory();
    });
    for (std::size_t i = 0; i < samples; ++i)
        for (int k = 0; k < 10; ++k)
            if (!std::isfinite(y[0][i][k]) || y[0][i][k] != y[1][i][k])
                return state.SkipWithError("one thread and two give different scores");
}

} // namespace

int main(int count, char** arguments) {
    for (const std::size_t samples : {64U, 256U}) {
        const std::string batch = std::to_string(samples);
        benchmark::RegisterBenchmark(("vgg_small/train/" + batch).c_str(), train, samples)->UseRealTime();
        benchmark::RegisterBenchmark(("vgg_small/infer/" + batch).c_str(), infer, samples)->UseRealTime();
    }
    return run_all(count, arguments);
}
