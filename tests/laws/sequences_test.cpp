// Layers along time: the laws of all layers, and that a stream gives the numbers of the whole sequence.
#include "layer_laws.hpp"

#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/bidirectional.hpp>
#include <lamina/layers/causal_conv.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/gru.hpp>
#include <lamina/layers/last.hpp>
#include <lamina/layers/layer_norm.hpp>
#include <lamina/layers/learnt_state.hpp>
#include <lamina/layers/lstm.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/no_bias.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/model/stream.hpp>

#include <doctest/doctest.h>

#include <climits>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace ln = lamina;
using lamina::Sequence;
using lamina::Shape;

TEST_CASE("sequences: recurrent layers") {
    laws::layer_laws<ln::LSTM<5>, Sequence<7, Shape<3>>>();
    laws::layer_laws<ln::GRU<6>, Sequence<1, Shape<2>>, Shape<3, 4>>();
    laws::layer_laws<ln::GRU<5, ln::reset_before>, Sequence<7, Shape<3>>>();
    laws::layer_laws<ln::Bidirectional<ln::LSTM<3>>, Sequence<5, Shape<2>>>();
    laws::layer_laws<ln::LearntState<ln::LSTM<3>>, Sequence<4, Shape<2>>>();
}

TEST_CASE("sequences: causal convolutions") {
    laws::layer_laws<ln::CausalConv<4, 3, 2>, Sequence<9, Shape<3>>>();
    laws::layer_laws<ln::CausalConv<6, 2, 1, 3>, Shape<3, 5>>();
}

TEST_CASE("sequences: layers that know no time work on each step") {
    laws::graph_laws<ln::Net<ln::Dense<4>, ln::Tanh, ln::LSTM<3>, ln::LayerNorm, ln::Residual<ln::GRU<3>>,
                             ln::Residual<ln::Dense<3>>, ln::Tanh, ln::Concat<ln::Identity, ln::Dense<2>>,
                             ln::Last, ln::Dense<2>>,
                     Sequence<5, Shape<3>>>();
}

