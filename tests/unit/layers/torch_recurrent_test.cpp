// LSTM and GRU, one to three of them, also bidirectional, against PyTorch's: outputs and all gradients.
// PyTorch numbers the layers of one module, `weight_ih_l1`; here they are layers of a network,
// `1.weight_ih_l0`.
#include <lamina/core.hpp>

#include "oracle/cases.hpp"
#include "oracle/compare.hpp"
#include "oracle/made_numbers.hpp"
#include "oracle/reference.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace ln = lamina;
using namespace oracle;

namespace {

const References& references() {
    static const References all{"recurrent"};
    return all;
}

/// PyTorch's name of a tensor: "weight_ih_l1" of "1.weight_ih_l0", "weight_ih_l1_reverse" likewise.
std::string torch_name(const ln::ModelTensor& t) {
    const std::string name{std::string_view{t.name}};
    const std::size_t point = name.find('.');
    std::string torch = name.substr(point + 1);
    return torch.replace(torch.find("_l0") + 2, 1, name.substr(0, point));
}

/// What is relative to 1, or to the largest number expected.
template <class T, class Found>
void check(const std::string& name, std::size_t count, Found found) {
    CAPTURE(name);
    const Reference& expected = references()[name];
    REQUIRE(expected.values.size() == count);
    Difference difference;
    for (std::size_t i = 0; i < count; ++i)
        difference.add(static_cast<double>(found(i)), expected.values[i]);
    CHECK(difference.relative(1) <= (sizeof(T) == 8 ? 2e-14 : 1e-5));
}

template <class Net, class E>
void check_in(const RecurrentCase& c, auto in) {
    using In = typename decltype(in)::type;
    using T = ln::scalar_of<E>;
    using Model = ln::Model<Net, In, T>;
    constexpr int last = ln::lanes_of<E> - 1;
    const std::string name = oracle::name(c);
    const auto model = std::make_unique<Model>();
    for (const ln::ModelTensor& t : Model::tensors) {
        const MadeNumbers values{name + '/' + torch_name(t)};
        for (std::size_t i = 0; i < t.size; ++i)
            model->numbers()[t.place(i)] = static_cast<T>(weight_scale(c.units) * values[i]);
    }
    const auto pass = std::make_unique<ln::topology::TrainingPass<typename Model::plan, E, true>>();
    // The sample is in the last lane. The gradient of the others is zero.
    const auto fill = [&](auto view, const std::string& what) {
        const MadeNumbers values{name + what};
        for (int i = 0; i < view.size; ++i) {
            view[i] = E(T(0));
            ln::set_lane(view[i], last, static_cast<T>(values[static_cast<std::uint64_t>(i)]));
        }
    };
    fill(pass->input(), "/x");
    pass->forward(model->numbers().data());
    check<T>(name + "/y", static_cast<std::size_t>(Model::Output::size),
             [&](std::size_t i) { return ln::lane(E(pass->output()[static_cast<int>(i)]), last); });
    fill(pass->output_gradient(), "/dy");
    const auto gradients = std::make_unique<Model>();
    pass->backward(model->numbers().data(), gradients->numbers().data(), true);
    check<T>(name + "/dx", static_cast<std::size_t>(Model::Input::size),
             [&](std::size_t i) { return ln::lane(E(pass->input_gradient()[static_cast<int>(i)]), last); });
    for (const ln::ModelTensor& t : Model::tensors)
        check<T>(name + "/d" + torch_name(t), t.size,
                 [&](std::size_t i) { return gradients->numbers()[t.place(i)]; });

    typename Model::Input x;
    const MadeNumbers values{name + "/x"};
    for (int i = 0; i < x.size; ++i)
        x[i] = static_cast<T>(values[static_cast<std::uint64_t>(i)]);
    const typename Model::Output y = model->forward(x);
    check<T>(name + "/y", static_cast<std::size_t>(y.size),
             [&](std::size_t i) { return y[static_cast<int>(i)]; });
}

template <RecurrentCase C>
void check_case() {
    using One = std::conditional_t<C.is_gru, ln::GRU<C.units>, ln::LSTM<C.units>>;
    using L = std::conditional_t<C.is_bidirectional, ln::Bidirectional<One>, One>;
    constexpr std::type_identity<ln::Sequence<C.steps, ln::Shape<C.inputs>>> in{};
    using Net = std::conditional_t<C.layers == 1, ln::Net<L>,
                                   std::conditional_t<C.layers == 2, ln::Net<L, L>, ln::Net<L, L, L>>>;
    check_in<Net, double>(C, in);
    if constexpr (C.layers == 2) // each costs seconds of compiling
        check_in<Net, ln::pack<float>>(C, in);
}

} // namespace

TEST_CASE("LSTM and GRU are PyTorch's, in both directions as well") {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (check_case<recurrent_cases[I]>(), ...);
    }
    (std::make_index_sequence<recurrent_cases.size()>{});
}
