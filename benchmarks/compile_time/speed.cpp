// How fast `card` trains as it is compiled: prints the microseconds a sample that a step on 64 samples takes,
// the median of several runs.
#include "../runtime/networks.hpp"

#include <lamina/data/samples.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <vector>

namespace ln = lamina;
using Model = bench::CardModel;

namespace {

/// Of this thread, in microseconds.
double processor_time() {
    std::timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e6 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_nsec);
}

} // namespace

int main() {
    constexpr std::size_t batch = 64;
    static std::vector<Model::Input> inputs(batch);
    static std::vector<Model::Output> targets(batch);
    ln::Random random{ln::seed{1}};
    for (Model::Input& x : inputs)
        for (float& pixel : x)
            pixel = static_cast<float>(random.symmetric());
    for (Model::Output& t : targets)
        t[static_cast<std::ptrdiff_t>(random.below(10))] = 1;
    const ln::data::Samples samples{std::span{inputs}, std::span{targets}};
    std::vector<std::uint32_t> which(batch);
    std::iota(which.begin(), which.end(), std::uint32_t{0});

    static Model model{ln::seed{42}};
    static ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{},
                               ln::SGD{.learning_rate = 0.01, .momentum = 0.9}};
    const float first = trainer.step(samples, which);
    float last = first;
    std::vector<double> runs;
    for (int run = 0; run < 9; ++run) {
        const double start = processor_time();
        for (int step = 0; step < 5; ++step)
            last = trainer.step(samples, which);
        runs.push_back((processor_time() - start) / 5 / batch);
    }
    std::nth_element(runs.begin(), runs.begin() + 4, runs.end());
    std::printf("%.3f\n", runs[4]);
    return last < first ? 0 : 1; // it has learnt something
}
