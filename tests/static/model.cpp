// What a model is to the compiler: plain aligned memory, and a function that can be evaluated while
// compiling.
#include <lamina/core.hpp>

namespace {

namespace ln = lamina;

using Topology = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
using Model = ln::Model<Topology, ln::Shape<1, 28, 28>>;
using Double = ln::Model<Topology, ln::Shape<1, 28, 28>, double>;

static_assert(std::is_same_v<ln::Model<Topology, ln::Shape<1, 28, 28>, float>, Model>);
static_assert(std::is_same_v<Model::topology, Topology> && std::is_same_v<Model::scalar, float>);

// Copied as bytes, and no larger than its parameters, each of which starts on 64 bytes.
static_assert(std::is_trivially_copyable_v<Model> && std::is_standard_layout_v<Model>);
static_assert(std::is_trivially_copyable_v<Model::Input> && std::is_trivially_copyable_v<Model::Workspace>);
static_assert(sizeof(Model) == Model::parameter_bytes && alignof(Model) == 64);
static_assert(Model::parameter_bytes == 4LL * Model::parameter_extent && Model::parameter_extent == 27'216);
static_assert(sizeof(Double) == Double::parameter_bytes && alignof(Double) == 64);
static_assert(Double::parameter_extent == 27'216 && Double::parameter_bytes == 8LL * 27'216);

// The widest two neighbours of image, pooled planes and scores are image and planes: nothing between is kept.
// One sample's image is channels-last and ends in room for a vector.
static_assert(Model::inference_bytes == 4 * (784 + 16 + 2704) &&
              Model::inference_bytes == sizeof(Model::Workspace));
static_assert(sizeof(Model::BatchWorkspace) == (784 + 2704) * sizeof(ln::pack<float>));

// Training needs what its memory is made of, whatever the batch; Adam keeps one array more than SGD.
static_assert(Model::training_bytes<ln::SGD> == sizeof(ln::TrainingMemory<Model, ln::SGD>));
static_assert(Model::training_bytes<ln::Adam> - Model::training_bytes<ln::SGD> >= Model::parameter_bytes);

// Layers are descriptors, views are pointers, tensors are arrays on whole cache lines.
static_assert(std::is_empty_v<ln::Conv<16, 3>> && std::is_empty_v<ln::LeakyReLU<>> &&
              std::is_empty_v<ln::Dense<1>>);
static_assert(sizeof(ln::View<float, ln::Shape<3, 4>>) == sizeof(float*));
static_assert(sizeof(ln::Tensor<float, ln::Shape<1, 28, 28>>) == 4 * 784 &&
              sizeof(ln::Tensor<float, ln::Shape<10>>) == 64);
static_assert(alignof(ln::Tensor<double, ln::Shape<2, 2>>) == 64);

// A seed must be named, and a model is not made from one by accident.
static_assert(!std::is_constructible_v<Model, int> && !std::is_convertible_v<ln::seed, Model>);

// A network small enough to follow by hand: the convolution gives 37 47 / 67 77, less 70 and cut at zero
// leaves a 7, the largest; numbers are small integers, so the answer is exact.
consteval bool answers_exactly() {
    ln::Model<ln::Net<ln::Conv<1, 2>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<2>>, ln::Shape<1, 3, 3>> m;
    ln::Tensor<float, ln::Shape<1, 3, 3>> x{{1, 2, 3, 4, 5, 6, 7, 8, 9}};
    const float kernel[] = {1, 2, 3, 4};
    for (int i = 0; i < 4; ++i)
        m.weight<0>()(0, i / 2, i % 2, 0) = kernel[i];
    m.bias<0>()[0] = -70;
    m.weight<3>()(0, 0) = 2;
    m.weight<3>()(1, 0) = -1;
    m.bias<3>()[0] = 0.5F;
    m.bias<3>()[1] = 1;
    return m.forward(x) == ln::Tensor<float, ln::Shape<2>>{{14.5F, -6}};
}
static_assert(answers_exactly());

// The rest of the layers: padding and a stride, three that need exp, and a softmax whose inputs are equal.
// equals.
consteval bool answers_evenly() {
    ln::Model<
        ln::Net<ln::Conv<2, 3, 2, 1>, ln::Sigmoid, ln::AvgPool<2, 2>, ln::Tanh, ln::Flatten, ln::Softmax>,
        ln::Shape<2, 4, 4>, double>
        m;
    const ln::Tensor<double, ln::Shape<2>> y = m.forward({});
    return y[0] == 0.5 && y[1] == 0.5;
}
static_assert(answers_evenly());

} // namespace
