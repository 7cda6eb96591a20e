// MeanSquaredError: the mean squared distance between outputs and targets.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Mean of the squared differences between outputs and targets.
///
///     loss = 1/N sum over i of (y(i) - t(i))^2        dy(i) = 2/N (y(i) - t(i))
///
/// The loss of a batch is the mean over its samples. Every square is divided by N before the sum is taken, so
/// that the sum of many large ones does not overflow. Outliers dominate this loss; with `Huber` and
/// `MeanAbsoluteError` they do not.
///
/// Shapes: y and t any one shape, of N elements.
///
/// Errors: targets of another shape than the model's output do not compile.
///
/// PyTorch: `torch.nn.MSELoss()`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
///     const std::vector<Model::Input> x(100);
///     const std::vector<Model::Output> t(100);
///     ln::fit(trainer, ln::data::Samples{x, t}, {.epochs = 10});
struct MeanSquaredError {
    static constexpr bool only_writes_gradient = true;

    /// One sample's loss; writes its derivative by y to dy. y, t, dy: any one shape.
    template <class Y, class Target, class DY>
    [[nodiscard]] static constexpr auto loss_and_gradient(Y y, Target t, DY dy) noexcept {
        using E = typename DY::element;
        const scalar_of<E> share = scalar_of<E>(1) / scalar_of<E>(y.size);
        E sum = E(0);
        for (int i = 0; i < y.size; ++i) {
            const E difference = y[i] - t[i];
            const E part = difference * E(share);
            sum += difference * part; // of parts, because the sum of all squares may overflow
            dy[i] = part + part;
        }
        return sum;
    }
};

} // namespace lamina

LAMINA_END_IEEE
