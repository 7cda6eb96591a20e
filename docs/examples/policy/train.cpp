// A policy with memory learns to fly a quadrotor from a controller that knows more than the policy observes.
// Writes its parameters, trained_policy.hpp, and a picture of one flight, flight.svg.
#include "network.hpp"
#include "teacher.hpp"

#include "../fashion/chart.hpp"

#include <lamina/io/embed.hpp>
#include <lamina/train/fit.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace quadrotor;

/// For comparison: about as many parameters, and no memory.
using Memoryless =
    ln::Model<ln::Net<ln::Dense<32>, ln::ReLU, ln::Dense<32>, ln::ReLU, ln::Dense<4>>, Policy::input_shape>;
static_assert(Memoryless::parameter_count == 1924);

constexpr ln::seed training_seed{1}, test_seed{2};
constexpr int window = ln::step_count<Policy::input_shape>;

/// Windows of flights: what was observed, and what the teacher would have done.
struct Windows {
    std::vector<Policy::Input> observations;
    std::vector<Policy::Output> actions;
};

/// Adds flights of up to four windows. In round 0 the teacher flies, later the model in three windows of
/// four, so that it learns to come back from where its own mistakes lead (DAgger: Ross, Gordon & Bagnell, "A
/// reduction of imitation learning and structured prediction to no-regret online learning", AISTATS 2011).
/// Noise disturbs half of the windows.
template <class Model>
void fly(const Model& model, int round, int flights, Windows& windows) {
    for (int number = 0; number < flights; ++number) {
        ln::Random random{training_seed, round, number};
        const Flight flight = draw_flight(random);
        Quadrotor quadrotor = draw_start(random);
        ln::Stream<Model, 1> stream{model};
        for (int i = 0; i < 4 && quadrotor.distance(flight) < 3; ++i) {
            auto& observations = windows.observations.emplace_back();
            auto& actions = windows.actions.emplace_back();
            const bool model_flies = round > 0 && random.below(4) > 0;
            const float noise = random.below(2) == 0 ? 0.0F : 0.2F;
            for (int t = 0; t < window; ++t) {
                const Observation x = quadrotor.observe(flight);
                const Action right = teacher(quadrotor, flight), own = stream.step(x);
                for (int c = 0; c < 22; ++c)
                    observations(c, t) = x[c];
                for (int c = 0; c < 4; ++c)
                    actions(c, t) = right[c];
                Action action = model_flies ? own : right;
                for (float& a : action)
                    a = std::clamp(a + noise * static_cast<float>(random.symmetric()), -1.0F, 1.0F);
                quadrotor.step(flight, action);
            }
        }
    }
}

template <class Model>
std::unique_ptr<Model> train(const char* name, int rounds, int flights) {
    auto model = std::make_unique<Model>(ln::seed{42});
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::Adam>>();
    ln::Trainer trainer{*model, ln::MeanSquaredError{}, ln::Adam{.learning_rate = 0.01}, *memory};
    Windows windows;
    for (int round = 0; round < rounds; ++round) {
        fly(*model, round, flights, windows);
        const ln::data::Samples samples{windows.observations, windows.actions};
        double loss = 0;
        ln::fit(trainer, samples,
                {.epochs = 10,
                 .batch = 32,
                 .schedule = ln::Cosine{},
                 .clip_norm = 1,
                 .on_epoch = [&](const ln::EpochReport& report) { loss = report.loss; },
                 .progress = false});
        std::printf("%-14s round %2d, %5zu windows: loss %.4f\n", name, round + 1, samples.size(), loss);
        std::fflush(stdout);
    }
    return model;
}

/// A flight to test with, and where the quadrotor is at each step of its ten seconds.
struct TestFlight {
    Flight flight;
    std::vector<Quadrotor> path;

    TestFlight(int number, const auto& pilot) {
        auto own = pilot; // with a memory of its own
        ln::Random random{test_seed, number};
        flight = draw_flight(random);
        path.push_back(draw_start(random));
        while (path.size() <= 1000) {
            Quadrotor next = path.back();
            next.step(flight, own(next, flight));
            path.push_back(next);
        }
    }
    /// The mean over the steps after the first two seconds.
    [[nodiscard]] double distance() const {
        double sum = 0;
        for (std::size_t t = 201; t < path.size(); ++t)
            sum += static_cast<double>(path[t].distance(flight));
        return sum / static_cast<double>(path.size() - 201);
    }
};

