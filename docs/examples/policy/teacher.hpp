// The controller that the policy imitates. It knows all about the flight.
#pragma once

#include "quadrotor.hpp"

namespace quadrotor {

/// Proportional and derivative control of the position gives an acceleration, the same of the attitude turns
/// the thrust to it. (After Lee, Leok & McClamroch, "Geometric tracking control of a quadrotor UAV on SE(3)",
/// CDC 2010.)
[[nodiscard]] inline Action teacher(const Quadrotor& quadrotor, const Flight& flight) {
    const Vector ahead = quadrotor.ahead(), left = quadrotor.left(), up = quadrotor.up();
    const Vector error = quadrotor.position - flight.target(quadrotor.time);
    const Vector speed = quadrotor.velocity - flight.target_velocity(quadrotor.time);
    Vector wanted = -6 * error - 4 * speed;
    wanted = 6 / std::max(6.0F, length(wanted)) * wanted + flight.target_acceleration(quadrotor.time) -
             flight.wind + Vector{0, 0, gravity};

    const Vector direction = 1 / length(wanted) * wanted;
    const Vector angle{-dot(direction, left), dot(direction, ahead), -ahead.y}; // yaw: ahead is along x
    const Vector turn = scaled({100, 100, 20}, angle) - scaled({16, 16, 8}, quadrotor.rate);
    const Vector torque{inertia.x * turn.x / lever.x, inertia.y * turn.y / lever.y,
                        inertia.z * turn.z / lever.z};
    Action action;
    for (int i = 0; i < 4; ++i)
        action[i] = std::clamp(2 * (dot(wanted, up) + dot(sides[i], torque)) / (flight.thrust * gravity) - 1,
                               -1.0F, 1.0F);
    return action;
}

} // namespace quadrotor
