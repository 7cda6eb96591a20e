// The map agrees with what it maps: included before and after it, every type on it can be named from it alone
// and is defined by the headers.
#include <lamina/fwd.hpp>

namespace ln = lamina;

template <class...>
struct Types;

using Model = ln::Model<ln::Net<ln::Conv<16, 3>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;
using Trainer = ln::Trainer<Model, ln::SoftmaxCrossEntropy, ln::SGD>;
using Map =
    Types<Model, Trainer, ln::TrainingMemory<Model, ln::SGD>, ln::Net<>, ln::LayerInfo, ln::Conv<16, 3, 1, 0>,
          ln::TransposedConv<16, 3, 2, 1>, ln::MaxPool<2, 2>, ln::AvgPool<2, 2>, ln::GlobalMaxPool,
          ln::GlobalAvgPool, ln::AdaptiveAvgPool<2>, ln::Upsample<2>, ln::UpsampleBilinear<2>, ln::Dense<1>,
          ln::Flatten, ln::ReLU, ln::LeakyReLU<1, 100>, ln::PReLU<1>, ln::ReLU6, ln::ELU<1, 1>, ln::SiLU,
          ln::GELU, ln::GELUTanh, ln::HardSwish, ln::Scale<1, 50>, ln::BatchNorm<10, 10>, ln::LayerNorm,
          ln::Dropout<20>, ln::Tanh, ln::Sigmoid, ln::Softmax, ln::Elementwise<ln::ReLU>,
          ln::PoolWindow<2, 2>, ln::Text, ln::seed, ln::Random, ln::SoftmaxCrossEntropy, ln::MeanSquaredError,
          ln::SGD, ln::Adam, ln::AdamW, ln::MovingTensors, ln::FlushSubnormals, ln::Constant, ln::StepDecay,
          ln::Cosine, ln::Warmup<>, ln::FitOptions<ln::data::Images>, ln::EpochReport, ln::FitReport,
          ln::stop_if, ln::Patience, ln::Metric, ln::Ended, ln::Ranked<float>, ln::Metrics, ln::Confusion,
          ln::Team<Model>, ln::data::Image, ln::data::Images, ln::data::Split, ln::data::IdxOptions,
          ln::data::Samples<float, ln::Shape<1>, ln::Shape<1>>, ln::format_error, ln::data_error,
          ln::training_error, ln::LoadOptions, ln::SaveOptions, ln::Rename, ln::Renames, ln::Patterns,
          ln::AnyOf<Model>, ln::RunPosition, ln::RunSaver, ln::CheckpointOptions, ln::Checkpoints<Trainer>,
          ln::Outputs<ln::ReLU>, ln::HeadInfo, ln::Identity, ln::Sum<ln::ReLU>, ln::Product<ln::ReLU>,
          ln::Concat<ln::ReLU>, ln::Repeat<2, ln::ReLU>, ln::As<Model>, ln::From<Model>, ln::ModelTensor>;
using Recurrent = ln::Net<ln::CausalConv<4, 3, 2, 1>, ln::LSTM<4>, ln::GRU<4>>;
using Along = Types<ln::Sequence<7, ln::Shape<2>>, ln::StreamBlock<7, ln::Shape<2>>, Recurrent, ln::Last,
                    ln::Bidirectional<ln::LSTM<4>>, ln::LearntState<ln::LSTM<4>>,
                    ln::Stream<ln::Model<Recurrent, ln::Sequence<7, ln::Shape<2>>>>>;
using Losses = Types<ln::SoftmaxCrossEntropy, ln::WeightedCrossEntropy<2>, ln::BinaryCrossEntropy,
                     ln::MeanSquaredError, ln::MeanAbsoluteError, ln::Huber, ln::ESR, ln::DC,
                     ln::LossSum<ln::ESR, ln::DC>, ln::Losses<ln::Huber>>;
using Sources = Types<ln::data::Samples<float, ln::Shape<1>, int>, ln::data::Over<ln::data::Images>,
                      ln::data::Recordings<ln::Model<Recurrent, ln::Sequence<7, ln::Shape<2>>>>,
                      ln::data::Recording<float, float>, ln::data::InEpoch<ln::data::Images>,
                      ln::data::Subset<ln::data::Images>, ln::data::Parts<ln::data::Images>,
                      ln::data::Standardization<ln::Tensor<float, ln::Shape<1>>>>;
void train(Model& model, const ln::data::Images& images);

#include <lamina/lamina.hpp>

#include <lamina/fwd.hpp>

template <class>
constexpr bool defined = false;
template <class... T>
constexpr bool defined<Types<T...>> = ((sizeof(T) > 0) && ...);
static_assert(defined<Map> && defined<Along> && defined<Losses> && defined<Sources>);

// Defaults are those that the documentation of a layer gives.
static_assert(std::is_same_v<ln::Conv<16, 3>, ln::Conv<16, 3, 1, 0>> &&
              std::is_same_v<ln::LeakyReLU<>, ln::LeakyReLU<1, 100>> &&
              std::is_same_v<ln::PReLU<>, ln::PReLU<1>> && std::is_same_v<ln::ELU<>, ln::ELU<1, 1>> &&
              std::is_same_v<ln::Scale<3>, ln::Scale<3, 1>> &&
              std::is_same_v<ln::MaxPool<2, 2>, ln::MaxPool<2, 2, 0>> &&
              std::is_same_v<ln::AvgPool<2, 2>, ln::AvgPool<2, 2, 0, true>> &&
              std::is_same_v<ln::BatchNorm<>, ln::BatchNorm<10, 10>> &&
              std::is_same_v<ln::Dropout<>, ln::Dropout<50>> &&
              std::is_same_v<ln::CausalConv<4, 3>, ln::CausalConv<4, 3, 1, 1>>);
static_assert(std::is_same_v<Model::scalar, float>);

static_assert(std::is_same_v<ln::Folded<Model::topology>, Model::topology>);

// Functions that the map names.
using ln::evaluate, ln::fit, ln::load, ln::save, ln::summary, ln::plan_summary, ln::raise, ln::forward,
    ln::fold, ln::data::load_idx, ln::data::split, ln::data::standardization, ln::data::write_labels,
    ln::to_string, ln::data::load_idx_pair, ln::named, ln::load_saved, ln::save_checkpoint,
    ln::load_checkpoint, ln::softmax, ln::argmax, ln::top_k, ln::erf;
