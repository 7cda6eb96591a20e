// A program that trains and writes checkpoints is killed, again and again. LAMINA_KILLS says how often.
#include <lamina/io/checkpoints.hpp>
#include <lamina/math/random.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/train/fit.hpp>

#include "made_training.hpp"
#include "stored_file.hpp"
#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace ln = lamina;

namespace {

using Trainer = ln::Trainer<made::Model, ln::SoftmaxCrossEntropy, ln::Adam>;

/// Trains to the end of an epoch, writing a checkpoint before each step if `path` is one; returns model and
/// state.
FileBytes train(const std::string& path, int epochs) {
    made::Model model{ln::seed{1}};
    Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    ln::Checkpoints checkpoints{trainer, {.last = path, .every = 1, .resume = true}};
    ln::fit(trainer, made::halves(22, 1),
            {.epochs = epochs,
             .batch = 4,
             .checkpoints = path.empty() ? nullptr : &checkpoints,
             .progress = false});
    return ln::save_checkpoint(trainer, {});
}

/// Kills the training after so long, unless it failed by itself.
void train_and_kill(const std::string& path, std::uint64_t microseconds) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            (void)train(path, 1'000'000);
        } catch (...) {
        }
        _exit(1);
    }
    usleep(static_cast<useconds_t>(microseconds));
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
}

ln::RunPosition position_of(const std::string& path) {
    made::Model model;
    Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    return std::filesystem::exists(path) ? ln::load_checkpoint(trainer, path) : ln::RunPosition{};
}

} // namespace

TEST_CASE(
    "kill: whenever training is killed, its newest checkpoint loads, and the run ends with the same bits") {
    const char* wanted = std::getenv("LAMINA_KILLS");
    const int kills = wanted != nullptr ? std::atoi(wanted) : 20;
    const Scratch scratch;
    const std::string path = scratch.path("run.checkpoint");
    ln::Random random{ln::seed{static_cast<std::uint64_t>(getpid())}};
    int while_writing = 0;
    std::int64_t iteration = 0;
    for (int i = 0; i < kills; ++i) {
        train_and_kill(path, random.below(200'000));
        while_writing += std::filesystem::exists(path + ".lamina-tmp0") ? 1 : 0;
        const ln::RunPosition position = position_of(path);
        CHECK(position.iteration >= iteration);
        iteration = position.iteration;
    }
    const int epochs = static_cast<int>(position_of(path).epoch) + 2;
    CHECK(train(path, epochs) == train("", epochs));
    CHECK(std::distance(std::filesystem::directory_iterator{scratch.folder()}, {}) == 1);
    MESSAGE(kills << " kills, " << while_writing << " of them while a checkpoint was written, " << iteration
                  << " steps");
}
