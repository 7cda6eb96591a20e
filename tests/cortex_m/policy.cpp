// Flies the quadrotor of docs/examples/policy for three seconds, by a policy in flash.
#include "board.hpp"

#include "../../docs/examples/policy/network.hpp"
#include "../../docs/examples/policy/quadrotor.hpp"
#include "trained_policy.hpp"

namespace {

constexpr Policy policy = ln::with_embedded<Policy, trained_policy>();
Controller controller{policy};

} // namespace

int run() {
    ln::Random random{ln::seed{3}};
    const quadrotor::Flight flight = quadrotor::draw_flight(random);
    quadrotor::Quadrotor quadrotor = quadrotor::draw_start(random);
    for (int t = 0; t < 300; ++t) {
        const quadrotor::Action action = controller.step(quadrotor.observe(flight));
        for (const float a : action)
            report("action", a);
        quadrotor.step(flight, action);
    }
    report("distance", quadrotor.distance(flight));
    return quadrotor.distance(flight) < 0.3F ? 0 : 1;
}
