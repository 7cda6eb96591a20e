// Recordings: windows one behind the other, with what goes on from one to the next.
#include <lamina/io/checkpoints.hpp>
#include <lamina/layers/causal_conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/gru.hpp>
#include <lamina/layers/learnt_state.hpp>
#include <lamina/layers/lstm.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/train/fit.hpp>
#include <lamina/train/recordings.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::LearntState<ln::LSTM<3>>, ln::CausalConv<2, 2, 9>, ln::Dense<1>>,
                        ln::Sequence<4, ln::Shape<1>>>;
using Recordings = ln::data::Recordings<Model>;
constexpr int steps = Recordings::steps;
constexpr std::size_t lanes = ln::native_lanes<float>;

/// Two recordings: of 23 windows and 2 steps, and of 19 windows.
struct Made {
    std::vector<float> x[2], t[2];
    Made() {
        for (int r = 0; r < 2; ++r)
            for (int i = 0; i < (r == 0 ? 23 * steps + 2 : 19 * steps); ++i) {
                x[r].push_back(static_cast<float>(std::sin(0.3 * i + r)));
                t[r].push_back(static_cast<float>(std::sin(0.3 * i + r - 0.5)));
            }
    }
    [[nodiscard]] Recordings recordings() const { return {{x[0], t[0]}, {x[1], t[1]}}; }
    /// The loss of a window when a stream begins so many windows before it, or where the recording does.
    [[nodiscard]] double loss(const Model& model, std::size_t window, std::size_t before) const {
        const int r = window < 23 ? 0 : 1;
        const std::size_t own = window - (r == 0 ? 0 : 23), from = own < before ? 0 : own - before;
        ln::Stream<Model> stream{model};
        double sum = 0;
        for (std::size_t i = from * steps; i < (own + 1) * steps; ++i) {
            const double gap = static_cast<double>(stream.step(x[r][i]) - t[r][i]);
            sum += i >= own * steps ? gap * gap / steps : 0;
        }
        return sum;
    }
};

/// A model whose states before the first step are not zero.
Model made_model() {
    Model model{ln::seed{7}};
    for (const ln::ModelTensor& tensor : Model::tensors)
        if (std::string_view{tensor.name}.ends_with("_0"))
            for (std::size_t i = tensor.offset; i < tensor.offset + tensor.size; ++i)
                model.numbers()[i] = 0.5F;
    return model;
}
auto trainer_of(Model& model, double rate = 0.01) {
    return ln::Trainer{model, ln::MeanSquaredError{}, ln::Adam{.learning_rate = rate}};
}
/// The loss of an epoch during which the parameters hardly change.
double loss_of_epoch(const Recordings& recordings, ln::FitOptions<Recordings> options) {
    Model model = made_model();
    auto trainer = trainer_of(model, 1e-12);
    double loss = 0;
    options.progress = false;
    options.on_epoch = [&](const ln::EpochReport& r) { loss = r.loss; };
    ln::fit(trainer, recordings, options);
    return loss;
}
bool same(const Model& a, const Model& b) {
    for (std::size_t i = 0; i < a.numbers().size(); ++i)
        if (a.numbers()[i] != b.numbers()[i])
            return false;
    return true;
}

} // namespace

