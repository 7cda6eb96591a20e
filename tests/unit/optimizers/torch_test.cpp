// Optimisers against PyTorch, step by step.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

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
        parameters[i] = static_cast<T>(MadeNumbers{"optimizer/start"}[static_cast<std::uint64_t>(i)]);
    for (int step = 0; step < optimizer_steps; ++step) {
        CAPTURE(step);
        const MadeNumbers values{"optimizer/gradient " + std::to_string(step)};
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

TEST_CASE("AdamW: every step is PyTorch's") {
    for (const AdamWCase& c : adamw_cases)
        check_steps(c.name, AdamW{.learning_rate = c.learning_rate,
                                  .beta1 = c.beta1,
                                  .beta2 = c.beta2,
                                  .epsilon = c.epsilon,
                                  .weight_decay = c.weight_decay});
}

namespace {

/// Whether any element of an optimiser's state is subnormal after gradients have been zero for a long time,
/// or too small for their squares; and whether all are zero in the end.
template <class T, class Optimizer>
void check_state_decays(const Optimizer& optimizer) {
    constexpr int n = 3 * native_lanes<T> + 1, steps = sizeof(T) == 4 ? 100'000 : 800'000;
    T parameters[n] = {}, gradients[n];
    typename Optimizer::template State<T, n> state;
    for (int i = 0; i < n; ++i)
        gradients[i] = T(1) / static_cast<T>(1 + i);
    for (int step = 0; step < steps; ++step) {
        optimizer.template update<T, n>(parameters, gradients, state, 0.001);
        if (step == 0)
            for (T& g : gradients)
                g = T(0);
        if (step % 256 == 0)
            Optimizer::template State<T, n>::fields(state, [&](const char*, const auto& values) {
                if constexpr (std::is_array_v<std::remove_reference_t<decltype(values)>>)
                    for (const auto value : values)
                        REQUIRE(std::fpclassify(value) != FP_SUBNORMAL);
            });
    }
    Optimizer::template State<T, n>::fields(state, [&](const char* name, const auto& values) {
        CAPTURE(std::string(name));
        if constexpr (std::extent_v<std::remove_reference_t<decltype(values)>> == n)
            for (const T value : values)
                CHECK(value == 0);
    });
}

/// One step of each optimiser by numbers, while the program is compiled.
template <class Optimizer>
constexpr double compiled_step(const Optimizer& optimizer) {
    double parameter[1] = {1}, gradient[1] = {0.5};
    typename Optimizer::template State<double, 1> state;
    optimizer.template update<double, 1>(parameter, gradient, state, 0.1);
    return parameter[0];
}

} // namespace

TEST_CASE("optimisers: what is remembered becomes zero, and never subnormal, when gradients stay zero") {
    check_state_decays<float>(SGD{.momentum = 0.9});
    check_state_decays<float>(SGD{.momentum = 0.9, .nesterov = true});
    check_state_decays<float>(Adam{});
    check_state_decays<float>(AdamW{});
    check_state_decays<double>(SGD{.momentum = 0.9});
    check_state_decays<double>(Adam{});
}

TEST_CASE_TEMPLATE("Adam: without epsilon, steps are of the size of the rate or none", T, float, double) {
    constexpr int n = 2 * native_lanes<T> + 1;
    T parameters[n], gradients[n] = {};
    for (T& p : parameters)
        p = T(1);
    // The square of the first is subnormal, that of the second zero.
    gradients[0] = std::sqrt(std::numeric_limits<T>::min()) / 16;
    gradients[n - 1] = std::numeric_limits<T>::min() * 4;
    Adam::State<T, n> state;
    for (int step = 0; step < 10; ++step)
        Adam{.epsilon = 0}.update<T, n>(parameters, gradients, state, 0.001);
    for (int i = 0; i < n; ++i) {
        CAPTURE(i);
        CHECK(parameters[i] <= 1);
        CHECK(parameters[i] >= T(1 - 0.0101));
        if (i != 0 && i != n - 1)
            CHECK(parameters[i] == 1);
    }
}

TEST_CASE("optimisers: a step in a constant expression") {
    static_assert(compiled_step(SGD{.momentum = 0.9}) == 1 - 0.1 * 0.5);
    static_assert(compiled_step(SGD{.momentum = 0.9, .nesterov = true}) == 1 - 0.1 * (0.9 * 0.5 + 0.5));
    // The first step of Adam is the rate, whatever the gradient.
    static_assert(compiled_step(Adam{}) > 0.8999999 && compiled_step(Adam{}) < 0.9000001);
    constexpr AdamW decaying{.weight_decay = 0.5}; // and that of AdamW, the decay more
    static_assert(compiled_step(decaying) > 0.8499999 && compiled_step(decaying) < 0.8500001);
}
