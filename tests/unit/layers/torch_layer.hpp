// A layer's output and gradients against PyTorch's.
#pragma once

#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/reference.hpp"
#include "oracle/sequence.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace torch_layer {

using namespace lamina;
using namespace oracle;

// Inputs and upstream gradients are of size 1, so differences are taken relative to 1, or to the largest
// number expected. An output is a sum of up to 245 products; each operation rounds by 2^-53 or 2^-24, and exp
// is good to a few of these units.
template <class T>
constexpr double tolerance = sizeof(T) == 8 ? 1e-14 : 2e-6;

inline const References& references() {
    static const References all{"layers"};
    return all;
}

template <class E, class View>
void check_tensor(const std::string& name, View found, bool ends_in_outputs = false) {
    CAPTURE(name);
    const Reference& expected = references()[name];
    REQUIRE(expected.values.size() == static_cast<std::size_t>(View::size));
    Difference difference;
    in_torch_order(
        found,
        [&](const auto& e, std::size_t i) {
            difference.add(static_cast<double>(lane(e, lanes_of<typename View::element> - 1)),
                           expected.values[i]);
        },
        ends_in_outputs);
    CHECK(difference.relative(1) <= tolerance<scalar_of<E>>);
}

/// The sequence times a factor.
struct Times {
    double factor = 1;
    double operator()(double of_the_sequence, std::size_t /*i*/) const { return factor * of_the_sequence; }
};

template <class View, class F>
void fill(View view, const std::string& name, F f, bool ends_in_outputs = false) {
    const Sequence values{name};
    in_torch_order(
        view, [&](auto& e, std::size_t i) { e = static_cast<typename View::element>(f(values[i], i)); },
        ends_in_outputs);
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
    constexpr bool ends_in_outputs = requires {
        L::weight_ends_in_outputs;
    }
    || requires {
        L::weight_ends_in_inputs;
    };
    constexpr bool learns = M::parameter_count > 0, has_bias = M::template has_bias<0>;
    M model, gradient;
    for (auto& g : gradient.numbers()) // a norm's weight begins at 1
        g = 0;
    if constexpr (learns) {
        fill(model.template weight<0>(), name + "/weight", w, ends_in_outputs);
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
        check_tensor<E>(name + "/dweight", gradient.template weight<0>(), ends_in_outputs);
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

} // namespace torch_layer