TEST_CASE("recordings: windows lie one behind the other") {
    using Wide = ln::Model<ln::Net<ln::Dense<2>>, ln::Sequence<3, ln::Shape<2>>>;
    using Data = ln::data::Recordings<Wide>;
    std::vector<Data::Input> x(7);
    std::vector<Data::Target> t(7);
    for (std::size_t i = 0; i < 7; ++i)
        for (int c = 0; c < 2; ++c) {
            x[i][c] = static_cast<float>(10 * i) + static_cast<float>(c);
            t[i][c] = -x[i][c];
        }
    const std::span<const Data::Input> tail{x.data() + 1, 3};
    const Data data{{x, t}, {tail, std::span<const Data::Target>{t.data() + 1, 3}}};
    CHECK(data.size() == 3);
    CHECK(data.recordings().size() == 2);
    CHECK(data.first_of_recording(1) == 0);
    CHECK(data.first_of_recording(2) == 2);
    std::uint32_t windows[lanes];
    for (std::size_t r = 0; r < lanes; ++r)
        windows[r] = static_cast<std::uint32_t>(r % 3);
    ln::Tensor<ln::pack<float>, Wide::input_shape> in, out;
    data.inputs(windows, in.view());
    data.targets(windows, out.view());
    for (std::size_t r = 0; r < lanes; ++r)
        for (int s = 0; s < 3; ++s)
            for (int c = 0; c < 2; ++c) {
                const int step = r % 3 == 2 ? 1 + s : static_cast<int>(r % 3) * 3 + s;
                CHECK(in(c, s)[static_cast<int>(r)] == static_cast<float>(10 * step + c));
                CHECK(out(c, s)[static_cast<int>(r)] == -static_cast<float>(10 * step + c));
            }
}

TEST_CASE("recordings: errors") {
    const std::vector<float> three(3), four(4), five(5);
    CHECK_THROWS_WITH_AS((Recordings{{four, four}, {five, four}}),
                         "recordings: expected a target for each step of recording 1, found 5 steps and 4 "
                         "targets",
                         ln::data_error);
    CHECK_THROWS_WITH_AS((Recordings{three, three}),
                         "recordings: expected at least one window of 4 steps in recording 0, found 3 steps",
                         ln::data_error);
    const Recordings good{four, four};
    Model model{ln::seed{1}};
    auto trainer = trainer_of(model);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, good, {.burn_in = -1}),
                         "fit: burn_in must be at least 0 steps, found -1", std::invalid_argument);
}

TEST_CASE("recordings: a window begins with the state that its burn-in gives") {
    const Made made;
    const Recordings recordings = made.recordings();
    const Model model = made_model();
    for (const std::size_t before : {0U, 1U, 3U, 30U}) { // 30: more than there is
        double expected = 0;
        for (std::size_t w = 0; w < recordings.size(); ++w)
            expected += made.loss(model, w, before) / static_cast<double>(recordings.size());
        const int burn_in = static_cast<int>(before) * steps;
        CHECK(loss_of_epoch(recordings, {.batch = 20, .burn_in = burn_in}) ==
              doctest::Approx(expected).epsilon(1e-5));
        if (before > 0) // rounded up to whole windows
            CHECK(loss_of_epoch(recordings, {.batch = 64, .burn_in = burn_in - steps + 1}) ==
                  doctest::Approx(expected).epsilon(1e-5));
    }
}

TEST_CASE("recordings: the state goes on from window to window") {
    const Made made;
    const Recordings recordings = made.recordings();
    const Model model = made_model();
    // 42 windows in 4 stretches of 11, 11, 10 and 10: the third begins with the last window of the first
    // recording.
    const std::size_t begins[] = {0, 11, 22, 32, 42};
    for (const std::size_t before : {0U, 2U}) {
        double expected = 0;
        for (int s = 0; s < 4; ++s)
            for (std::size_t w = begins[s]; w < begins[s + 1]; ++w)
                expected += made.loss(model, w, w - begins[s] + before) / 42;
        CHECK(loss_of_epoch(recordings,
                            {.batch = 4, .burn_in = static_cast<int>(before) * steps, .carry_state = true}) ==
              doctest::Approx(expected).epsilon(1e-5));
    }
    const double whole = loss_of_epoch(recordings, {.batch = 1, .carry_state = true});
    for (const int threads : {1, 2})
        CHECK(ln::evaluate(model, recordings, ln::MeanSquaredError{}, threads).loss ==
              doctest::Approx(whole).epsilon(1e-5));
    CHECK(loss_of_epoch(recordings, {.batch = 100, .carry_state = true}) ==
          doctest::Approx(loss_of_epoch(recordings, {})).epsilon(1e-5)); // each window is a stretch
}

