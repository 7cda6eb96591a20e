// Training on recordings against PyTorch: LSTM and GRU that carry their state from window to window, and
// those that learn the state before the first step.
#include <lamina/layers/dense.hpp>
#include <lamina/layers/gru.hpp>
#include <lamina/layers/learnt_state.hpp>
#include <lamina/layers/lstm.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/fit.hpp>
#include <lamina/train/recordings.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ln = lamina;
using namespace oracle;

namespace {

/// "weight_ih_l0" of "0.weight_ih_l0", "out.weight" of "1.weight".
std::string torch_name(const ln::ModelTensor& t) {
    const std::string_view name{t.name};
    return (name.starts_with("1.") ? "out." : "") + std::string{name.substr(2)};
}

/// Element `channel` of step `i`, where a step is one number, too.
template <class T>
void set(T& of_step, int /*channel*/, double to) {
    of_step = static_cast<T>(to);
}
template <class T, class S>
void set(ln::Tensor<T, S>& of_step, int channel, double to) {
    of_step[channel] = static_cast<T>(to);
}

template <RecordingsCase C, class T>
void check_case() {
    static const References references{"recurrent"};
    const std::string name = oracle::name(C);
    CAPTURE(name);
    CAPTURE(sizeof(T));
    using Cell = std::conditional_t<C.is_gru, ln::GRU<C.units>, ln::LSTM<C.units>>;
    using Layer = std::conditional_t<C.learns_state, ln::LearntState<Cell>, Cell>;
    using Model = ln::Model<ln::Net<Layer, ln::Dense<1>>, ln::Sequence<C.steps, ln::Shape<C.inputs>>, T>;
    using Recordings = ln::data::Recordings<Model>;

    Model model;
    for (const ln::ModelTensor& t : Model::tensors) {
        const MadeNumbers values{name + '/' + torch_name(t)};
        for (std::size_t i = 0; i < t.size; ++i)
            model.numbers()[t.place(i)] = static_cast<T>(weight_scale(C.units) * values[i]);
    }
    constexpr std::size_t count = C.recordings, length = C.steps * C.windows;
    std::vector<typename Recordings::Input> x(count * length);
    std::vector<typename Recordings::Target> t(count * length);
    const MadeNumbers inputs{name + "/x"}, targets{name + "/t"};
    for (std::size_t i = 0; i < count * length; ++i) {
        for (int c = 0; c < C.inputs; ++c)
            set(x[i], c, inputs[i * std::size_t{C.inputs} + static_cast<std::size_t>(c)]);
        set(t[i], 0, targets[i]);
    }
    std::vector<typename Recordings::Recording> all;
    for (std::size_t r = 0; r < count; ++r)
        all.emplace_back(std::span{x}.subspan(r * length, length), std::span{t}.subspan(r * length, length));

    ln::Trainer trainer{
        model, ln::MeanSquaredError{},
        ln::SGD{.learning_rate = double{recordings_rate}, .momentum = double{recordings_momentum}}};
    std::vector<double> losses;
    ln::FitOptions<Recordings> options;
    options.epochs = recordings_epochs;
    options.batch = C.carries_state ? C.recordings : C.recordings * C.windows;
    options.carry_state = C.carries_state;
    options.progress = false;
    options.on_epoch = [&](const ln::EpochReport& r) { losses.push_back(r.loss); };
    ln::fit(trainer, Recordings{std::span<const typename Recordings::Recording>{all}}, options);

    // Of float: some ten steps, each of which rounds some 30 states one after another.
    constexpr double tolerance = sizeof(T) == 8 ? 1e-13 : 1e-5;
    const std::vector<double>& expected = references[name + "/losses"].values;
    REQUIRE(losses.size() == expected.size());
    Difference of_losses;
    for (std::size_t i = 0; i < losses.size(); ++i)
        of_losses.add(losses[i], expected[i]);
    CHECK(of_losses.relative() <= tolerance);
    for (const ln::ModelTensor& tensor : Model::tensors) {
        const std::string of = name + "/after/" + torch_name(tensor);
        CAPTURE(of);
        const std::vector<double>& after = references[of].values;
        REQUIRE(after.size() == tensor.size);
        Difference difference;
        for (std::size_t i = 0; i < tensor.size; ++i)
            difference.add(static_cast<double>(model.numbers()[tensor.place(i)]), after[i]);
        CHECK(difference.relative() <= tolerance);
    }
}

} // namespace

TEST_CASE("recordings: losses and parameters are PyTorch's, with states that are carried or learnt") {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (check_case<recordings_cases[I], double>(), ...);
    }
    (std::make_index_sequence<recordings_cases.size()>{});
    check_case<recordings_cases[0], float>();
    check_case<recordings_cases[2], float>();
}
