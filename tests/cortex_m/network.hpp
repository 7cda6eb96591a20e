// The network of the test programs, and what it learns: whether a picture shows a row, a column or a
// diagonal.
#pragma once

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <span>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<3>>, ln::Shape<1, 8, 8>>;

struct Pictures {
    static constexpr int count = 24;
    Model::Input inputs[count];
    Model::Output targets[count];

    /// Fills all of them, each with noise and a line of one of three kinds.
    void draw(ln::seed seed) {
        ln::Random random{seed};
        for (int n = 0; n < count; ++n) {
            const int kind = n % 3, place = static_cast<int>(random.below(8));
            for (int i = 0; i < 8; ++i)
                for (int j = 0; j < 8; ++j) {
                    const bool line = kind == 0 ? i == place : kind == 1 ? j == place : (i + j) % 8 == place;
                    inputs[n](0, i, j) =
                        (line ? 1.0F : 0.0F) + 0.25F * static_cast<float>(random.symmetric());
                }
            targets[n] = {};
            targets[n][kind] = 1.0F;
        }
    }

    [[nodiscard]] auto samples() const { return ln::data::Samples{std::span{inputs}, std::span{targets}}; }
};