TEST_CASE("recordings: any number of threads gives the same bits, and so does a run that is resumed") {
    const Made made;
    const Recordings recordings = made.recordings();
    const std::string path = "recordings_test." + std::to_string(getpid()) + ".checkpoint";
    for (const bool carry : {false, true}) {
        const int batch = static_cast<int>(carry ? 2 * lanes : lanes + 1);
        Model model{ln::seed{7}}, again{ln::seed{7}}, resumed{ln::seed{7}};
        auto trainer = trainer_of(model), in_threads = trainer_of(again), to_resume = trainer_of(resumed);
        const auto run = [&](auto& of, ln::RunSaver* checkpoints, int epochs, int threads, bool stops) {
            ln::fit(of, recordings,
                    {.epochs = epochs,
                     .batch = batch,
                     .burn_in = 5,
                     .carry_state = carry,
                     .threads = threads,
                     .on_epoch = [&](const ln::EpochReport& r) { return ln::stop_if(stops && r.epoch == 2); },
                     .checkpoints = checkpoints,
                     .progress = false});
        };
        run(trainer, nullptr, 4, 1, false);
        run(in_threads, nullptr, 4, 2, false);
        CHECK(same(model, again));
        {
            ln::Checkpoints checkpoints{to_resume, {.last = path, .every = 1}};
            run(to_resume, &checkpoints, 4, 1, true);
        }
        ln::Checkpoints checkpoints{to_resume, {.last = path, .resume = true}};
        CHECK_THROWS_WITH_AS(
            ln::fit(to_resume, recordings,
                    {.batch = batch, .burn_in = 4, .carry_state = carry, .checkpoints = &checkpoints}),
            "fit: the run to resume had burn_in 5, found 4. Set it as it was, or start anew with "
            ".resume = false",
            std::invalid_argument);
        run(to_resume, &checkpoints, 5, 1, false);
        Model longer{ln::seed{7}};
        auto whole = trainer_of(longer);
        run(whole, nullptr, 5, 1, false);
        CHECK(same(resumed, longer));
        std::remove(path.c_str());
    }
}

TEST_CASE("recordings: what went on is brought back when a loss is not finite") {
    // One stretch, whose window 41 has no target: the model has the parameters that step 40 began with, of
    // which the last 8 steps were repeated from a copy.
    Made made;
    const auto train = [](Model& model, const std::vector<float>& x, const std::vector<float>& t) {
        auto trainer = trainer_of(model, 0.05);
        const Recordings recordings{x, t};
        ln::fit(trainer, recordings, {.batch = 1, .carry_state = true, .progress = false});
    };
    std::vector<float> x = made.x[0], t = made.t[0];
    x.resize(23 * steps);
    t.resize(23 * steps);
    x.insert(x.end(), made.x[1].begin(), made.x[1].end());
    t.insert(t.end(), made.t[1].begin(), made.t[1].end());
    Model expected{ln::seed{7}}, found{ln::seed{7}};
    train(expected, std::vector<float>(x.begin(), x.begin() + 40 * steps),
          std::vector<float>(t.begin(), t.begin() + 40 * steps));
    t[41 * steps] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(train(found, x, t), ln::training_error);
    CHECK(same(expected, found));
}

namespace {

/// A user's layer: y(c, t) = (y(c, t - 1) + x(c, t)) / 2.
struct Smoother {
    static constexpr std::string_view name = "Smoother";
    static constexpr ln::Sees sees = ln::Sees::past;
    static constexpr int steps_before = -1;
    static constexpr bool carries_gradients = true;
    template <class In>
    using output = In;
    template <class In, class E>
    struct carried {
        ln::View<E, ln::step_of<In>> last;
        static constexpr void fields(auto& list, auto f) { f("last", list.last); }
    };