/// Flies as the model says.
template <class Model>
auto pilot(const Model& model) {
    return [stream = ln::Stream<Model, 1>{model}](const Quadrotor& quadrotor, const Flight& flight) mutable {
        return stream.step(quadrotor.observe(flight));
    };
}

void print_distance(const char* name, const auto& pilot) {
    constexpr int flights = 100;
    double sum = 0, worst = 0;
    for (int number = 0; number < flights; ++number) {
        const double distance = TestFlight{number, pilot}.distance();
        sum += distance;
        worst = std::max(worst, distance);
    }
    std::printf("%-14s %.3f m from the target, %.3f m in the worst flight\n", name, sum / flights, worst);
}

void print_time(const Policy& policy) {
    const TestFlight test{0, teacher};
    std::vector<Observation> observations;
    for (const Quadrotor& quadrotor : test.path)
        observations.push_back(quadrotor.observe(test.flight));
    Controller controller{policy};
    float sum = 0;
    std::vector<double> times; // of a step, in nanoseconds, in each of these flights
    while (times.size() < 201) {
        const auto start = std::chrono::steady_clock::now();
        for (const Observation& x : observations)
            sum += controller.step(x)[0];
        const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
        times.push_back(time.count() / static_cast<double>(observations.size()));
    }
    std::ranges::nth_element(times, times.begin() + 100);
    const double step = times[100]; // the median
    if (!(std::abs(sum) < 1e9F))    // which also keeps the compiler from dropping the steps
        throw std::runtime_error{"the policy's actions are not finite"};
    std::printf("a step of the policy takes %.0f ns: %.4f%% of a loop at 100 Hz, %.4f%% at 500 Hz\n", step,
                step * 1e-7 * 100, step * 5e-7 * 100);
}

/// Draws a test flight from above and from the side.
void draw(const Policy& policy, const Memoryless& memoryless, const char* file) {
    constexpr int number = 4;
    chart::Panel above{.y = chart::Axis{.label = "to the left, m"}},
        aside{.y = chart::Axis{.label = "up, m"}};
    const auto add = [&](const char* name, auto place) {
        chart::Line from_above{name, {}}, from_the_side{name, {}};
        for (std::size_t t = 0; t <= 1000; t += 10) {
            const Vector at = place(t);
            from_above.points.push_back({at.x, at.y});
            from_the_side.points.push_back({at.x, at.z});
        }
        above.lines.push_back(from_above);
        aside.lines.push_back(from_the_side);
    };
    const auto add_flight = [&](const char* name, const TestFlight& test) {
        add(name, [&](std::size_t t) { return test.path[t].position; });
    };
    const TestFlight right{number, teacher};
    add("target", [&](std::size_t t) { return right.flight.target(right.path[t].time); });
    add_flight("teacher", right);
    add_flight("policy", {number, pilot(policy)});
    add_flight("without memory", {number, pilot(memoryless)});
    std::ofstream out{file};
    out << chart::svg({.title = "Ten seconds of a quadrotor in the wind",
                       .x = chart::Axis{.label = "ahead, m"},
                       .panels = {above, aside}});
    if (!out.flush())
        throw std::runtime_error{std::string{file} + ": cannot be written"};
}

void run(int rounds, int flights) {
    const auto policy = train<Policy>("policy", rounds, flights);
    const auto memoryless = train<Memoryless>("without memory", rounds, flights);
    print_distance("teacher", teacher);
    print_distance("policy", pilot(*policy));
    print_distance("without memory", pilot(*memoryless));
    print_time(*policy);
    draw(*policy, *memoryless, "flight.svg");
    ln::embed(*policy, "trained_policy", "trained_policy.hpp");
}

} // namespace

/// policy [<rounds of training> [<flights a round>]]
int main(int count, char** words) {
    try {
        run(count > 1 ? std::stoi(words[1]) : 10, count > 2 ? std::stoi(words[2]) : 500);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "policy: %s\n", error.what());
        return 1;
    }
}
