// The map of lamina: every public name and the header that defines it. Types are declared here, so a header
// that only names them includes no other:
//
//     using Model = ln::Model<ln::Net<ln::Conv<16, 3>, ln::ReLU, ln::Dense<10>>, ln::Shape<1, 28, 28>>;
//     void train(Model& model);
#pragma once

#include <lamina/pack.hpp> // pack, Element, scalar_of: what kernels and layers compute with
#include <lamina/shape.hpp> // Shape, Sequence, AnyShape (run_time_view.hpp), dims, ImageShape, channels, height, width
#include <lamina/tensor.hpp> // Tensor, View

namespace lamina {

// A network: its layers in order, and what makes it branch (topology/net.hpp). Residual<Layers...> is
// Sum<Identity, Net<Layers...>>; Named<"features", Layer> names parameters in files.
template <class... Layers>
struct Net;
template <class Topology>
struct Strict; // a Net that drops no rows or columns
template <class Topology>
struct Exact; // a Net whose convolutions are all direct sums
struct Identity;
template <class... Branches>
struct Sum;
template <class... Branches>
struct Product;
template <class... Branches>
struct Concat;
template <int Count, class... Layers>
struct Repeat;
template <class Name>
struct As; // names the value that came last
template <class Name>
struct From; // goes on from it
template <class... Branches>
struct Outputs; // the last of a Net: each branch is an output of the network, and has a loss in Losses

// Arguments of layers (shape.hpp); `same` is padding by TensorFlow's rule.
struct size;
struct pad;
// Layers (layers/<name>.hpp). A user's own satisfies the concept Layer (concepts.hpp). An argument that must
// be given is 0 here: then the layer's own error names it, instead of the compiler's for too few template
// arguments.
template <int Filters = 0, auto Kernel = 0, auto Stride = 1, auto Padding = 0, auto Dilation = 1,
          int Groups = 1>
struct Conv;
template <auto Kernel = 0, auto Stride = 1, auto Padding = 0, auto Dilation = 1, int Multiplier = 1>
struct DepthwiseConv; // layers/depthwise_conv.hpp
template <int Filters = 0, int Kernel = 0, int Stride = 1, auto Padding = 0, int Dilation = 1, int Groups = 1>
struct Conv1D;
template <int Filters = 0, int Kernel = 0, int Dilation = 1, int Groups = 1>
struct CausalConv; // layers/causal_conv.hpp
template <int Filters = 0, auto Kernel = 0, auto Stride = 1, auto Padding = 0, auto Dilation = 1,
          int Groups = 1>
struct TransposedConv; // layers/transposed_conv.hpp
template <class Layer>
struct NoBias; // layers/no_bias.hpp: a convolution or a Dense without its bias
template <auto Size = 0, auto Stride = 0, auto Padding = 0>
struct MaxPool;
template <auto Size = 0, auto Stride = 0, auto Padding = 0, bool CountPadding = true>
struct AvgPool;
struct GlobalMaxPool; // layers/global_max_pool.hpp
struct GlobalAvgPool; // layers/global_avg_pool.hpp
template <auto Size = 0>
struct AdaptiveAvgPool; // layers/adaptive_avg_pool.hpp
template <auto Factor = 0>
struct Upsample;
template <auto Factor = 0>
struct UpsampleBilinear; // layers/upsample.hpp
template <int Outputs = 0>
struct Dense;
template <int Units = 0, auto...>
struct LSTM; // layers/lstm.hpp
template <int Units = 0, auto ResetBefore = false>
struct GRU; // layers/gru.hpp
template <class Layer>
struct Bidirectional; // layers/bidirectional.hpp: a recurrent layer in both directions
template <class Layer>
struct LearntState; // layers/learnt_state.hpp: a recurrent layer that learns what it begins with
struct Last;        // the last step of a sequence
struct Flatten;
struct ReLU;
template <int Numerator = 1, int Denominator = 100>
struct LeakyReLU;
template <int Slopes = 1>
struct PReLU;
struct ReLU6;
template <int Numerator = 1, int Denominator = 1>
struct ELU;
struct SiLU;
struct GELU;     //     layers/gelu.hpp
struct GELUTanh; // layers/gelu.hpp
struct HardSwish;
struct Tanh;
struct Sigmoid;
struct Softmax;
template <int Numerator = 0, int Denominator = 1>
struct Scale;
template <int EpsilonPerMillion = 10, int MomentumPercent = 10>
struct BatchNorm;
struct LayerNorm;
template <int Percent = 50>
struct Dropout;
// Bases and helpers of layers: layers/elementwise.hpp, layers/pool_window.hpp; exp, tanh, sigmoid, log, sqrt
// of numbers and packs (math/functions.hpp), erf (math/distributions.hpp); Text, named (text.hpp); none,
// fault (problem/problem.hpp).
template <class Activation>
struct Elementwise;
template <auto Size, auto Stride, auto Padding = 0>
struct PoolWindow;

// Losses (losses/<name>.hpp; concept Loss).
struct SoftmaxCrossEntropy;
template <std::size_t Classes>
struct WeightedCrossEntropy;
struct BinaryCrossEntropy;
struct MeanSquaredError;
struct MeanAbsoluteError;
struct Huber;
struct ESR;
struct DC;
template <class... L>
struct LossSum;
template <class... L>
struct Losses;
// PyTorch's other names of them, such as Linear and MSELoss, are errors that say these
// (problem/pytorch_names.hpp).

// Exceptions; raise(error) and raise<Error>(parts...), which throw them; on_error, which receives the message
// in programs without exceptions (error.hpp).
struct format_error;
struct data_error;
struct training_error;
struct shape_error; // also called dynamic::shape_error

} // namespace lamina