namespace {

/// A sequence in one go, then step by step, in blocks of any size, and on from a saved state.
template <class Topology, class In, class T, int BlockSteps>
void stream_equals_sequence() {
    using Model = ln::Model<Topology, In, T>;
    using Stream = ln::Stream<Model, BlockSteps>;
    constexpr int steps = ln::step_count<In>;
    const auto model = std::make_unique<Model>(ln::seed{5});
    ln::Random random{ln::seed{9}};
    for (T& p : model->numbers())
        p += static_cast<T>(0.1 * random.symmetric());
    for (const ln::ModelTensor& t : Model::tensors)
        if (t.lifetime == ln::Lifetime::kept) // variances are positive
            for (std::size_t i = t.offset; i < t.offset + t.size; ++i)
                model->numbers()[i] = static_cast<T>(1 + 0.5 * random.symmetric());
    typename Model::Input x;
    for (T& e : x)
        e = static_cast<T>(random.symmetric());
    const typename Model::Output y = model->forward(x);

    std::vector<typename Stream::Input> in(steps);
    for (int t = 0; t < steps; ++t)
        for (int c = 0; c < Stream::Input::size; ++c)
            in[static_cast<std::size_t>(t)][c] = ln::at_step(x, t, c);
    const auto same = [&](std::size_t t, const typename Stream::Output& out) {
        for (int c = 0; c < Stream::Output::size; ++c) {
            const double expected = static_cast<double>(ln::at_step(y, static_cast<int>(t), c)),
                         found = static_cast<double>(out[c]);
            if (!(std::abs(found - expected) <= (sizeof(T) == 4 ? 1e-6 : 0))) // double: to the bit
                return false;
        }
        return true;
    };
    Stream stream{*model};
    const auto fresh = stream.state();
    for (std::size_t t = 0; t < in.size(); ++t)
        CHECK(same(t, stream.step(in[t])));
    CHECK_FALSE(stream.state() == fresh);
    stream.reset();
    CHECK(stream.state() == fresh);

    std::vector<typename Stream::Output> out(in.size());
    std::size_t at = 0;
    for (const std::size_t count : {std::size_t{3}, std::size_t{8}, std::size_t{17}, in.size() - 28}) {
        stream.block(std::span<const typename Stream::Input>{in}.subspan(at, count),
                     std::span{out}.subspan(at, count));
        at += count;
    }
    for (std::size_t t = 0; t < in.size(); ++t)
        CHECK(same(t, out[t]));

    stream.reset();
    for (std::size_t t = 0; t < 10; ++t)
        (void)stream.step(in[t]);
    Stream other{*model};
    other.restore(stream.state());
    for (std::size_t t = 10; t < in.size(); ++t)
        CHECK(same(t, other.step(in[t])));
}

/// WaveNet's block: a gate of a dilated convolution and of what comes into the network.
using Wave =
    ln::Net<ln::As<struct c>, ln::NoBias<ln::CausalConv<8, 1>>, ln::As<struct z0>,
            ln::Sum<ln::CausalConv<8, 3, 4>, ln::Net<ln::From<struct c>, ln::NoBias<ln::CausalConv<8, 1>>>>,
            ln::Tanh, ln::As<struct z>, ln::Sum<ln::From<struct z0>, ln::CausalConv<8, 1>>, ln::BatchNorm<>,
            ln::CausalConv<6, 3, 1, 2>, ln::Concat<ln::Identity, ln::From<struct z>>,
            ln::GRU<3, ln::reset_before>>;
using Recurrent =
    ln::Net<ln::CausalConv<5, 3, 2>, ln::Tanh, ln::CausalConv<20, 2, 5>, ln::Tanh,
            ln::LearntState<ln::LSTM<5>>, ln::Residual<ln::GRU<17>, ln::LayerNorm, ln::Dense<5>>>;
/// Dense layers on each step, with what is computed along with them: of one input, of many and of one output.
using OnSteps = ln::Net<ln::As<struct a>, ln::Dense<9>, ln::Tanh, ln::As<struct b>,
                        ln::Sum<ln::Dense<9>, ln::Net<ln::From<struct a>, ln::NoBias<ln::Dense<9>>>>,
                        ln::Tanh, ln::Sum<ln::From<struct b>, ln::Dense<9>>, ln::Dense<1>, ln::Tanh>;

/// Images at each step, and vectors of them along time.
using OnImages =
    ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::Tanh, ln::Residual<ln::NoBias<ln::Conv<4, 3, 1, 1>>>,
            ln::MaxPool<2, 2>, ln::Dense<6>, ln::GRU<5>, ln::Dense<3>>;

/// Values that several layers read, with more steps before them than a window has, or with none.
using Branches =
    ln::Net<ln::As<struct a>, ln::CausalConv<4, 2, 5>, ln::Tanh, ln::As<struct b>, ln::CausalConv<2, 3, 2>,
            ln::Concat<ln::From<struct a>, ln::Identity>, ln::CausalConv<3, 4>,
            ln::Concat<ln::Identity, ln::From<struct b>>, ln::CausalConv<1, 2, 3>>;

/// A window that goes on where another ended: its gradients are those that differences find while the state
/// is held fixed, alone and in lanes.
template <class Topology, class In>
void windows_have_gradients() {
    using Whole = laws::Of<Topology, In, double>;
    using Plan = typename Whole::Model::plan;
    const auto one = [](int garbage) -> std::unique_ptr<laws::Pass> {
        return std::make_unique<laws::PassOf<Plan, double, true, true>>(Whole::Model::parameter_extent,
                                                                        garbage);
    };
    const auto packs = [](int garbage) -> std::unique_ptr<laws::Pass> {
        return std::make_unique<laws::PassOf<Plan, ln::pack<double>, true, true>>(
            Whole::Model::parameter_extent, garbage);
    };
    const laws::Network network = Whole::network();
    INFO(network.name, ": a window that goes on");
    const laws::Trial trial{network, 1};
    laws::check_close(laws::run(trial, one), laws::central_differences(trial, one, 1e-5), 1e-6);
    if (Whole::Model::inferred::table.gathering() == 0) { // lanes know nothing of each other
        const laws::Trial many{network, 2 * ln::native_lanes<double>};
        laws::check_close(laws::run(many, packs), laws::run(many, one), laws::rounding<double>);
    }
}

/// Window after window a training pass gives the numbers of a stream.
template <class Topology, class In>
void windows_equal_stream() {
    using Model = ln::Model<Topology, In, double>;
    using Pass = ln::topology::TrainingPass<typename Model::plan, double>;
    constexpr int steps = ln::step_count<In>, inputs = ln::step_of<In>::size;
    const auto model = std::make_unique<Model>(ln::seed{5});
    const auto pass = std::make_unique<Pass>();
    ln::Stream<Model, 4> stream{*model};
    constexpr int extent = ln::topology::carried_plan<typename Model::plan, false>.extent;
    std::vector<double> carried[2] = {std::vector<double>(extent, NAN), std::vector<double>(extent, NAN)};
    ln::Random random{ln::seed{9}};
    for (int window = 0; window < 4; ++window) {
        typename ln::Stream<Model, 4>::Input x[steps];
        typename ln::Stream<Model, 4>::Output y[steps];
        for (int t = 0; t < steps; ++t)
            for (int c = 0; c < inputs; ++c)
                pass->input()(c, t) = x[t][c] = random.symmetric();
        stream.block(x, y);
        pass->carry(window == 0 ? nullptr : carried[window % 2].data(), carried[(window + 1) % 2].data());
        pass->forward(model->numbers().data());
        for (int t = 0; t < steps; ++t)
            for (int c = 0; c < y[t].size; ++c)
                CHECK(pass->output()(c, t) == doctest::Approx(y[t][c]).epsilon(1e-12));
    }
}

} // namespace

