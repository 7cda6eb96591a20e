// Every layer but convolutions against PyTorch: output, and the gradients of input, weight and bias.
#include "torch_layer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace lamina;
using namespace oracle;
using namespace torch_layer;

namespace {

template <Activation>
struct activation;
template <>
struct activation<Activation::relu> : std::type_identity<ReLU> {};
template <>
struct activation<Activation::leaky_relu_1_100> : std::type_identity<LeakyReLU<>> {};
template <>
struct activation<Activation::leaky_relu_1_4> : std::type_identity<LeakyReLU<1, 4>> {};
template <>
struct activation<Activation::tanh> : std::type_identity<Tanh> {};
template <>
struct activation<Activation::sigmoid> : std::type_identity<Sigmoid> {};
template <>
struct activation<Activation::softmax> : std::type_identity<Softmax> {};
template <>
struct activation<Activation::relu6> : std::type_identity<ReLU6> {};
template <>
struct activation<Activation::elu> : std::type_identity<ELU<>> {};
template <>
struct activation<Activation::elu_1_2> : std::type_identity<ELU<1, 2>> {};
template <>
struct activation<Activation::silu> : std::type_identity<SiLU> {};
template <>
struct activation<Activation::gelu> : std::type_identity<GELU> {};
template <>
struct activation<Activation::gelu_tanh> : std::type_identity<GELUTanh> {};
template <>
struct activation<Activation::hard_swish> : std::type_identity<HardSwish> {};
template <>
struct activation<Activation::scale_1_50> : std::type_identity<Scale<1, 50>> {};

} // namespace

TEST_CASE("MaxPool: output and gradient are PyTorch's") {
    for_each_case<pool_cases>([]<PoolCase C>() {
        check_layer<MaxPool<C.size, C.stride>, image_shape<C.input>>(name("max", C), Times{C.scale});
    });
}

TEST_CASE("AvgPool: output and gradient are PyTorch's") {
    for_each_case<pool_cases>([]<PoolCase C>() {
        check_layer<AvgPool<C.size, C.stride>, image_shape<C.input>>(name("avg", C), Times{C.scale});
    });
}

TEST_CASE("Dense: output and gradients are PyTorch's") {
    for_each_case<dense_cases>([]<DenseCase C>() {
        using L = std::conditional_t<C.has_bias, Dense<C.outputs>, NoBias<Dense<C.outputs>>>;
        check_layer<L, shape<C.input>>(name(C), Times{}, Times{weight_scale(shape<C.input>::size)});
    });
}

TEST_CASE("Activations: output and gradient are PyTorch's") {
    for_each_case<activation_cases>([]<ActivationCase C>() {
        using In = shape<C.input>;
        check_layer<typename activation<C.kind>::type, In>(
            name(C), [](double of_the_sequence, std::size_t i) {
                return activation_input(C, of_the_sequence, i, std::size_t{In::size});
            });
    });
}

TEST_CASE("PReLU: output and gradients are PyTorch's") {
    for_each_case<prelu_cases>([]<PReLUCase C>() { check_layer<PReLU<C.slopes>, shape<C.input>>(name(C)); });
}

TEST_CASE("LayerNorm: output and gradients are PyTorch's") {
    for_each_case<norm_cases>([]<Image C>() { check_layer<LayerNorm, shape<C>>(name("layer_norm", C)); });
}

namespace {

template <class In, class T>
void check_inference(const std::string& name) {
    using M = Model<Net<BatchNorm<>>, In, T>;
    M model;
    fill(model.template weight<0>(), name + "/weight", Times{});
    fill(model.template bias<0>(), name + "/bias", Times{});
    for (const ModelTensor& t : M::tensors) // running_mean and running_var
        if (t.lifetime == Lifetime::kept) {
            const bool is_mean = std::string_view{t.name} == "0.running_mean";
            const MadeNumbers values{name + (is_mean ? "/running_mean" : "/running_var")};
            for (std::size_t i = 0; i < t.size; ++i)
                model.numbers()[t.offset + i] = static_cast<T>((is_mean ? 0 : 1.5) + values[i]);
        }
    std::vector<typename M::Input> inputs(3);
    std::vector<typename M::Output> outputs(3);
    for (auto& input : inputs)
        fill(input.view(), name + "/x", Times{});
    check_tensor(name + "/y", model.forward(inputs[0]).view()); // channels in lanes
    model.forward(inputs, outputs);                             // samples in lanes
    check_tensor(name + "/y", outputs[2].view());
}

} // namespace

TEST_CASE("BatchNorm: output by running statistics is PyTorch's") {
    for_each_case<norm_cases>([]<Image C>() {
        check_inference<shape<C>, double>(name("batch_norm", C));
        check_inference<shape<C>, float>(name("batch_norm", C));
    });
}
