#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/data/split.hpp>
#include <lamina/data/standardize.hpp>

#include <doctest/doctest.h>

#include <array>
#include <vector>

namespace ln = lamina;

namespace {

using In = ln::Shape<2, 3, 4>;
using Out = ln::Shape<5>;

/// Sample s holds 100 s + i at i, its target -100 s - i.
template <class S>
std::vector<ln::Tensor<float, S>> made(int count, float sign) {
    std::vector<ln::Tensor<float, S>> tensors(static_cast<std::size_t>(count));
    for (int s = 0; s < count; ++s)
        for (int i = 0; i < S::size; ++i)
            tensors[static_cast<std::size_t>(s)][i] = sign * static_cast<float>(100 * s + i);
    return tensors;
}

constexpr int lanes = ln::native_lanes<float>;

} // namespace

TEST_CASE("samples: shows the tensors it was given") {
    const auto inputs = made<In>(3, 1);
    const auto targets = made<Out>(3, -1);
    const ln::data::Samples data{std::span{inputs}, std::span{targets}};
    static_assert(std::is_same_v<decltype(data), const ln::data::Samples<float, In, Out>>);
    CHECK(data.size() == 3);
    CHECK(&data.input(2) == &inputs[2]);
    CHECK(&data.target(1) == &targets[1]);
}

TEST_CASE("samples: each of a pack's samples goes to its own lane, in any order, also twice") {
    const auto inputs = made<In>(40, 1);
    const auto targets = made<Out>(40, -1);
    const ln::data::Samples data{std::span{inputs}, std::span{targets}};
    std::uint32_t indices[static_cast<std::size_t>(lanes)];
    for (int r = 0; r < lanes; ++r)
        indices[r] = static_cast<std::uint32_t>(r == 1 ? 39 : (r * 7) % 40);
    ln::Tensor<ln::pack<float>, In> x;
    ln::Tensor<ln::pack<float>, Out> t;
    data.inputs(indices, x.view());
    data.targets(indices, t.view());
    for (int r = 0; r < lanes; ++r) {
        for (int i = 0; i < In::size; ++i)
            CHECK(x[i][r] == static_cast<float>(100 * static_cast<int>(indices[r]) + i));
        for (int i = 0; i < Out::size; ++i)
            CHECK(t[i][r] == -static_cast<float>(100 * static_cast<int>(indices[r]) + i));
    }
}

TEST_CASE("samples: an input's halo is left alone") {
    const auto inputs = made<In>(1, 1);
    const auto targets = made<Out>(1, -1);
    const ln::data::Samples data{std::span{inputs}, std::span{targets}};
    using Layout = ln::Layout<In, 1>;
    std::vector<ln::pack<float>> cells(static_cast<std::size_t>(Layout::extent), ln::pack<float>(-1));
    const ln::View<ln::pack<float>, In, 1> x{cells.data() + Layout::origin};
    const std::uint32_t indices[static_cast<std::size_t>(lanes)] = {};
    data.inputs(indices, x);
    CHECK(x(0, 0, 0)[0] == 0);
    CHECK(x(1, 2, 3)[0] == 23);
    CHECK(x(0, -1, 0)[0] == -1);
    CHECK(x(1, 1, 4)[0] == -1);
}

TEST_CASE("samples: made of vectors, arrays and spans, constant or not, with labels of any integers") {
    std::vector<ln::Tensor<float, In>> vector(2);
    const std::array<ln::Tensor<float, In>, 2> array{};
    ln::Tensor<float, In> c_array[2] = {};
    const std::vector<int> ints{0, 4};
    const std::uint8_t bytes[] = {3, 255};
    std::array<long long, 2> longs{1, -1};
    const ln::data::Samples a{vector, ints}, b{std::span{vector}, std::span{ints}};
    static_assert(std::is_same_v<decltype(a), const ln::data::Samples<float, In, int>>);
    static_assert(std::is_same_v<decltype(b), decltype(a)>);
    const ln::data::Samples c{array, bytes};
    static_assert(std::is_same_v<decltype(c), const ln::data::Samples<float, In, std::uint8_t>>);
    const ln::data::Samples d{c_array, longs};
    static_assert(std::is_same_v<decltype(d), const ln::data::Samples<float, In, long long>>);
    CHECK(a.label(1) == 4);
    CHECK(b.label(1) == 4);
    CHECK(c.label(1) == 255);
    CHECK(d.label(1) == -1);
    CHECK(&c.input(1) == &array[1]);
    CHECK(&d.input(1) == &c_array[1]);

    std::vector<ln::Tensor<float, Out>> targets(2);
    const ln::data::Samples e{vector, targets};
    static_assert(std::is_same_v<decltype(e), const ln::data::Samples<float, In, Out>>);
    CHECK(&e.target(1) == &targets[1]);
    const ln::data::Samples<float, In, int> named{vector, ints};
    CHECK(named.label(0) == 0);
    const ln::data::Samples copy{a};
    static_assert(std::is_same_v<decltype(copy), decltype(a)>);
    CHECK(copy.label(1) == 4);
}

