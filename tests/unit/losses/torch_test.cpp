// Losses against PyTorch: value, and gradient by the network's outputs.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/reference.hpp"
#include "oracle/sequence.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace lamina;
using namespace oracle;

namespace {

// A sum of ten terms, each rounded by 2^-53 or 2^-24; exp and log are good to a few of these units.
template <class T>
constexpr double tolerance = sizeof(T) == 8 ? 5e-15 : 5e-7;

std::string name_of(SoftmaxCrossEntropy, const LossCase& c) {
    return name("cross_entropy", c);
}
/// With targets that are no label, but weights of the classes.
struct SoftCrossEntropy : SoftmaxCrossEntropy {};
std::string name_of(SoftCrossEntropy, const LossCase& c) {
    return name("soft_cross_entropy", c);
}
std::string name_of(MeanSquaredError, const LossCase& c) {
    return name("squared_error", c);
}

// Element i of sample n's target.
double target(SoftmaxCrossEntropy loss, const LossCase& c, int n, int i) {
    const Sequence labels{name_of(loss, c) + "/labels"};
    return labels.byte(static_cast<std::uint64_t>(n)) % c.outputs == i ? 1 : 0;
}
double target(SoftCrossEntropy loss, const LossCase& c, int n, int i) {
    return 1 + Sequence{name_of(loss, c) + "/target"}[static_cast<std::uint64_t>(n * c.outputs + i)];
}
double target(MeanSquaredError loss, const LossCase& c, int n, int i) {
    return Sequence{name_of(loss, c) + "/target"}[static_cast<std::uint64_t>(n * c.outputs + i)];
}

// Sample n is in lane 0, the samples that follow it in the other lanes; after the last comes the first.
template <int Outputs, class E, class Loss>
void check_loss_in(Loss loss, const LossCase& c) {
    using T = scalar_of<E>;
    CAPTURE(lanes_of<E>);
    CAPTURE(sizeof(T));
    static const References references{"losses"};
    const std::string name = name_of(loss, c);
    const Sequence logits{name + "/logits"};
    const Reference& expected = references[name + "/dlogits"];
    REQUIRE(expected.values.size() == static_cast<std::size_t>(c.batch * Outputs));

    Tensor<E, Shape<Outputs>> y, t, dy;
    double means[lanes_of<E>] = {};
    Difference gradient, value;
    for (int n = 0; n < c.batch; ++n) {
        for (int r = 0; r < lanes_of<E>; ++r)
            for (int i = 0; i < Outputs; ++i) {
                const int sample = (n + r) % c.batch;
                const auto place = static_cast<std::uint64_t>(sample * Outputs + i);
                set_lane(y[i], r, static_cast<T>(c.scale * logits[place]));
                set_lane(t[i], r, static_cast<T>(target(loss, c, sample, i)));
            }
        const E of_samples = loss.loss_and_gradient(y.view(), t.view(), dy.view());
        for (int r = 0; r < lanes_of<E>; ++r) {
            means[r] += static_cast<double>(lane(of_samples, r)) / c.batch;
            for (int i = 0; i < Outputs; ++i)
                gradient.add(static_cast<double>(lane(dy[i], r)) / c.batch,
                             expected.values[static_cast<std::size_t>((n + r) % c.batch * Outputs + i)]);
        }
    }
    for (double mean : means)
        value.add(mean, references[name + "/value"].values[0]);
    CHECK(gradient.relative() <= tolerance<T>);
    CHECK(value.relative() <= tolerance<T>);
}

template <const auto& cases, class Loss>
void check_loss(Loss loss) {
    const auto check = [&]<LossCase C>() {
        CAPTURE(name_of(loss, C));
        check_loss_in<C.outputs, double>(loss, C);
        check_loss_in<C.outputs, pack<double>>(loss, C);
        check_loss_in<C.outputs, float>(loss, C);
        check_loss_in<C.outputs, pack<float>>(loss, C);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (check.template operator()<cases[I]>(), ...);
    }
    (std::make_index_sequence<cases.size()>{});
}

} // namespace

TEST_CASE("SoftmaxCrossEntropy: value and gradient are PyTorch's") {
    check_loss<cross_entropy_cases>(SoftmaxCrossEntropy{});
}

TEST_CASE("SoftmaxCrossEntropy of targets that do not sum to 1: value and gradient are PyTorch's") {
    check_loss<soft_cross_entropy_cases>(SoftCrossEntropy{});
}

TEST_CASE("MeanSquaredError: value and gradient are PyTorch's") {
    check_loss<squared_error_cases>(MeanSquaredError{});
}