// All other names differ between builds for different instruction sets (abi.hpp).
namespace lamina::inline LAMINA_ABI {

// A string made while the program compiles (text.hpp).
struct Text;

// The facts of each layer of a network (topology/summary.hpp).
struct LayerInfo; //     summary<Model>(), plan_summary<Model>(), to_dot<Model>() (topology/dot.hpp)
struct HeadInfo;  // of each output (topology/heads.hpp): Model::heads, Model::head<0>(y)

// Each tensor of a model, Model::tensors; its Lifetime (parameters.hpp). What a layer of one's own may ask
// for: PassContext (pass_context.hpp). The base of a join of one's own: joins::Join (layers/join.hpp).
struct ModelTensor;

// The start of a sequence of random numbers, and their generator (math/random.hpp).
struct seed;
class Random;

// Optimisers (optimizers/<name>.hpp; concept Optimizer).
struct SGD;
struct Adam;
struct AdamW;
class MovingTensors; // what a frozen layer leaves an optimiser to move: ParameterTensors     parameters.hpp
// Learning-rate schedules (optimizers/schedules.hpp; concept Schedule).
struct Constant;
struct StepDecay;
struct Cosine;
template <class Then = Constant>
struct Warmup;

// A topology on an input shape, with its parameters (model.hpp); one training step (train/trainer.hpp).
// fold(model) is a Model of Folded<Topology>: for inference, with batch norm as part of the layers before it
// and without dropout (model/fold.hpp).
template <class Topology, class In, class T = float>
class Model;
template <class Model>
class Prepared; // model/prepared.hpp: one sample, from weights that were transformed before
template <class Model, int BlockSteps = 16>
class Stream; // model/stream.hpp: runs along time, what its layers remember inside
template <class M, class O, int Batch = 64>
struct TrainingMemory; // train/training_memory.hpp
template <class M, class L, class O, class Storage = TrainingMemory<M, O>>
class Trainer;

// A scope in which subnormal numbers count as zero (math/flush_subnormals.hpp).
class FlushSubnormals;

// What outputs say: softmax(y), argmax(y), top_k<K>(y), which is K of these (model/answers.hpp).
template <class T>
struct Ranked;

// Training and testing.
template <class Data>
struct FitOptions;  //     fit(trainer, data, options)              train/fit.hpp
struct FitReport;   //     what it returns; how a run ends early    train/early_stopping.hpp
struct stop_if;     //
struct Patience;    //
enum class Metric;  //
enum class Ended;   //
struct EpochReport; //                                              train/epoch_report.hpp
struct Metrics;     //     evaluate(model, data, loss, threads)     train/evaluate.hpp
class Confusion;    //     to_string(confusion, names)      train/confusion.hpp
template <class Model>
class Team; //         several threads; forward(model, x, y, threads)     train/team.hpp

// Data. Whatever satisfies the concept TrainingData (train/training_data.hpp) can be trained on; with labels
// it is Labelled, and write_labels (data/labels.hpp) writes them as targets.
namespace data {
class Image;  //           data/image.hpp: pixels in memory, in an Order (tensor.hpp)
class Images; //           data/images.hpp
template <class T, class In, class Target>
class Samples; //          data/samples.hpp
template <class Model, int Windows = 1>
class Recordings; //       train/recordings.hpp: long sequences, window by window
template <class Input, class Target>
struct Recording; //
struct All;       //             data/over.hpp
template <class Data, class Choice = All>
class Over; //
template <class Data>
class InEpoch; //
template <class Input>
struct Standardization; // data/standardize.hpp: standardization(data) scales inputs to mean 0, deviation 1
template <class Data>
class Subset; //           data/split.hpp
template <class Data>
struct Parts;      //           split(data, share, seed)
struct IdxOptions; //      data/idx.hpp
struct Split;      //          load_idx(folder), load_idx_pair(images, labels)     data/idx.hpp
} // namespace data

// Topologies known only at run time, said by a text: "1x28x28 Conv<16,3> ReLU Dense<10>"; twin(model) is a
// run-time network that is a model      dynamic/twin.hpp
namespace dynamic {
class Network; // dynamic/network.hpp; trained with dynamic/trainer.hpp; load(path): dynamic/load.hpp
} // namespace dynamic

// Weights in files: save(model, path), load(model, path)     io/safetensors.hpp
//                   load_saved(model, bytes), without heap    io/saved_bytes.hpp
struct LoadOptions; // io/file_options.hpp
struct SaveOptions; //
struct Rename;      //
struct Renames;     //
struct Patterns;    //
template <class First, class... Others>
class AnyOf; //        one of several models, chosen by a file     io/any_of.hpp

// Runs that can be interrupted and resumed: save_checkpoint(trainer, position, path),
// load_checkpoint(trainer, path)     io/checkpoint.hpp
struct RunPosition;       // train/run_position.hpp
class RunSaver;           //
struct CheckpointOptions; // io/checkpoints.hpp
template <class Trainer>
class Checkpoints; //

// Weights in programs: embed(model, name, path) writes a header (io/embed.hpp), with_embedded<Model, name>()
// returns the model with its parameters (io/embedded.hpp). embed_tool<Model>(count, arguments) turns a file
// of weights into a header, of the model or, with Embeds::folded, of the folded one (io/embed_tool.hpp).
template <class T, int Extent, int Layers>
struct Embedded;
enum class Embeds;

} // namespace lamina::inline LAMINA_ABI
