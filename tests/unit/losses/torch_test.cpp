// Losses against PyTorch: value, and gradient by the network's outputs.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace lamina;
using namespace oracle;

namespace {

// A sum of ten terms, each rounded by 2^-53 or 2^-24; exp and log are good to a few of these units.
template <class T>
constexpr double tolerance = sizeof(T) == 8 ? 5e-15 : 5e-7;

/// What the targets of a case are: see cases.hpp.
enum class Targets { labels, numbers, from_0_to_2, yes_or_no };

/// Sample n's label.
int label(const std::string& name, const LossCase& c, int n) {
    return MadeNumbers{name + "/labels"}.byte(static_cast<std::uint64_t>(n)) % c.outputs;
}
/// Element i of sample n's target.
double target(Targets kind, const std::string& name, const LossCase& c, int n, int i) {
    if (kind == Targets::labels)
        return label(name, c, n) == i ? 1 : 0;
    const double number = MadeNumbers{name + "/target"}[static_cast<std::uint64_t>(n * c.outputs + i)];
    if (kind == Targets::yes_or_no)
        return n == c.batch - 1 ? std::abs(number) : number > 0 ? 1 : 0;
    return kind == Targets::from_0_to_2 ? 1 + number : number;
}

/// What each loss is multiplied with before all are added: PyTorch divides by the sum of the labels' weights,
/// or else by the number of samples.
template <class Loss>
double share_of_sample(const Loss& loss, Targets kind, const std::string& name, const LossCase& c) {
    double sum = 0;
    for (int n = 0; n < c.batch; ++n) {
        if constexpr (requires { loss.class_weights; }) {
            if (kind == Targets::labels) {
                sum += loss.class_weights[static_cast<std::size_t>(label(name, c, n))];
                continue;
            }
        }
        ++sum;
    }
    return 1 / sum;
}

// Sample n is in lane 0, the samples that follow it in the other lanes; after the last comes the first.
template <int Outputs, class E, class Loss>
void check_loss_in(Loss loss, Targets kind, const std::string& name, const LossCase& c) {
    using T = scalar_of<E>;
    CAPTURE(lanes_of<E>);
    CAPTURE(sizeof(T));
    static const References references{"losses"};
    const MadeNumbers logits{name + "/logits"};
    const Reference& expected = references[name + "/dlogits"];
    REQUIRE(expected.values.size() == static_cast<std::size_t>(c.batch * Outputs));

    Tensor<E, Shape<Outputs>> y, t, dy;
    const double share = share_of_sample(loss, kind, name, c);
    double means[lanes_of<E>] = {};
    Difference gradient, value;
    for (int n = 0; n < c.batch; ++n) {
        for (int r = 0; r < lanes_of<E>; ++r)
            for (int i = 0; i < Outputs; ++i) {
                const int sample = (n + r) % c.batch;
                const auto place = static_cast<std::uint64_t>(sample * Outputs + i);
                set_lane(y[i], r, static_cast<T>(c.scale * logits[place]));
                set_lane(t[i], r, static_cast<T>(target(kind, name, c, sample, i)));
            }
        const E of_samples = loss.loss_and_gradient(y.view(), t.view(), dy.view());
        for (int r = 0; r < lanes_of<E>; ++r) {
            means[r] += static_cast<double>(lane(of_samples, r)) * share;
            for (int i = 0; i < Outputs; ++i)
                gradient.add(static_cast<double>(lane(dy[i], r)) * share,
                             expected.values[static_cast<std::size_t>((n + r) % c.batch * Outputs + i)]);
        }
    }
    for (double mean : means)
        value.add(mean, references[name + "/value"].values[0]);
    CHECK(gradient.relative() <= tolerance<T>);
    CHECK(value.relative() <= tolerance<T>);
}

/// `make` gives a case's loss.
template <const auto& cases>
void check_loss(const char* name, Targets kind, auto make) {
    const auto check = [&]<LossCase C>() {
        const std::string of_case = oracle::name(name, C);
        CAPTURE(of_case);
        const auto loss = make.template operator()<C>();
        check_loss_in<C.outputs, double>(loss, kind, of_case, C);
        check_loss_in<C.outputs, pack<double>>(loss, kind, of_case, C);
        check_loss_in<C.outputs, float>(loss, kind, of_case, C);
        check_loss_in<C.outputs, pack<float>>(loss, kind, of_case, C);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (check.template operator()<cases[I]>(), ...);
    }
    (std::make_index_sequence<cases.size()>{});
}

/// The loss of samples with labels of each step, of vectors or of images. Sample n is in all lanes.
template <StepsCase C, class T, class Step = Shape<C.outputs>>
void check_steps(const auto& loss) {
    static const References references{"losses"};
    const std::string of_case = oracle::name(C);
    CAPTURE(of_case);
    const MadeNumbers logits{of_case + "/logits"}, labels{of_case + "/labels"};
    const std::vector<double>& expected = references[of_case + "/dlogits"].values;
    std::vector<Tensor<T, Shape<1>>> inputs(C.batch);
    std::vector<std::array<int, std::size_t{C.steps}>> of_steps(C.batch);
    std::vector<std::uint32_t> all(C.batch);
    for (std::size_t n = 0; n < C.batch; ++n) {
        all[n] = static_cast<std::uint32_t>(n);
        for (std::size_t k = 0; k < C.steps; ++k)
            of_steps[n][k] = labels.byte(n * C.steps + k) % C.outputs;
    }
    const data::Samples data{inputs, of_steps};
    const double share = share_of_sample<double>(loss, data, all);

    Tensor<pack<T>, Sequence<C.steps, Step>> y, t, dy;
    double mean = 0;
    Difference gradient, value;
    for (std::size_t n = 0; n < C.batch; ++n) {
        const std::size_t first = n * static_cast<std::size_t>(y.view().size);
        const auto place = [&](int o, int k) { // in PyTorch's order
            return first + static_cast<std::size_t>(o) * std::size_t{C.steps} + static_cast<std::size_t>(k);
        };
        for (int o = 0; o < C.outputs; ++o)
            for (int k = 0; k < C.steps; ++k)
                at_step(y, k, o) = pack<T>(static_cast<T>(4 * logits[place(o, k)]));
        std::uint32_t lanes[std::size_t{native_lanes<T>}];
        for (std::uint32_t& lane : lanes)
            lane = static_cast<std::uint32_t>(n);
        data.targets(lanes, t.view());
        mean += static_cast<double>(loss.loss_and_gradient(y.view(), t.view(), dy.view())[0]) * share;
        for (int o = 0; o < C.outputs; ++o)
            for (int k = 0; k < C.steps; ++k)
                gradient.add(static_cast<double>(at_step(dy, k, o)[native_lanes<T> - 1]) * share,
                             expected[place(o, k)]);
    }
    value.add(mean, references[of_case + "/value"].values[0]);
    CHECK(gradient.relative() <= tolerance<T>);
    CHECK(value.relative() <= tolerance<T>);
}

} // namespace

