// What is compiled to be measured: NETWORK is a model of runtime/networks.hpp, or DEPTH a number of layers,
// with DIFFERENT no two alike, or BLOCKS those of a residual network, by Repeat or LISTED; with TRAINING a
// step of it, else one answer. The names of types are those a user would have.
#include "../runtime/networks.hpp"

#include <lamina/data/samples.hpp>

#include <type_traits>

namespace ln = lamina;

#if defined(DEPTH)

    /// Convolutions and activations in turn, DEPTH layers in all, of which the last is dense. What is alike
    /// is compiled once; in real networks widths differ.
    #if defined(DIFFERENT)
template <int I>
constexpr int filters = 4 + I / 2;
    #else
template <int>
constexpr int filters = 8;
    #endif
template <int I>
using layer = std::conditional_t<I + 1 == DEPTH, ln::Dense<10>,
                                 std::conditional_t<I % 2 == 0, ln::Conv<filters<I>, 3, 1, 1>, ln::ReLU>>;

template <class>
struct deep;
template <int... I>
struct deep<std::integer_sequence<int, I...>> {
    using type = ln::Net<layer<I>...>;
};
using Model = ln::Model<deep<std::make_integer_sequence<int, DEPTH>>::type, ln::Shape<8, 16, 16>>;

#elif defined(BLOCKS)

/// A residual network of BLOCKS blocks of He et al., each of them an addition and two convolutions with batch
/// normalisation.
using Block = ln::Net<
    ln::Residual<ln::Conv<8, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Conv<8, 3, 1, 1>, ln::BatchNorm<>>,
    ln::ReLU>;
    #if defined(LISTED)
template <int>
using block = Block;
template <class>
struct residual;
template <int... I>
struct residual<std::integer_sequence<int, I...>> {
    using type = ln::Net<block<I>..., ln::Dense<10>>;
};
using Network = residual<std::make_integer_sequence<int, BLOCKS>>::type;
    #else
using Network = ln::Net<ln::Repeat<BLOCKS, Block>, ln::Dense<10>>;
    #endif
using Model = ln::Model<Network, ln::Shape<8, 16, 16>>;

#elif defined(SIDE)

/// On images of SIDE by SIDE.
using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1, 1>, ln::ReLU, ln::Conv<16, 3, 1, 1>, ln::MaxPool<2, 2>>,
                        ln::Shape<8, SIDE, SIDE>>;

#else

using Model = bench::NETWORK;

#endif

#if defined(TRAINING)

using Memory = ln::TrainingMemory<Model, ln::SGD>;
using Samples = ln::data::Samples<float, Model::input_shape, Model::output_shape>;

float train(Model& model, Memory& memory, const Samples& samples, std::span<const std::uint32_t> which) {
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.05, .momentum = 0.9},
                        memory};
    return trainer.step(samples, which);
}

#else

Model::Output answer(const Model& model, const Model::Input& x, Model::Workspace& workspace) {
    return model.forward(x, workspace);
}

#endif
