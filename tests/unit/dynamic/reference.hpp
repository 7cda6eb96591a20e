// What a compile-time network computes, as plain numbers for its twin to be compared with. Kernels of the
// twin are compiled once, in reference.cpp.
#pragma once

#include <lamina/core.hpp>

#include <memory>
#include <string>
#include <vector>

namespace twins {

namespace ln = lamina;

struct Reference {
    std::vector<ln::LayerInfo> layers;
    std::vector<float> drawn; ///< the parameters that seed 5 gives
    int lanes;                ///< as many samples lie one after another in x, y and dy
    std::vector<float> parameters, x, y, dy;
    std::vector<float> gradients; ///< summed over all samples and two backward passes
};

/// `count` numbers between -1 and 1.
[[nodiscard]] std::vector<float> numbers(std::size_t count, std::uint64_t seed);

/// That a run-time network of the same layers computes the same: layers, initial parameters, outputs of one
/// sample and of many, gradients.
void check_twin(const Reference& reference);

/// What a network of layers of these names throws when it is made, or "" if nothing.
[[nodiscard]] std::string problem(const ln::dims& input, const std::vector<std::string>& names);

/// Samples that lie one after another, into the lanes of a view of either kind.
template <class V>
void put(V view, const std::vector<float>& from) {
    for (int lane = 0; lane < ln::native_lanes<float>; ++lane)
        for (int i = 0; i < view.size; ++i)
            view[i].set(lane, from[static_cast<std::size_t>(lane * view.size + i)]);
}

template <class Model>
[[nodiscard]] Reference reference() {
    constexpr int lanes = ln::native_lanes<float>;
    constexpr auto in = static_cast<std::size_t>(lanes * Model::input_shape::size);
    constexpr auto out = static_cast<std::size_t>(lanes * Model::output_shape::size);
    Model model{ln::seed{5}};
    const auto flat = model.parameters();
    Reference r{{Model::layers.begin(), Model::layers.end()},
                {flat.begin(), flat.end()},
                lanes,
                {},
                numbers(in, 1),
                std::vector<float>(out),
                numbers(out, 2),
                std::vector<float>(flat.size())};
    // Biases are zero until now; the padding between parameters must stay so.
    ln::Random random{ln::seed{3}};
    ln::for_each_index<static_cast<int>(Model::layers.size())>([&](auto i) {
        if constexpr (requires { model.template bias<i>(); })
            for (float& b : model.template bias<i>())
                b = static_cast<float>(random.symmetric());
    });
    r.parameters.assign(flat.begin(), flat.end());

    const auto pass = std::make_unique<ln::topology::TrainingPass<typename Model::plan, ln::pack<float>>>();
    put(pass->input(), r.x);
    pass->forward(flat.data());
    for (int lane = 0; lane < lanes; ++lane)
        for (int i = 0; i < Model::output_shape::size; ++i)
            r.y[static_cast<std::size_t>(lane * Model::output_shape::size + i)] = pass->output()[i][lane];
    for (int time = 0; time < 2; ++time) {
        put(pass->output_gradient(), r.dy);
        pass->backward(flat.data(), r.gradients.data(), time == 0);
    }
    return r;
}

} // namespace twins
