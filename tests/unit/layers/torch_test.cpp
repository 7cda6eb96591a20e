// Every layer against PyTorch: output, and the gradients of input, weight and bias.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/reference.hpp"
#include "oracle/sequence.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace lamina;
using namespace oracle;

namespace {

// Inputs and upstream gradients are of size 1, so differences are taken relative to 1, or to the largest
// number expected. An output is a sum of up to 245 products; each operation rounds by 2^-53 or 2^-24, and exp
// is good to a few of these units.
template <class T>
constexpr double tolerance = sizeof(T) == 8 ? 1e-14 : 2e-6;

const References& references() {
    static const References all{"layers"};
    return all;
}

template <class E, class View>
void check_tensor(const std::string& name, View found) {
    CAPTURE(name);
    const Reference& expected = references()[name];
    REQUIRE(expected.values.size() == static_cast<std::size_t>(View::size));
    Difference difference;
    in_torch_order(found, [&](const auto& e, std::size_t i) {
        difference.add(static_cast<double>(lane(e, lanes_of<typename View::element> - 1)),
                       expected.values[i]);
    });
    CHECK(difference.relative(1) <= tolerance<scalar_of<E>>);
}

/// The sequence times a factor.
struct Times {
    double factor = 1;
    double operator()(double of_the_sequence, std::size_t /*i*/) const { return factor * of_the_sequence; }
};

template <class View, class F>
void fill(View view, const std::string& name, F f) {
    const Sequence values{name};
    in_torch_order(view,
                   [&](auto& e, std::size_t i) { e = static_cast<typename View::element>(f(values[i], i)); });
}

// The sample is in the last lane. Those before it hold other numbers, whose upstream gradient is zero.
template <class View, class F>
void fill_lanes(View view, const std::string& name, F f, double others) {
    using E = typename View::element;
    const Sequence values{name}, noise{name + " of other lanes"};
    in_torch_order(view, [&](E& e, std::size_t i) {
        for (int r = 0; r + 1 < lanes_of<E>; ++r)
            set_lane(
                e, r,
                static_cast<scalar_of<E>>(others * noise[i * lanes_of<E> + static_cast<std::size_t>(r)]));
        set_lane(e, lanes_of<E> - 1, static_cast<scalar_of<E>>(f(values[i], i)));
    });
}

// A network of one layer, computing in E. `x` and `w` make the input and the parameters of their sequences.
template <class L, class In, class E, class X>
void check_layer_in(const std::string& name, X x, Times w) {
    CAPTURE(lanes_of<E>);
    CAPTURE(sizeof(scalar_of<E>));
    using M = Model<Net<L>, In, scalar_of<E>>;
    constexpr bool learns = M::parameter_count > 0, has_bias = M::template has_bias<0>;
    M model, gradient;
    for (auto& g : gradient.numbers()) // a norm's weight begins at 1
        g = 0;
    if constexpr (learns) {
        fill(model.template weight<0>(), name + "/weight", w);
        if constexpr (has_bias)
            fill(model.template bias<0>(), name + "/bias", w);
    }

    const auto pass = std::make_unique<topology::TrainingPass<typename M::plan, E, true>>();
    fill_lanes(pass->input(), name + "/x", x, 1);
    pass->forward(model.parameters().data());
    check_tensor<E>(name + "/y", pass->output());
    fill_lanes(pass->output_gradient(), name + "/dy", Times{}, 0);
    pass->backward(model.parameters().data(), gradient.parameters().data());
    check_tensor<E>(name + "/dx", pass->input_gradient());
    if constexpr (learns) {
        check_tensor<E>(name + "/dweight", gradient.template weight<0>());
        if constexpr (has_bias)
            check_tensor<E>(name + "/dbias", gradient.template bias<0>());
    }

    typename M::Input input;
    fill(input.view(), name + "/x", x);
    const typename M::Output output = model.forward(input);
    check_tensor<E>(name + "/y", output.view());
}

template <class L, class In, class X = Times>
void check_layer(const std::string& name, X x = {}, Times w = {}) {
    check_layer_in<L, In, double>(name, x, w);
    check_layer_in<L, In, pack<float>>(name, x, w);
}

template <Image I>
using image_shape = Shape<I.channels, I.height, I.width>;
template <Image I>
using shape = std::conditional_t<I.height == 1 && I.width == 1, Shape<I.channels>, image_shape<I>>;

// Calls f<row>() for each row of a table of cases.
template <const auto& table, class F>
void for_each_case(F f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f.template operator()<table[I]>(), ...);
    }
    (std::make_index_sequence<table.size()>{});
}

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

TEST_CASE("Conv: output and gradients are PyTorch's") {
    for_each_case<conv_cases>([]<ConvCase C>() {
        using L = Conv<C.filters, C.kernel, C.stride, C.padding>;
        check_layer<L, image_shape<C.input>>(name(C), Times{},
                                             Times{weight_scale(L::template fan_in<image_shape<C.input>>)});
    });
}

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
        check_layer<Dense<C.outputs>, shape<C.input>>(name(C), Times{},
                                                      Times{weight_scale(shape<C.input>::size)});
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
            const Sequence values{name + (is_mean ? "/running_mean" : "/running_var")};
            for (std::size_t i = 0; i < t.size; ++i)
                model.numbers()[t.offset + i] = static_cast<T>((is_mean ? 0 : 1.5) + values[i]);
        }
    std::vector<typename M::Input> inputs(3);
    std::vector<typename M::Output> outputs(3);
    for (auto& input : inputs)
        fill(input.view(), name + "/x", Times{});
    check_tensor<T>(name + "/y", model.forward(inputs[0]).view()); // channels in lanes
    model.forward(inputs, outputs);                                // samples in lanes
    check_tensor<T>(name + "/y", outputs[2].view());
}

} // namespace

TEST_CASE("BatchNorm: output by running statistics is PyTorch's") {
    for_each_case<norm_cases>([]<Image C>() {
        check_inference<shape<C>, double>(name("batch_norm", C));
        check_inference<shape<C>, float>(name("batch_norm", C));
    });
}
