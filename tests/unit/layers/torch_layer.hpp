// A layer's output and gradients against PyTorch's.
#pragma once

#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"
#include "oracle/torch_order.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

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

/// The first element of a view, and where the others are: what follows is compiled for types of elements, not
/// of views.
template <class Element>
struct InTorchOrder {
    Element* first;
    std::vector<std::ptrdiff_t> places;

    template <class View>
    explicit InTorchOrder(View view, bool ends_in_outputs)
        : first{view.data()}, places(torch_order(view, ends_in_outputs)) {}
};
template <class View>
InTorchOrder(View, bool) -> InTorchOrder<std::remove_pointer_t<decltype(std::declval<View>().data())>>;

template <class Element>
void check_elements(const std::string& name, const InTorchOrder<Element>& found) {
    using T = scalar_of<std::remove_const_t<Element>>;
    CAPTURE(name);
    CAPTURE(sizeof(T));
    const Reference& expected = references()[name];
    REQUIRE(expected.values.size() == found.places.size());
    Difference difference;
    for (std::size_t i = 0; i < found.places.size(); ++i)
        difference.add(static_cast<double>(
                           lane(found.first[found.places[i]], lanes_of<std::remove_const_t<Element>> - 1)),
                       expected.values[i]);
    CHECK(difference.relative(1) <= tolerance<T>);
}
template <class View>
void check_tensor(const std::string& name, View found, bool ends_in_outputs = false) {
    check_elements(name, InTorchOrder{found, ends_in_outputs});
}

/// The sequence times a factor.
struct Times {
    double factor = 1;
    double operator()(double of_the_sequence, std::size_t /*i*/) const { return factor * of_the_sequence; }
};

template <class Element, class F>
void fill_elements(const InTorchOrder<Element>& to, const std::string& name, F f) {
    const MadeNumbers values{name};
    for (std::size_t i = 0; i < to.places.size(); ++i)
        to.first[to.places[i]] = static_cast<Element>(f(values[i], i));
}
template <class View, class F>
void fill(View view, const std::string& name, F f, bool ends_in_outputs = false) {
    fill_elements(InTorchOrder{view, ends_in_outputs}, name, f);
}

// The sample is in the last lane. Those before it hold other numbers, whose upstream gradient is zero.
template <class E, class F>
void fill_lanes_of(const InTorchOrder<E>& to, const std::string& name, F f, double others) {
    const MadeNumbers values{name}, noise{name + " of other lanes"};
    for (std::size_t i = 0; i < to.places.size(); ++i) {
        E& e = to.first[to.places[i]];
        for (int r = 0; r + 1 < lanes_of<E>; ++r)
            set_lane(
                e, r,
                static_cast<scalar_of<E>>(others * noise[i * lanes_of<E> + static_cast<std::size_t>(r)]));
        set_lane(e, lanes_of<E> - 1, static_cast<scalar_of<E>>(f(values[i], i)));
    }
}
template <class View, class F>
void fill_lanes(View view, const std::string& name, F f, double others) {
    fill_lanes_of(InTorchOrder{view, false}, name, f, others);
}

// A network of one layer, computing in E. `x` and `w` make the input and the parameters of their sequences.
template <class L, class In, class E, class X>
void check_layer_in(const std::string& name, X x, Times w) {
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

    // Not on the stack, which the cases of a test would fill; without a unique_ptr of each type, whose
    // functions would be an eighth of those that a test compiles.
    auto* pass = new topology::TrainingPass<typename M::plan, E, true>{};
    fill_lanes(pass->input(), name + "/x", x, 1);
    pass->forward(model.parameters().data());
    check_tensor(name + "/y", pass->output());
    fill_lanes(pass->output_gradient(), name + "/dy", Times{}, 0);
    pass->backward(model.parameters().data(), gradient.parameters().data());
    check_tensor(name + "/dx", pass->input_gradient());
    if constexpr (learns) {
        check_tensor(name + "/dweight", gradient.template weight<0>(), ends_in_outputs);
        if constexpr (has_bias)
            check_tensor(name + "/dbias", gradient.template bias<0>());
    }
    delete pass;

    typename M::Input input;
    fill(input.view(), name + "/x", x);
    const typename M::Output output = model.forward(input);
    check_tensor(name + "/y", output.view());
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