    static constexpr void forward(auto x, auto /*p*/, auto y, auto pass) noexcept {
        using In = typename decltype(x)::shape;
        using E = typename decltype(y)::element;
        for (int c = 0; c < ln::step_of<In>::size; ++c) {
            E last = E(0);
            if constexpr (pass.training || ln::StreamShape<In>)
                last = pass.saved.last[c];
            for (int t = 0; t < ln::step_count<In>; ++t)
                last = y(c, t) = E(0.5) * (last + x(c, t));
            if constexpr (pass.training || ln::StreamShape<In>)
                pass.saved.last[c] = last;
        }
    }
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto /*p*/, auto dx,
                                         auto pass) noexcept {
        using In = typename decltype(x)::shape;
        using E = typename decltype(dy)::element;
        for (int c = 0; c < ln::step_of<In>::size; ++c) {
            E next = pass.saved.last[c];
            for (int t = ln::step_count<In> - 1; t >= 0; --t)
                next = dx(c, t) = E(0.5) * (next + dy(c, t));
            pass.saved.last[c] = next;
        }
    }
};

/// Parameters after training on recordings of so many steps, in samples of `Windows` windows.
template <class M, int Windows>
std::vector<double> trained(int batch, int burn_in, bool carries_state, int threads = 1) {
    std::vector<double> x[2], t[2];
    for (int r = 0; r < 2; ++r)
        for (int i = 0; i < (r == 0 ? 110 : 75); ++i) {
            x[r].push_back(std::sin(0.3 * i + r));
            t[r].push_back(std::sin(0.05 * i + r));
        }
    M model{ln::seed{7}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{.learning_rate = 0.05}};
    ln::FitOptions<ln::data::Recordings<M, Windows>> options;
    options.epochs = 3;
    options.batch = batch;
    options.threads = threads;
    options.burn_in = burn_in;
    options.carry_state = carries_state;
    options.progress = false;
    std::vector<double> losses_and_parameters;
    options.on_epoch = [&](const ln::EpochReport& r) { losses_and_parameters.push_back(r.loss); };
    ln::fit(trainer, ln::data::Recordings<M, Windows>{{x[0], t[0]}, {x[1], t[1]}}, options);
    for (const double p : model.parameters())
        losses_and_parameters.push_back(p);
    return losses_and_parameters;
}

} // namespace

TEST_CASE("recordings: gradients through several windows are those of one as long") {
    using Net =
        ln::Net<ln::LearntState<ln::LSTM<3>>, ln::Tanh, Smoother, ln::Residual<ln::GRU<3>>, ln::Dense<1>>;
    using Short = ln::Model<Net, ln::Sequence<4, ln::Shape<1>>, double>;
    using Long = ln::Model<Net, ln::Sequence<12, ln::Shape<1>>, double>;
    // With states of zero, with those of a burn-in, and carried on; batches of one pack and of several.
    for (const auto& [batch, burn_in, carries] :
         {std::tuple{4, 0, false}, {15, 12, false}, {3, 0, true}, {3, 24, true}}) {
        CAPTURE(batch);
        CAPTURE(burn_in);
        const std::vector<double> of_several = trained<Short, 3>(batch, burn_in, carries),
                                  of_one = trained<Long, 1>(batch, burn_in, carries);
        REQUIRE(of_several.size() == of_one.size());
        for (std::size_t i = 0; i < of_one.size(); ++i)
            CHECK(of_several[i] == doctest::Approx(of_one[i]).epsilon(1e-11));
        CHECK(trained<Short, 3>(batch, burn_in, carries, 3) == of_several); // to the bit
    }
    // Without layers that remember, the windows are other ones all the same.
    using Flat = ln::Net<ln::Dense<3>, ln::Tanh, ln::Dense<1>>;
    const std::vector<double> of_several = trained<ln::Model<Flat, ln::Sequence<4, ln::Shape<1>>, double>, 3>(
                                  3, 0, true),
                              of_one = trained<ln::Model<Flat, ln::Sequence<12, ln::Shape<1>>, double>, 1>(
                                  3, 0, true);
    for (std::size_t i = 0; i < of_one.size(); ++i)
        CHECK(of_several[i] == doctest::Approx(of_one[i]).epsilon(1e-11));
    static_assert(5 * sizeof(ln::TrainingMemory<Short, ln::Adam>) <
                  3 * sizeof(ln::TrainingMemory<Long, ln::Adam>));
}
