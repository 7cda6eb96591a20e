// Finds faults of a machine by its sound: a network that was trained on normal sound alone reproduces normal
// sound well, and other sound badly. The network is the autoencoder of MLPerf Tiny; machine.hpp makes the
// sounds.
#include "machine.hpp"

#include "../mlperf_tiny.hpp"
#include "../sound/mel.hpp"

#include <lamina/core.hpp>
#include <lamina/data/standardize.hpp>
#include <lamina/train/fit.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<tiny::Autoencoder, ln::Shape<640>>;
using Detector = ln::Model<ln::Folded<tiny::Autoencoder>, ln::Shape<640>>;

constexpr ln::seed training_sounds{1}, test_sounds{2};

/// What the network sees of a sound: 128 bands of five frames, beginning with each frame in turn.
std::vector<Model::Input> windows(const std::vector<float>& sound) {
    static sound::LogMel log_mel{sound::machine_settings};
    constexpr int bands = sound::machine_settings.bands;
    std::vector<Model::Input> result(static_cast<std::size_t>(log_mel.frames(sound.size()) - 4));
    std::vector<float> energies(bands);
    for (int t = 0; t < log_mel.frames(sound.size()); ++t) {
        log_mel.frame(sound, t, energies);
        for (int k = 0; k < 5; ++k) // the frame is the k-th of the window that begins at t - k
            if (t >= k && static_cast<std::size_t>(t - k) < result.size())
                std::copy(energies.begin(), energies.end(),
                          result[static_cast<std::size_t>(t - k)].begin() + k * bands);
    }
    return result;
}

/// How badly a sound is reproduced: the mean squared error of its windows, by the network, and by the mean of
/// the training sounds, which is 0 once scaled. A network that learnt nothing is as good as the mean.
struct Scores {
    std::vector<double> network, mean; // a number a sound

    void add(const Detector& detector, const auto& scale, const std::vector<float>& sound) {
        double by_network = 0, by_mean = 0;
        const std::vector<Model::Input> inputs = windows(sound);
        for (const Model::Input& window : inputs) {
            const Model::Input x = scale(window);
            const Model::Output y = detector.forward(x);
            for (int i = 0; i < 640; ++i) {
                by_network += (y[i] - x[i]) * (y[i] - x[i]);
                by_mean += x[i] * x[i];
            }
        }
        network.push_back(by_network / (640 * static_cast<double>(inputs.size())));
        mean.push_back(by_mean / (640 * static_cast<double>(inputs.size())));
    }
};

/// The area under the curve of hits over false alarms: the probability that a fault's score is above a normal
/// one.
double area_under_curve(std::span<const double> normal, std::span<const double> faulty) {
    double above = 0;
    for (const double n : normal)
        for (const double f : faulty)
            above += f > n ? 1 : f < n ? 0 : 0.5;
    return above / static_cast<double>(normal.size() * faulty.size());
}

int number(const char* word) {
    const int value = std::atoi(word);
    if (value < 1) {
        std::fprintf(stderr, "anomaly: expected a number above 0, found %s\n", word);
        std::exit(2);
    }
    return value;
}

} // namespace

/// anomaly [<recordings to train with> [<epochs> [<recordings of each state to test with>]]]
int main(int count, char** words) {
    const int recordings = count > 1 ? number(words[1]) : 200, epochs = count > 2 ? number(words[2]) : 20;
    const int tests = count > 3 ? number(words[3]) : 100; // of each state

    std::vector<Model::Input> normal;
    for (int i = 0; i < recordings; ++i)
        for (const Model::Input& window :
             windows(machine::recording(machine::State::normal, training_sounds, i)))
            normal.push_back(window);
    const ln::data::Samples unscaled{normal, normal};
    const auto scale = ln::data::standardization(unscaled);
    for (Model::Input& window : normal)
        window = scale(window);

    static Model model{ln::seed{42}};
    static ln::TrainingMemory<Model, ln::Adam> memory;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}, memory};
    const ln::data::Samples samples{normal, normal}; // the target is the input
    ln::fit(trainer, samples, {.epochs = epochs, .schedule = ln::Cosine{}});

    static const Detector detector =
        ln::fold(model); // for inference: batch norm is part of the layers before it
    const auto add_to = [&](Scores& scores, machine::State state) {
        for (int i = 0; i < tests; ++i)
            scores.add(detector, scale, machine::recording(state, test_sounds, i));
    };
    Scores unsuspicious, suspicious;
    add_to(unsuspicious, machine::State::normal);
    const auto print = [&](const char* name, const Scores& scores) {
        std::printf("%-8s  AUC %.4f  (by the distance from the mean: %.4f)\n", name,
                    area_under_curve(unsuspicious.network, scores.network),
                    area_under_curve(unsuspicious.mean, scores.mean));
    };
    for (const machine::State fault : machine::faults) {
        Scores scores;
        add_to(scores, fault);
        print(machine::names[static_cast<int>(fault)], scores);
        suspicious.network.insert(suspicious.network.end(), scores.network.begin(), scores.network.end());
        suspicious.mean.insert(suspicious.mean.end(), scores.mean.begin(), scores.mean.end());
    }
    print("all", suspicious);
}
