// Numbers at the edge: what is defined of inputs that are not finite, subnormal or all equal, and of little
// data.
#include <lamina/core.hpp>
#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace ln = lamina;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN(),
                infinity = std::numeric_limits<float>::infinity();

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<2>>, ln::Shape<1, 6, 6>>;

ln::data::Images images(std::vector<std::uint8_t> values, std::vector<std::uint8_t> labels) {
    std::vector<std::uint8_t> pixels;
    for (const std::uint8_t value : values)
        pixels.insert(pixels.end(), 36, value);
    return {"made", {1, 6, 6}, pixels, labels};
}

/// Whether every output is NaN for an input of ones with one `bad` number, wherever it is; computed one by
/// one and many at once.
template <class Net>
bool passes_on(float bad) {
    using M = ln::Model<Net, ln::Shape<2, 3, 3>>;
    M model{ln::seed{1}};
    for (float& p : model.parameters())
        p = 1;
    bool all = true;
    for (int place = 0; place < M::Input::size; ++place) {
        std::vector<typename M::Input> x(1);
        for (float& e : x[0])
            e = 1;
        x[0][place] = bad;
        std::vector<typename M::Output> y(1);
        model.forward(x, y);
        const typename M::Output one = model.forward(x[0]);
        bool some = false, some_of_one = false;
        for (int i = 0; i < M::Output::size; ++i) {
            some = some || !std::isfinite(y[0][i]);
            some_of_one = some_of_one || !std::isfinite(one[i]);
        }
        all = all && some && some_of_one;
    }
    return all;
}

/// Trains on images of any kind and says whether loss and parameters stay finite.
void check_trains(const ln::data::Images& data, int batch) {
    Model model{ln::seed{1}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05}};
    ln::fit(trainer, data, {.epochs = 20, .batch = batch, .validation = &data, .progress = false});
    CHECK(ln::all_finite(model.parameters().data(), Model::parameter_extent));
    CHECK(ln::evaluate(model, data).loss < ln::evaluate(before, data).loss);
}

} // namespace

TEST_CASE("edges: NaN in an input reaches the output of every layer but max pooling") {
    CHECK(passes_on<ln::Net<ln::Conv<3, 3>>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::Conv<16, 2>, ln::ReLU>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::Dense<3>, ln::LeakyReLU<>>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::ReLU, ln::Flatten>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::LeakyReLU<>>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::PReLU<>, ln::ReLU6, ln::ELU<>, ln::Scale<2>>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::SiLU, ln::GELU, ln::GELUTanh, ln::HardSwish>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::Tanh>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::Sigmoid>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::Flatten, ln::Softmax>>(not_a_number));
    CHECK(passes_on<ln::Net<ln::AvgPool<3, 1>>>(not_a_number));
}

TEST_CASE("edges: infinity in an input reaches the output of layers that are not bounded") {
    CHECK(passes_on<ln::Net<ln::Conv<3, 3>>>(infinity));
    CHECK(passes_on<ln::Net<ln::Dense<3>, ln::ReLU>>(infinity));
    CHECK(passes_on<ln::Net<ln::MaxPool<3, 1>>>(infinity));
    CHECK(passes_on<ln::Net<ln::AvgPool<3, 1>>>(-infinity));
    CHECK(passes_on<ln::Net<ln::SiLU, ln::GELU, ln::GELUTanh, ln::HardSwish, ln::ELU<>>>(infinity));
    CHECK(!passes_on<ln::Net<ln::ReLU6>>(infinity));    // 6
    CHECK(!passes_on<ln::Net<ln::ELU<>>>(-infinity));   // -1
    CHECK(!passes_on<ln::Net<ln::Tanh>>(infinity));     // 1
    CHECK(!passes_on<ln::Net<ln::Sigmoid>>(-infinity)); // 0
}

TEST_CASE("edges: a sample that is not finite does not change the others of its batch") {
    const Model model{ln::seed{1}};
    std::vector<Model::Input> x(2 * ln::native_lanes<float> + 3);
    ln::Random random{ln::seed{2}};
    for (Model::Input& input : x)
        for (float& e : input)
            e = static_cast<float>(random.symmetric());
    std::vector<Model::Output> y(x.size()), expected(x.size());
    model.forward(x, expected);
    x[2][7] = not_a_number;
    x[4][0] = infinity;
    model.forward(x, y);
    for (std::size_t i = 0; i < x.size(); ++i)
        if (i != 2 && i != 4)
            CHECK((y[i][0] == expected[i][0] && y[i][1] == expected[i][1]));
}

TEST_CASE("edges: scores that are NaN are evaluated as a loss of NaN") {
    Model model{ln::seed{1}};
    model.bias<3>()[1] = not_a_number;
    const ln::Metrics metrics = ln::evaluate(model, images({0, 255}, {0, 1}));
    CHECK(std::isnan(metrics.loss));
    CHECK(metrics.confusion(0, 1) + metrics.confusion(1, 1) == 2); // the class whose score is NaN
}

TEST_CASE("edges: subnormal numbers are numbers, and are not flushed to zero") {
    constexpr float smallest = std::numeric_limits<float>::denorm_min();
    ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>> model;
    model.weight<0>()(0, 1) = 1;
    model.weight<0>()(1, 2) = 3;
    std::vector<decltype(model)::Input> x(3);
    for (auto& input : x) {
        input[1] = smallest;
        input[2] = -smallest;
    }
    std::vector<decltype(model)::Output> y(3);
    model.forward(x, y);
    for (const auto& output : {y[0], y[2], model.forward(x[0])}) {
        CHECK(output[0] == smallest);
        CHECK(output[1] == -3 * smallest);
    }
}

TEST_CASE("edges: images that are all black, all white or all alike can be learnt from") {
    check_trains(images({0, 0, 0, 0}, {1, 1, 1, 0}), 2);
    check_trains(images({255, 255, 255}, {0, 0, 1}), 2);
    check_trains(images({0, 255, 0, 255}, {0, 1, 0, 1}), 4);
}

TEST_CASE("edges: a batch of one, and a data set of one, however large the batch") {
    check_trains(images({10, 200}, {0, 1}), 1);
    check_trains(images({100}, {1}), 1);
    check_trains(images({100}, {1}), 64);
    const ln::Metrics metrics = ln::evaluate(Model{ln::seed{1}}, images({100}, {1}));
    CHECK(metrics.samples == 1);
    CHECK((metrics.accuracy == 0 || metrics.accuracy == 1));
}