TEST_CASE("cross entropy at each step of a sequence: value and gradient are PyTorch's") {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const auto check = []<StepsCase C>() {
            SoftmaxCrossEntropy plain{.label_smoothing = double{C.setting}};
            WeightedCrossEntropy<std::size_t{C.outputs}> weighted{.label_smoothing = double{C.setting}};
            for (std::size_t i = 0; i < weighted.class_weights.size(); ++i)
                weighted.class_weights[i] = class_weight(static_cast<int>(i));
            if constexpr (C.weighted) {
                check_steps<C, double>(weighted);
                check_steps<C, float>(weighted);
            } else {
                check_steps<C, double>(plain);
                check_steps<C, double, Shape<1, 1, C.outputs>>(plain);
                check_steps<C, float>(plain);
            }
        };
        (check.template operator()<steps_cases[I]>(), ...);
    }
    (std::make_index_sequence<steps_cases.size()>{});
}

TEST_CASE(
    "SoftmaxCrossEntropy: value and gradient are PyTorch's, of labels and of targets that do not sum to 1") {
    const auto plain = []<LossCase>() { return SoftmaxCrossEntropy{}; };
    check_loss<cross_entropy_cases>("cross_entropy", Targets::labels, plain);
    check_loss<soft_cross_entropy_cases>("soft_cross_entropy", Targets::from_0_to_2, plain);
}

TEST_CASE("SoftmaxCrossEntropy with label smoothing: value and gradient are PyTorch's") {
    const auto smoothed = []<LossCase C>() {
        return SoftmaxCrossEntropy{.label_smoothing = double{C.setting}};
    };
    check_loss<smoothed_cases>("smoothed", Targets::labels, smoothed);
    check_loss<smoothed_cases>("soft_smoothed", Targets::from_0_to_2, smoothed);
}

TEST_CASE("WeightedCrossEntropy: value and gradient are PyTorch's, also with label smoothing") {
    const auto weighted = []<LossCase C>() {
        WeightedCrossEntropy<std::size_t{C.outputs}> loss{.label_smoothing = double{C.setting}};
        for (std::size_t i = 0; i < loss.class_weights.size(); ++i)
            loss.class_weights[i] = class_weight(static_cast<int>(i));
        return loss;
    };
    check_loss<weighted_cases>("weighted", Targets::labels, weighted);
    check_loss<weighted_cases>("soft_weighted", Targets::from_0_to_2, weighted);
}

TEST_CASE("BinaryCrossEntropy: value and gradient are PyTorch's") {
    check_loss<binary_cases>("binary", Targets::yes_or_no, []<LossCase C>() {
        return BinaryCrossEntropy{.positive_weight = double{C.setting}};
    });
}

TEST_CASE("MeanSquaredError, MeanAbsoluteError and Huber: value and gradient are PyTorch's") {
    check_loss<squared_error_cases>("squared_error", Targets::numbers,
                                    []<LossCase>() { return MeanSquaredError{}; });
    check_loss<absolute_error_cases>("absolute_error", Targets::numbers,
                                     []<LossCase>() { return MeanAbsoluteError{}; });
    check_loss<huber_cases>("huber", Targets::numbers,
                            []<LossCase C>() { return Huber{.delta = double{C.setting}}; });
}
