// lamina's own layers, losses, optimisers and schedules satisfy the concepts that users' must; what lacks
// something does not.
#include <lamina/core.hpp>

#include <functional>

namespace {

namespace ln = lamina;
using Image = ln::Shape<3, 12, 9>;
using Vector = ln::Shape<7>;

static_assert(ln::Layer<ln::Conv<4, 3>, Image> && ln::Layer<ln::Conv<4, 3, 2, 1>, Image>);
static_assert(ln::Layer<ln::TransposedConv<4, 3, 2>, Image> &&
              ln::Layer<ln::NoBias<ln::TransposedConv<4, 3>>, Image>);
static_assert(ln::Layer<ln::MaxPool<2, 2>, Image> && ln::Layer<ln::AvgPool<3, 2>, Image>);
static_assert(ln::Layer<ln::AdaptiveAvgPool<3>, Image> && ln::Layer<ln::Upsample<2>, Image> &&
              ln::Layer<ln::UpsampleBilinear<2>, Image>);
static_assert(ln::Layer<ln::GlobalMaxPool, Image> && ln::Layer<ln::GlobalAvgPool, Image>);
static_assert(ln::Layer<ln::Dense<5>, Image> && ln::Layer<ln::Dense<5>, Vector>);
static_assert(ln::Layer<ln::Flatten, Image> && ln::Layer<ln::Flatten, Vector>);
static_assert(ln::Layer<ln::ReLU, Image> && ln::Layer<ln::LeakyReLU<>, Vector> &&
              ln::Layer<ln::LeakyReLU<1, 5>, Image>);
static_assert(ln::Layer<ln::PReLU<>, Image> && ln::Layer<ln::PReLU<7>, Vector> &&
              ln::Layer<ln::ReLU6, Image> && ln::Layer<ln::ELU<>, Vector> && ln::Layer<ln::ELU<1, 2>, Image>);
static_assert(ln::Layer<ln::SiLU, Image> && ln::Layer<ln::GELU, Vector> && ln::Layer<ln::GELUTanh, Image> &&
              ln::Layer<ln::HardSwish, Vector> && ln::Layer<ln::Scale<1, 50>, Image>);
static_assert(ln::Layer<ln::BatchNorm<>, Image> && ln::Layer<ln::BatchNorm<1000, 1>, Vector> &&
              ln::Layer<ln::LayerNorm, Image> && ln::Layer<ln::LayerNorm, Vector> &&
              ln::Layer<ln::Dropout<>, Image> && ln::Layer<ln::Dropout<20>, Vector>);
using Time = ln::Sequence<9, ln::Shape<2>>;
static_assert(ln::Layer<ln::LSTM<5>, Time> && ln::Layer<ln::GRU<5>, ln::Shape<2, 9>> &&
              ln::Layer<ln::GRU<5, ln::reset_before>, Time> &&
              ln::Layer<ln::Bidirectional<ln::GRU<5>>, Time> &&
              ln::Layer<ln::Bidirectional<ln::LSTM<5>>, Time> &&
              ln::Layer<ln::LearntState<ln::LSTM<5>>, Time> && ln::Layer<ln::Last, Time> &&
              ln::Layer<ln::CausalConv<4, 3, 2>, Time> && ln::Layer<ln::Conv1D<4, 3>, Time> &&
              ln::Layer<ln::NoBias<ln::Conv1D<4, 3>>, Time>);
static_assert(ln::Model<ln::Net<ln::NoBias<ln::Conv1D<4, 3>>, ln::Dense<5>>, Time>::layers[1].output ==
              ln::dims::sequence(7, 5));
static_assert(ln::Layer<ln::Tanh, Image> && ln::Layer<ln::Sigmoid, Vector> && ln::Layer<ln::Softmax, Image>);

template <class L>
constexpr bool is_loss = ln::Loss<L, Vector>&& ln::Loss<L, Image>&& ln::Loss<L, Vector, double>;
static_assert(is_loss<ln::SoftmaxCrossEntropy> && is_loss<ln::WeightedCrossEntropy<7>> &&
              is_loss<ln::BinaryCrossEntropy>);
static_assert(is_loss<ln::MeanSquaredError> && is_loss<ln::MeanAbsoluteError> && is_loss<ln::Huber>);
static_assert(is_loss<ln::ESR> && is_loss<ln::DC> && is_loss<ln::LossSum<ln::ESR, ln::DC>>);

template <class O>
constexpr bool is_optimizer = ln::Optimizer<O>&& ln::Optimizer<O, double>;
static_assert(is_optimizer<ln::SGD> && is_optimizer<ln::Adam>);

static_assert(ln::Schedule<ln::Constant> && ln::Schedule<ln::StepDecay> && ln::Schedule<ln::Cosine>);
static_assert(ln::Schedule<ln::Warmup<>> && ln::Schedule<ln::Warmup<ln::Cosine>>);
static_assert(ln::Schedule<double (*)(double, std::int64_t)>);

// The rate comes first: whole numbers would cut it to 0. What the second argument is does not matter, and the
// body of a generic callable is not compiled to find out.
template <class Rate, class Step>
using Function = double (*)(Rate, Step);
static_assert(ln::Schedule<Function<float, int>> && ln::Schedule<Function<const double&, double>>);
static_assert(!ln::Schedule<Function<std::int64_t, double>> && !ln::Schedule<Function<int, int>>);
static_assert(
    !ln::Schedule<decltype([](std::int64_t step, double rate) { return rate / double(1 + step); })>);
static_assert(!ln::Schedule<std::function<double(const long&, double)>>);
static_assert(ln::Schedule<std::function<double(double, long)>>);
static_assert(ln::Schedule<decltype([](auto rate, auto step) { return rate / double(1 + step); })>);
struct Overloaded {
    double operator()(double rate, std::int64_t) const;
    double operator()(int rate, std::int64_t) const;
};
static_assert(ln::Schedule<Overloaded>);
// A third argument is the number of all steps.
static_assert(ln::Schedule<double (*)(double, std::int64_t, std::int64_t)>);
static_assert(ln::Schedule<decltype([](auto rate, auto step, auto steps) {
    return rate * double(step) / double(steps);
})>);
static_assert(!ln::Schedule<double (*)(std::int64_t, double, std::int64_t)>);
static_assert(!ln::Schedule<double (*)(double, std::int64_t, std::int64_t, int)>);
static_assert(!ln::Schedule<double (*)(double)> && !ln::Schedule<ln::Warmup<ln::SGD>>);

// Each lacks one thing.
struct Bare {
    template <class In>
    using output = In;
    static void forward(auto, auto, auto) {}
    static void input_gradient(auto, auto, auto, auto, auto) {}
};
struct Complete : Bare {
    static constexpr const char* name = "Complete";
};
struct Backwardless {
    static constexpr const char* name = "Backwardless";
    template <class In>
    using output = In;
    static void forward(auto, auto, auto) {}
};
struct Weighted : Complete {
    template <class In>
    using weight = ln::Shape<1>;
};
struct Unlearned : Weighted {
    [[maybe_unused]] static constexpr double initial_weight = 1;
};
struct Uninitialised : Weighted {
    static void parameter_gradient(auto, auto, auto, auto) {}
};
struct Scale : Uninitialised {
    [[maybe_unused]] static constexpr double initial_weight = 1;
};
struct Biased : Complete {
    template <class In>
    using bias = ln::Shape<1>;
};
static_assert(ln::Layer<Complete, Vector> && ln::Layer<Scale, Vector>);
static_assert(!ln::Layer<Bare, Vector> && !ln::Layer<Backwardless, Vector> && !ln::Layer<Unlearned, Vector>);
// Nor is one that lists its tensors without their gradient.
struct Listed : Complete {
    template <class, class T>
    struct trained {
        ln::View<T, ln::Shape<1>> factor;
        static constexpr void fields(auto& list, auto f) {
            f("factor", list.factor, ln::initial::constant{1});
        }
    };
};
struct ListedLearns : Listed {
    static constexpr void parameter_gradient(auto, auto, auto, auto, auto pass) { (void)pass.saved; }
};
static_assert(!ln::Layer<Listed, Vector> && ln::Layer<ListedLearns, Vector>);
static_assert(!ln::Layer<Uninitialised, Vector> && !ln::Layer<Biased, Vector> && !ln::Layer<int, Vector>);
static_assert(!ln::Layer<ln::Conv<4, 3>, Vector> && !ln::Layer<ln::MaxPool<2, 2>, Vector>);

static_assert(!ln::Loss<ln::SGD, Vector> && !ln::Loss<ln::Tanh, Vector>);
struct Losing {
    void loss_and_gradient(auto, auto, auto) const {}
};
static_assert(!ln::Loss<Losing, Vector>);

static_assert(!ln::Optimizer<ln::StepDecay> && !ln::Optimizer<float>);
struct Rateless : ln::SGD {
    struct learning_rate;
};
static_assert(!ln::Optimizer<Rateless>);

static_assert(!ln::Schedule<double> && !ln::Schedule<ln::SGD> &&
              !ln::Schedule<void (*)(double, std::int64_t)>);

// Data need both forms of `validate`, with `Over` as without.
struct Unchecked {
    [[nodiscard]] static std::size_t size() { return 2; }
    static void inputs(const auto&, auto) {}
    static void targets(const auto&, auto) {}
};
struct ChecksAll : Unchecked {
    template <class In, class Out>
    static void validate() {}
};
struct ChecksSome : Unchecked {
    template <class In, class Out>
    static void validate(std::span<const std::uint32_t>) {}
};
struct ChecksAnyModel : Unchecked {
    static void validate() {}
};
struct ChecksBoth : Unchecked {
    template <class In, class Out>
    static void validate(std::span<const std::uint32_t> = {}) {}
};
template <class Data>
struct Augmented : ln::data::Over<Data> {};
using SmallModel = ln::Model<ln::Net<ln::Dense<3>>, Vector>;
template <class Data>
constexpr bool trains = ln::TrainingData<Data, SmallModel>&& ln::TrainingData<Augmented<Data>, SmallModel>;
template <class Data>
constexpr bool is_refused =
    !ln::TrainingData<Data, SmallModel> && !ln::TrainingData<Augmented<Data>, SmallModel>;
static_assert(trains<Unchecked> && trains<ChecksBoth>);
static_assert(is_refused<ChecksAll> && is_refused<ChecksSome> && is_refused<ChecksAnyModel>);

} // namespace
