// The quadrotor of docs/examples/policy: its physics by formulas, and its teacher.
#include "../../docs/examples/policy/teacher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ln = lamina;

namespace {

using namespace quadrotor;

const Action off{{-1, -1, -1, -1}}, full{{1, 1, 1, 1}};
constexpr float fine = 1e-4F; // a step of the physics; the tolerances below are its error over a second

void advance(Quadrotor& quadrotor, const Flight& flight, const Action& action, float seconds) {
    for (int i = 0; i < static_cast<int>(std::lround(seconds / fine)); ++i)
        quadrotor.advance(flight, action, fine);
}

/// In the world: of the rotation, over the mass.
Vector angular_momentum(const Quadrotor& quadrotor) {
    const Vector own = scaled(inertia, quadrotor.rate);
    return own.x * quadrotor.ahead() + own.y * quadrotor.left() + own.z * quadrotor.up();
}

float energy_of_rotation(const Quadrotor& quadrotor) {
    return dot(quadrotor.rate, scaled(inertia, quadrotor.rate)) / 2;
}

} // namespace

TEST_CASE("policy: without thrust, the quadrotor falls and the wind carries it, by t^2 / 2") {
    Quadrotor falling{.position = {1, 2, 3}, .velocity = {0.5F, -1, 4}};
    advance(falling, {.wind = {1, -2, 0.5F}}, off, 1);
    CHECK(falling.position.x == doctest::Approx(1 + 0.5F + 0.5F).epsilon(1e-3));
    CHECK(falling.position.y == doctest::Approx(2 - 1 - 1).epsilon(1e-3).scale(1));
    CHECK(falling.position.z == doctest::Approx(3 + 4 + 0.25F - gravity / 2).epsilon(1e-3));
    CHECK(falling.velocity.z == doctest::Approx(4 + 0.5F - gravity).epsilon(1e-3));
}

TEST_CASE("policy: where the thrust is the weight, the quadrotor hovers") {
    const float share = 1 / 2.5F;
    Quadrotor hovering{.thrust = {share, share, share, share}};
    const float action = 2 * share - 1;
    for (int t = 0; t < 500; ++t)
        hovering.step({.thrust = 2.5F}, {{action, action, action, action}});
    CHECK(length(hovering.position) < 1e-3F);
    CHECK(hovering.up().z == 1);
}

TEST_CASE("policy: tilted, the thrust accelerates by its part along each axis") {
    const float angle = 0.3F;
    Quadrotor tilted{.w = std::cos(angle / 2), .v = {0, std::sin(angle / 2), 0}, .thrust = {1, 1, 1, 1}};
    advance(tilted, {.thrust = 2}, full, 0.5F);
    CHECK(tilted.velocity.x == doctest::Approx(gravity * std::sin(angle)).epsilon(1e-3));
    CHECK(tilted.velocity.z == doctest::Approx(gravity * (std::cos(angle) - 0.5F)).epsilon(1e-3));
    CHECK(std::abs(tilted.velocity.y) < 1e-6F);
}

TEST_CASE("policy: a rotor's thrust approaches what is wanted as 1 - exp(-t / lag)") {
    Quadrotor starting;
    advance(starting, {}, full, 0.06F);
    CHECK(starting.thrust[2] == doctest::Approx(1 - std::exp(-0.06F / rotor_lag)).epsilon(2e-3));
}

TEST_CASE("policy: rotors that differ turn it by lever, inertia and thrust, each axis with its sign") {
    const float weight_ratio = 2, most = weight_ratio * gravity / 4;
    Quadrotor rolling{.thrust = {1, 0, 1, 0}}, pitching{.thrust = {0, 0, 1, 1}},
        yawing{.thrust = {1, 0, 0, 1}};
    advance(rolling, {.thrust = weight_ratio}, {{1, -1, 1, -1}}, 0.01F);
    advance(pitching, {.thrust = weight_ratio}, {{-1, -1, 1, 1}}, 0.01F);
    advance(yawing, {.thrust = weight_ratio}, {{1, -1, -1, 1}}, 0.01F);
    CHECK(rolling.rate.x ==
          doctest::Approx(0.01F * 2 * most * lever.x / inertia.x).epsilon(1e-3)); // left rises
    CHECK(rolling.left().z > 0);
    CHECK(pitching.rate.y ==
          doctest::Approx(0.01F * 2 * most * lever.y / inertia.y).epsilon(1e-3)); // nose sinks
    CHECK(pitching.ahead().z < 0);
    CHECK(yawing.rate.z ==
          doctest::Approx(0.01F * 2 * most * lever.z / inertia.z).epsilon(1e-3)); // to the left
    CHECK(yawing.ahead().y > 0);
}

TEST_CASE("policy: rotation that nothing disturbs keeps its angular momentum and energy") {
    Quadrotor tumbling{.rate = {3, 1, 5}};
    const Vector before = angular_momentum(tumbling);
    const float energy = energy_of_rotation(tumbling);
    const Vector rate = tumbling.rate;
    advance(tumbling, {}, off, 1);
    CHECK(length(tumbling.rate - rate) > 1); // about the body's axes it does change
    CHECK(length(angular_momentum(tumbling) - before) < 2e-3F * length(before));
    CHECK(energy_of_rotation(tumbling) == doctest::Approx(energy).epsilon(2e-3));
    CHECK(length(cross(tumbling.ahead(), tumbling.left()) - tumbling.up()) < 1e-5F);
}

TEST_CASE(
    "policy: the observation has the distance, the axes, the velocities and the last action, in this order") {
    Quadrotor quadrotor{.position = {1, 2, 3}, .velocity = {4, 5, 6}, .rate = {7, 8, 9}};
    quadrotor.last = {{0.1F, 0.2F, 0.3F, 0.4F}};
    const Flight flight{.size = 0.5F, .round_trip = 2}; // begins at 0, with this velocity
    const float speed = 0.5F * std::numbers::pi_v<float>;
    CHECK(quadrotor.observe(flight) ==
          Observation{{1, 2,         3,         1, 0, 0, 0, 1,    0,    0,    0,
                       1, 4 - speed, 5 - speed, 6, 7, 8, 9, 0.1F, 0.2F, 0.3F, 0.4F}});
}

TEST_CASE("policy: the teacher reaches the target in every flight, and stays with it") {
    for (int number = 0; number < 50; ++number) {
        ln::Random random{ln::seed{7}, number};
        const Flight flight = draw_flight(random);
        Quadrotor quadrotor = draw_start(random);
        float farthest = 0; // after five seconds
        for (int t = 0; t < 1000; ++t) {
            quadrotor.step(flight, teacher(quadrotor, flight));
            if (t >= 500)
                farthest = std::max(farthest, quadrotor.distance(flight));
        }
        CHECK(farthest < 0.05F);
    }
}