TEST_CASE("samples: the target of a label is 1 at the label, or the label itself where there is one output") {
    const std::vector<ln::Tensor<float, In>> inputs(3);
    const std::vector<int> classes{4, 0, 2};
    const std::array<bool, 3> yes_or_no{true, false, true};
    const ln::data::Samples labelled{inputs, classes};
    const ln::data::Samples logits{inputs, yes_or_no};
    std::uint32_t indices[static_cast<std::size_t>(lanes)];
    for (int r = 0; r < lanes; ++r)
        indices[r] = static_cast<std::uint32_t>(r % 3);
    ln::Tensor<ln::pack<float>, Out> t;
    ln::Tensor<ln::pack<float>, ln::Shape<1>> logit;
    labelled.targets(indices, t.view());
    logits.targets(indices, logit.view());
    for (int r = 0; r < lanes; ++r) {
        for (int i = 0; i < Out::size; ++i)
            CHECK(t[i][r] == (i == classes[indices[r]] ? 1.0F : 0.0F));
        CHECK(logit[0][r] == (yes_or_no[indices[r]] ? 1.0F : 0.0F));
    }
}

TEST_CASE("samples: as many labels as inputs, or a data_error that counts both") {
    const auto inputs = made<In>(3, 1);
    const std::vector<int> labels(2);
    CHECK_THROWS_WITH_AS((ln::data::Samples{inputs, labels}),
                         "samples: expected a label for each of 3 inputs, found 2 labels", ln::data_error);
    CHECK((ln::data::Samples<float, In, int>{{}, {}}).size() == 0);
}

TEST_CASE("samples: as many targets as inputs, or a data_error that counts both") {
    const auto inputs = made<In>(3, 1);
    const auto targets = made<Out>(2, -1);
    CHECK_THROWS_WITH_AS((ln::data::Samples{std::span{inputs}, std::span{targets}}),
                         "samples: expected a target for each of 3 inputs, found 2 targets", ln::data_error);
    CHECK((ln::data::Samples<float, In, Out>{{}, {}}).size() == 0);
}

TEST_CASE("samples and images: an index out of range is refused") { // unless compiled with NDEBUG
    if (ln::checks_indices) {
        const std::vector<ln::Tensor<float, ln::Shape<2>>> x(3);
        const ln::data::Samples samples{std::span{x}, std::span{x}};
        CHECK_THROWS_WITH_AS((void)samples.input(3), "expected an index from 0 to 2, found 3",
                             std::out_of_range);
        CHECK_THROWS_AS((void)samples.target(3), std::out_of_range);
        const std::vector<int> labels(3);
        CHECK_THROWS_AS((void)(ln::data::Samples{x, labels}.label(3)), std::out_of_range);
        const ln::data::Images images{"images", {1, 1, 2}, std::vector<std::uint8_t>(4), {0, 1}};
        CHECK_THROWS_WITH_AS((void)images.image(2), "expected an index from 0 to 1, found 2",
                             std::out_of_range);
        CHECK_THROWS_AS((void)images.label(static_cast<std::size_t>(-1)), std::out_of_range);
    }
}

TEST_CASE("standardization: mean 0 and deviation 1, by the samples it is given alone") {
    using Input = ln::Tensor<double, ln::Shape<2>>;
    // The first elements have mean 5 and deviation 2, all but the last; the second ones are all alike.
    constexpr std::array<Input, 9> inputs{
        {{{2, 3}}, {{4, 3}}, {{4, 3}}, {{4, 3}}, {{5, 3}}, {{5, 3}}, {{7, 3}}, {{9, 3}}, {{1000, 3}}}};
    constexpr std::array labels{0, 0, 0, 0, 1, 1, 1, 1, 1};
    const ln::data::Samples samples{inputs, labels};
    const auto scale = ln::data::standardization(ln::data::Subset{samples, {0, 1, 2, 3, 4, 5, 6, 7}});
    CHECK(scale.mean[0] == 5);
    CHECK(scale.deviation[0] == doctest::Approx(2).epsilon(1e-15)); // the root of 4, within an ulp
    CHECK(scale.mean[1] == 3);
    CHECK(scale.deviation[1] == 1);
    CHECK(scale(inputs[7])[0] == doctest::Approx(2).epsilon(1e-15));
    CHECK(scale(inputs[7])[1] == 0);

    constexpr auto written_down = ln::data::Standardization<Input>{.mean = {{1, 2}}, .deviation = {{4, 5}}};
    static_assert(written_down(inputs[0])[0] == 0.25 && written_down(inputs[0])[1] == 0.2);

    // Deviations of one part in 10,000 of the mean: sums of squares in float would be noise.
    std::vector<ln::Tensor<float, ln::Shape<1>>> close(1000);
    for (std::size_t i = 0; i < close.size(); ++i)
        close[i][0] = i % 2 == 0 ? 10'000.0F : 10'002.0F;
    const std::vector<int> zeros(1000);
    const auto of_close = ln::data::standardization(ln::data::Samples{close, zeros});
    CHECK(of_close.mean[0] == 10'001.0F);
    CHECK(of_close.deviation[0] == 1.0F);

    CHECK_THROWS_WITH_AS(
        (void)ln::data::standardization(ln::data::Samples<double, Input::shape, int>{{}, {}}),
        "standardization: expected at least one sample, found none", ln::data_error);
}
