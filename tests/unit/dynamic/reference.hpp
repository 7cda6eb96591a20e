// What a compile-time network computes, as plain numbers for its twin to be compared with. The twin is made
// from the topology as a text, and its code is compiled once, in reference.cpp.
#pragma once

#include <lamina/core.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twins {

namespace ln = lamina;

struct Reference {
    std::string topology;
    std::vector<ln::LayerInfo> layers;
    std::vector<float> drawn; ///< the numbers that seed 5 gives
    int lanes;                ///< as many samples lie one after another in x, y and dy
    std::vector<float> numbers, x, y, dy;
    std::vector<float> gradients; ///< summed over all samples and two backward passes
    std::size_t parameters;       ///< of the numbers
};
inline constexpr ln::PassSamples samples{0, ln::native_lanes<float>, ln::seed{3}, 7};

/// `count` numbers between -1 and 1.
[[nodiscard]] std::vector<float> numbers(std::size_t count, std::uint64_t seed);

/// That no two numbers differ by more than that share of the largest expected one.
void check_close(std::span<const float> found, std::span<const float> expected, double tolerance);

/// That a run-time network of the same topology computes the same: layers, initial parameters, outputs of one
/// sample and of many, gradients. With `only_training`, inference is not what y is.
void check_twin(const Reference& reference, bool only_training = false);

/// What a network of this topology throws when it is made, or "" if nothing.
[[nodiscard]] std::string problem(std::string_view topology);

/// Samples that lie one after another, into the lanes of a view of either kind.
template <class V>
void put(V view, const std::vector<float>& from) {
    for (int lane = 0; lane < ln::native_lanes<float>; ++lane)
        for (int i = 0; i < view.size; ++i)
            view[i].set(lane, from[static_cast<std::size_t>(lane * view.size + i)]);
}
/// The opposite.
template <class V>
[[nodiscard]] std::vector<float> taken(V view) {
    std::vector<float> to;
    for (int lane = 0; lane < ln::native_lanes<float>; ++lane)
        for (int i = 0; i < view.size; ++i)
            to.push_back(view[i][lane]);
    return to;
}

/// Without what the network computes. Changes the biases among `flat`, the model's numbers.
[[nodiscard]] Reference reference_of(ln::dims input, int inputs, int outputs,
                                     std::span<const ln::LayerInfo> layers,
                                     std::span<const ln::ModelTensor> tensors, std::span<float> flat,
                                     int parameters);

template <class Model>
[[nodiscard]] Reference reference() {
    // On the heap, since large ones do not fit on the stack; without a unique_ptr of each type, whose
    // functions would be a sixth of those that the made graphs compile.
    auto* model = new Model{ln::seed{5}};
    auto* pass = new ln::topology::TrainingPass<typename Model::plan, ln::pack<float>>{};
    float* flat = model->numbers().data();
    Reference r = reference_of(Model::input_shape::extents, Model::input_shape::size,
                               Model::output_shape::size, {Model::layers.data(), Model::layers.size()},
                               {Model::tensors.data(), Model::tensors.size()},
                               {flat, std::size_t{Model::extent}}, Model::parameter_extent);
    put(pass->input(), r.x);
    pass->forward(flat, samples);
    r.y = taken(pass->output());
    for (int time = 0; time < 2; ++time) {
        put(pass->output_gradient(), r.dy);
        pass->backward(flat, r.gradients.data(), time == 0, samples);
    }
    delete pass;
    delete model;
    return r;
}

} // namespace twins
