// What must not be callable is not, so that a mistake is an error where it is made (beside
// tests/compile_fail, which is about what the compiler says).
#include <lamina/dynamic/trainer.hpp>
#include <lamina/lamina.hpp>

namespace {

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

template <class M, int I>
concept HasWeightOf = requires(M& m) {
    m.template weight<I>();
};
template <class M, int I>
concept HasBiasOf = requires(M& m) {
    m.template bias<I>();
};
template <class M, class... X>
concept Forwards = requires(const M& m, X&&... x) {
    m.forward(static_cast<X&&>(x)...);
};

// Only layers that have a weight show one; layers are counted from 0 to the last.
static_assert(HasWeightOf<Model, 0> && HasBiasOf<Model, 0> && HasWeightOf<Model, 3> &&
              HasBiasOf<const Model, 3>);
static_assert(!HasWeightOf<Model, 1> && !HasBiasOf<Model, 1> && !HasWeightOf<Model, 2>);
static_assert(!HasWeightOf<Model, 4> && !HasBiasOf<Model, 4> && !HasWeightOf<Model, -1> &&
              !HasWeightOf<const Model, 4>);

static_assert(Model::has_weight<0> && Model::has_bias<3> && !Model::has_weight<1> && !Model::has_bias<4> &&
              !Model::has_weight<-1>);

// A strict network that comes out even is the plain one.
using Strict = ln::Model<ln::Strict<Model::topology>, Model::input_shape>;
static_assert(std::is_same_v<Strict::topology, Model::topology>);
static_assert(Strict::parameter_extent == Model::parameter_extent &&
              Strict::inference_bytes == Model::inference_bytes &&
              Strict::layers[3].macs == Model::layers[3].macs);

// A model takes tensors of its own input's shape and number type, one or a span of them.
static_assert(Forwards<Model, ln::Tensor<float, ln::Shape<1, 28, 28>>> && Forwards<Model, ln::data::Image>);
static_assert(Forwards<Model, std::vector<Model::Input>, std::vector<Model::Output>&>);
static_assert(Forwards<Model, std::vector<float>> && Forwards<Model, std::span<const float>> &&
              Forwards<Model, float (&)[784]> && Forwards<Model, std::span<float, 784>, Model::Workspace&>);
static_assert(!Forwards<Model, std::vector<double>> && !Forwards<Model, std::vector<std::uint8_t>> &&
              !Forwards<Model, float*> && !Forwards<Model, std::vector<float>, Model::BatchWorkspace&> &&
              !Forwards<Model, std::vector<float>, std::vector<float>&>);
static_assert(!Forwards<Model, ln::View<float, ln::Shape<784>>>);
static_assert(!Forwards<Model, ln::Tensor<float, ln::Shape<1, 28, 27>>>);
static_assert(!Forwards<Model, ln::Tensor<float, ln::Shape<28, 28>>> &&
              !Forwards<Model, ln::Tensor<float, ln::Shape<784>>>);
static_assert(!Forwards<Model, ln::Tensor<double, ln::Shape<1, 28, 28>>> && !Forwards<Model, float> &&
              !Forwards<Model>);
static_assert(!Forwards<Model, std::vector<Model::Input>, const std::vector<Model::Output>&>);
static_assert(!Forwards<Model, std::vector<Model::Input>, std::vector<Model::Input>&>);

// A const model cannot be written to.
template <class M>
concept Writable = requires(M& m) {
    m.parameters()[0] = 1.0F;
};
template <class M>
concept HasWritableWeight = requires(M& m) {
    m.template weight<0>()(0, 0, 0, 0) = 1.0F;
};
static_assert(Writable<Model> && HasWritableWeight<Model>);
static_assert(!Writable<const Model> && !HasWritableWeight<const Model>);

// Tensors take as many indices as they have axes, and are reshaped only to as many elements.
template <class X, class... Index>
concept Indexes = requires(X x, Index... i) {
    x(i...);
};
using Image = ln::Tensor<float, ln::Shape<3, 4, 5>>;
static_assert(Indexes<Image, int, int, int> && !Indexes<Image, int, int> &&
              !Indexes<Image, int, int, int, int>);
using View = ln::View<float, ln::Shape<3, 4, 5>>;
static_assert(Indexes<View, int, int, int> && !Indexes<View, int>);
template <class V, class S>
concept Reshapes = requires(V v) {
    v.template as<S>();
};
static_assert(Reshapes<View, ln::Shape<60>> && !Reshapes<View, ln::Shape<59>>);
static_assert(
    !Reshapes<ln::View<float, ln::Shape<3, 4, 5>, 1>, ln::Shape<60>>); // a halo lies between the rows
static_assert(std::is_convertible_v<View, ln::View<const float, ln::Shape<3, 4, 5>>>);
static_assert(!std::is_convertible_v<ln::View<const float, ln::Shape<3, 4, 5>>, View>);

// A step takes data of the model's own shapes. (For others it has an overload that says what is wrong:
// compile_fail/step_on_other_samples.cpp.)
using Trainer = ln::Trainer<Model, ln::SoftmaxCrossEntropy, ln::SGD>;
template <class Data>
concept Trains = ln::TrainingData<Data, Model>;
static_assert(Trains<ln::data::Images> &&
              Trains<ln::data::Samples<float, Model::input_shape, Model::output_shape>>);
static_assert(!Trains<ln::data::Samples<float, ln::Shape<784>, Model::output_shape>>);
static_assert(!Trains<ln::data::Samples<float, Model::input_shape, ln::Shape<1>>>);
static_assert(!Trains<ln::data::Samples<double, Model::input_shape, Model::output_shape>>);
static_assert(!Trains<std::vector<float>>);

// What holds on to something else stays where it was made: no copy can go on with the old one.
template <class X>
constexpr bool stays = !std::is_copy_constructible_v<X> && !std::is_move_constructible_v<X> &&
                       !std::is_copy_assignable_v<X> && !std::is_move_assignable_v<X>;
static_assert(stays<Trainer> && stays<ln::Checkpoints<Trainer>>);
static_assert(stays<ln::Trainer<Model, ln::SoftmaxCrossEntropy, ln::SGD, Trainer::Memory&>>);
static_assert(stays<ln::Trainer<ln::dynamic::Network, ln::SoftmaxCrossEntropy, ln::SGD>>);
struct Agent {
    Model model;
    Trainer trainer{model, {}, {}};
};
static_assert(stays<Agent>);

} // namespace