TEST_CASE("sequences: a window that goes on where another ended has the gradients of differences") {
    windows_have_gradients<ln::Net<ln::LSTM<3>, ln::Tanh, ln::LearntState<ln::GRU<2>>,
                                   ln::GRU<2, ln::reset_before>, ln::CausalConv<2, 3, 4>>,
                           Sequence<5, Shape<2>>>(); // the convolution sees 8 steps before the window
    windows_have_gradients<Branches, Sequence<4, Shape<2>>>();
    windows_have_gradients<
        ln::Net<ln::NoBias<ln::CausalConv<3, 2, 2>>, ln::BatchNorm<>, ln::CausalConv<2, 3, 3>, ln::Tanh>,
        Sequence<6, Shape<2>>>(); // what BatchNorm gives is computed again in backward
    windows_have_gradients<ln::Net<ln::LSTM<2>>, Sequence<1, Shape<1>>>();
}

TEST_CASE("sequences: only lanes that begin move the states that are learnt") {
    using Model = ln::Model<ln::Net<ln::LearntState<ln::LSTM<2>>>, Sequence<3, Shape<1>>, double>;
    using E = ln::pack<double>;
    constexpr int extent = ln::topology::carried_plan<Model::plan, false>.extent;
    const Model model{ln::seed{5}};
    ln::topology::TrainingPass<Model::plan, E> pass;
    const auto gradients = [&](const E* from, E* to, int lanes) {
        for (int t = 0; t < 3; ++t)
            pass.input()[t] = E(0.5 * t - 0.25);
        pass.carry(from, to);
        pass.forward(model.numbers().data());
        for (int i = 0; i < 6; ++i)
            for (int r = 0; r < ln::native_lanes<double>; ++r)
                pass.output_gradient()[i].set(r, r < lanes ? 0.5 + 0.125 * i : 0);
        std::vector<double> g(static_cast<std::size_t>(Model::parameter_extent));
        pass.backward(model.numbers().data(), g.data(), true);
        return g;
    };
    E carried[extent], other[extent];
    const std::vector<double> one = gradients(nullptr, carried, 1);
    for (E& e : carried)
        e.set(0, 0); // lane 0 begins
    const std::vector<double> all = gradients(carried, other, ln::native_lanes<double>);
    for (const ln::ModelTensor& tensor : Model::tensors)
        if (std::string_view{tensor.name}.ends_with("_0"))
            for (std::size_t i = tensor.offset; i < tensor.offset + tensor.size; ++i) {
                CHECK(one[i] != 0);
                CHECK(all[i] == doctest::Approx(one[i]).epsilon(1e-12));
            }
}

TEST_CASE("sequences: windows one behind the other give the numbers of a stream") {
    windows_equal_stream<Recurrent, Sequence<6, Shape<3>>>();
    windows_equal_stream<Branches, Sequence<4, Shape<2>>>();
}

TEST_CASE("sequences: a stream gives the numbers of the whole sequence") {
    stream_equals_sequence<Recurrent, Sequence<40, Shape<3>>, double, 8>();
    stream_equals_sequence<Recurrent, Sequence<40, Shape<3>>, float, 8>();
    stream_equals_sequence<Wave, Sequence<33, Shape<2>>, double, 5>();
    stream_equals_sequence<Wave, Sequence<33, Shape<2>>, float, 16>();
    stream_equals_sequence<OnSteps, Sequence<37, Shape<1>>, float, 17>();
    stream_equals_sequence<OnImages, Sequence<29, Shape<2, 6, 4>>, double, 4>();
    stream_equals_sequence<OnImages, Sequence<29, Shape<2, 6, 4>>, float, 4>();
}

TEST_CASE("sequences: a stream of single numbers, in place") {
    using Model = ln::Model<ln::Net<ln::Residual<ln::LSTM<8>, ln::Dense<1>>>, Sequence<6, Shape<1>>>;
    static_assert(Model::parameter_count == 4 * 8 * (1 + 8) + 2 * 4 * 8 + 8 + 1);
    static_assert(ln::Stream<Model>::receptive_field == INT_MAX && ln::Stream<Model>::bytes < 4096);
    static_assert(
        ln::Stream<ln::Model<Wave, Sequence<33, Shape<2>>>>::receptive_field == INT_MAX &&
        ln::Stream<ln::Model<ln::Net<ln::CausalConv<4, 3, 2>, ln::Residual<ln::CausalConv<4, 2, 8>>>,
                             Sequence<9, Shape<1>>>>::receptive_field == 1 + 4 + 8);
    // The paths from the output back are 2 to the power of 40.
    using Deep = ln::Net<ln::Repeat<40, ln::Residual<ln::CausalConv<1, 2>>>>;
    static_assert(ln::Stream<ln::Model<Deep, Sequence<4, Shape<1>>>>::receptive_field == 41);
    const Model model{ln::seed{1}};
    ln::Stream<Model> stream{model};
    float sound[] = {0.5F, -1, 0.25F, 0, 0, 1};
    Model::Input x{{0.5F, -1, 0.25F, 0, 0, 1}};
    stream.block(sound, sound);
    const Model::Output y = model.forward(x);
    for (int t = 0; t < 6; ++t)
        CHECK(sound[t] == doctest::Approx(y[t]).epsilon(1e-6));
    float room[2];
    CHECK_THROWS_WITH_AS(stream.block(sound, room),
                         "stream: expected room for 6 steps of the output, found 2", ln::data_error);
}
