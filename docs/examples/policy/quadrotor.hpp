// A quadrotor and its flights: physics, wind, a figure eight to follow, what a controller observes. In
// metres, seconds and radians; z points up.
#pragma once

#include "vector.hpp"

#include <lamina/core.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace quadrotor {

inline constexpr float gravity = 9.81F;
inline constexpr float control_period = 0.01F;           // 100 Hz
inline constexpr float rotor_lag = 0.03F;                // until a rotor has done 63% of a change
inline constexpr Vector inertia{0.012F, 0.012F, 0.020F}; // over the mass
inline constexpr Vector lever{0.12F, 0.12F, 0.016F};     // torque over thrust: two arms, and a rotor's drag

/// The sign of each rotor's torque about the axes x (ahead), y (left) and z.
inline constexpr Vector sides[] = {{1, -1, 1}, {-1, -1, -1}, {1, 1, -1}, {-1, 1, 1}};

/// The thrust of each rotor: -1 is none, 1 is full.
using Action = lamina::Tensor<float, lamina::Shape<4>>;
/// What a controller observes: the distance from the target, the body's three axes, the velocity against the
/// target's, the angular velocity, and the last action.
using Observation = lamina::Tensor<float, lamina::Shape<22>>;

/// What a controller does not observe.
struct Flight {
    float thrust = 2;                ///< full, over the weight
    Vector wind = {};                ///< the acceleration by it
    float size = 0, round_trip = 10; ///< of the figure eight

    [[nodiscard]] Vector target(float time) const {
        const float angle = frequency() * time;
        return {size * std::sin(angle), size / 2 * std::sin(2 * angle), 0};
    }
    [[nodiscard]] Vector target_velocity(float time) const {
        const float angle = frequency() * time;
        return size * frequency() * Vector{std::cos(angle), std::cos(2 * angle), 0};
    }
    [[nodiscard]] Vector target_acceleration(float time) const {
        const float angle = frequency() * time;
        return -size * frequency() * frequency() * Vector{std::sin(angle), 2 * std::sin(2 * angle), 0};
    }

  private:
    [[nodiscard]] float frequency() const { return 2 * std::numbers::pi_v<float> / round_trip; }
};

struct Quadrotor {
    Vector position = {}, velocity = {};
    float w = 1;          ///< the attitude: a unit quaternion, w and
    Vector v = {};        ///< its vector
    Vector rate = {};     ///< angular velocity, about the body's axes
    float thrust[4] = {}; ///< of each rotor, from 0 to 1
    Action last = {};     ///< action
    float time = 0;

    // The body's axes.
    [[nodiscard]] Vector ahead() const {
        return {1 - 2 * (v.y * v.y + v.z * v.z), 2 * (v.x * v.y + w * v.z), 2 * (v.x * v.z - w * v.y)};
    }
    [[nodiscard]] Vector left() const {
        return {2 * (v.x * v.y - w * v.z), 1 - 2 * (v.x * v.x + v.z * v.z), 2 * (v.y * v.z + w * v.x)};
    }
    [[nodiscard]] Vector up() const {
        return {2 * (v.x * v.z + w * v.y), 2 * (v.y * v.z - w * v.x), 1 - 2 * (v.x * v.x + v.y * v.y)};
    }

    /// One step of the control loop, in four of the physics.
    void step(const Flight& flight, const Action& action) {
        for (int i = 0; i < 4; ++i)
            advance(flight, action, control_period / 4);
        last = action;
    }

    /// Newton's and Euler's equations over a time that is short against the lag of the rotors.
    void advance(const Flight& flight, const Action& action, float dt) {
        float lift = 0;
        Vector torque{};
        for (int i = 0; i < 4; ++i) {
            const float wanted = std::clamp((action[i] + 1) / 2, 0.0F, 1.0F);
            thrust[i] += (wanted - thrust[i]) * dt / rotor_lag;
            const float force = thrust[i] / 4 * flight.thrust * gravity; // over the mass
            lift += force;
            torque = torque + force * scaled(sides[i], lever);
        }
        const Vector acceleration = lift * up() + flight.wind - Vector{0, 0, gravity};
        position = position + dt * velocity + dt * dt / 2 * acceleration;
        velocity = velocity + dt * acceleration;

        const Vector moment = torque - cross(rate, scaled(rate, inertia));
        rate = rate + dt * scaled(moment, {1 / inertia.x, 1 / inertia.y, 1 / inertia.z});
        const float turned = w - dt / 2 * dot(v, rate);
        v = v + dt / 2 * (w * rate + cross(v, rate));
        const float norm = std::sqrt(turned * turned + dot(v, v));
        w = turned / norm;
        v = 1 / norm * v;
        time += dt;
    }

    [[nodiscard]] Observation observe(const Flight& flight) const {
        const Vector vectors[] = {position - flight.target(time),          ahead(), left(), up(),
                                  velocity - flight.target_velocity(time), rate};
        Observation x;
        for (int i = 0; i < 6; ++i) {
            x[3 * i] = vectors[i].x;
            x[3 * i + 1] = vectors[i].y;
            x[3 * i + 2] = vectors[i].z;
        }
        for (int i = 0; i < 4; ++i)
            x[18 + i] = last[i];
        return x;
    }
    [[nodiscard]] float distance(const Flight& flight) const {
        return length(position - flight.target(time));
    }
};

/// A flight of its own thrust, wind and figure eight.
[[nodiscard]] inline Flight draw_flight(lamina::Random& random) {
    const auto near = [&](float middle, float most) {
        return middle + most * static_cast<float>(random.symmetric());
    };
    Flight flight;
    flight.thrust = near(2.75F, 1.25F);
    flight.wind = {near(0, 2), near(0, 2), near(0, 1)};
    flight.size = near(0.5F, 0.5F);
    flight.round_trip = near(12, 2);
    return flight;
}
/// Where it begins: up to a metre away on each axis, tilted, in motion.
[[nodiscard]] inline Quadrotor draw_start(lamina::Random& random) {
    const auto draw = [&](float most) {
        const auto number = [&] { return most * static_cast<float>(random.symmetric()); };
        const float x = number(), y = number(), z = number();
        return Vector{x, y, z};
    };
    Quadrotor start;
    start.position = draw(1);
    start.velocity = draw(1);
    start.v = draw(0.3F);
    start.w = std::sqrt(1 - dot(start.v, start.v));
    start.rate = draw(1);
    for (float& thrust : start.thrust)
        thrust = 0.4F;
    for (float& action : start.last)
        action = -0.2F; // which gives that thrust
    return start;
}

} // namespace quadrotor
