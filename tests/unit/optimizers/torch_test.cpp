// Optimisers against PyTorch, step by step.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/reference.hpp"
#include "oracle/sequence.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lamina;
using namespace oracle;

namespace {

const References& references() {
    static const References all{"optimizers"};
    return all;
}

// Parameters are of size 1 and move by less than that; an update is a handful of operations, each rounded by
// 2^-53 or 2^-24.
template <class T, class Optimizer>
void check_steps_in(const char* name, const Optimizer& optimizer, double tolerance) {
    CAPTURE(sizeof(T));
    constexpr int n = optimizer_parameters;
    const Reference& expected = references()[name];
    REQUIRE(expected.values.size() == std::size_t{optimizer_steps * n});

    T parameters[n], gradients[n];
    typename Optimizer::template State<T, n> state;
    for (int i = 0; i < n; ++i)
        parameters[i] = static_cast<T>(Sequence{"optimizer/start"}[static_cast<std::uint64_t>(i)]);
    for (int step = 0; step < optimizer_steps; ++step) {
        CAPTURE(step);
        const Sequence values{"optimizer/gradient " + std::to_string(step)};
        for (int i = 0; i < n; ++i)
            gradients[i] = static_cast<T>(values[static_cast<std::uint64_t>(i)]);
        optimizer.template update<T, n>(parameters, gradients, state, optimizer.learning_rate);
        Difference difference;
        for (int i = 0; i < n; ++i)
            difference.add(static_cast<double>(parameters[i]),
                           expected.values[static_cast<std::size_t>(step * n + i)]);
        CHECK(difference.relative() <= tolerance);
    }
}

template <class Optimizer>
void check_steps(const char* name, const Optimizer& optimizer) {
    INFO(std::string(name));
    check_steps_in<double>(name, optimizer, 1e-15);
    check_steps_in<float>(name, optimizer, 5e-7);
}

} // namespace

TEST_CASE("SGD: every step is PyTorch's with and without momentum") {
    for (const SGDCase& c : sgd_cases)
        check_steps(c.name,
                    SGD{.learning_rate = c.learning_rate, .momentum = c.momentum, .nesterov = c.nesterov});
}

TEST_CASE("Adam: every step is PyTorch's") {
    for (const AdamCase& c : adam_cases)
        check_steps(
            c.name,
            Adam{.learning_rate = c.learning_rate, .beta1 = c.beta1, .beta2 = c.beta2, .epsilon = c.epsilon});
}
