// A small network, data to train it on, and an optimiser of a user: for tests of checkpoints.
#pragma once

#include <lamina/data/images.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/math/random.hpp>
#include <lamina/model.hpp>

#include <cstdint>
#include <vector>

namespace made {

template <class T>
using ModelOf =
    lamina::Model<lamina::Net<lamina::Conv<3, 3>, lamina::ReLU, lamina::MaxPool<2, 2>, lamina::Dense<2>>,
                  lamina::Shape<1, 6, 6>, T>;
using Model = ModelOf<float>;

/// Noise, brighter in the upper half (class 0) or the lower (class 1).
inline lamina::data::Images halves(int count, std::uint64_t start) {
    lamina::Random random{lamina::seed{start}};
    std::vector<std::uint8_t> pixels, labels;
    for (int s = 0; s < count; ++s) {
        labels.push_back(static_cast<std::uint8_t>(s % 2));
        for (int i = 0; i < 36; ++i)
            pixels.push_back(static_cast<std::uint8_t>(random.below(120) + (i / 18 == s % 2 ? 100 : 0)));
    }
    return {"halves", {1, 6, 6}, pixels, labels};
}

/// SGD whose rate falls with the steps it has seen: a state with a number and an array.
struct Tiring {
    double learning_rate = 0.1;

    template <class T, int Extent>
    struct State {
        std::int64_t steps = 0;
        T sums[static_cast<std::size_t>(Extent)] = {};

        static void fields(auto& state, auto f) {
            f("steps", state.steps);
            f("sums", state.sums);
        }
    };
    template <class T, int Extent>
    void update(T* p, const T* g, State<T, Extent>& state, double rate) const noexcept {
        ++state.steps;
        for (int i = 0; i < Extent; ++i) {
            state.sums[i] += g[i];
            p[i] -= static_cast<T>(rate / static_cast<double>(state.steps)) * state.sums[i];
        }
    }
};

/// An optimiser that remembers nothing, and says nothing of fields.
struct Plain {
    double learning_rate = 0.1;

    template <class T, int Extent>
    struct State {};
    template <class T, int Extent>
    void update(T* p, const T* g, State<T, Extent>&, double rate) const noexcept {
        for (int i = 0; i < Extent; ++i)
            p[i] -= static_cast<T>(rate) * g[i];
    }
};

} // namespace made
