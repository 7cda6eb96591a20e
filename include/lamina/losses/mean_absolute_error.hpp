// MeanAbsoluteError: the mean distance between outputs and targets, in which outliers do not dominate.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Mean of the absolute differences between outputs and targets.
///
///     loss = 1/N sum over i of |y(i) - t(i)|        dy(i) = sign(y(i) - t(i)) / N, with sign(0) = 0
///
/// The loss of a batch is the mean over its samples. The gradient has the same size however small the
/// difference is, so a learning rate that does not fall keeps the outputs moving around their targets. The
/// gradient of `Huber` becomes smaller.
///
/// Shapes: y and t any one shape, of N elements.
///
/// Errors: targets of another shape than the model's output do not compile.
///
/// PyTorch: `torch.nn.L1Loss()`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::MeanAbsoluteError{}, ln::Adam{}};
///     const std::vector<Model::Input> x(100);
///     const std::vector<Model::Output> t(100);
///     ln::fit(trainer, ln::data::Samples{x, t}, {.epochs = 10});
struct MeanAbsoluteError {
    static constexpr bool only_writes_gradient = true;

    /// One sample's loss; writes its derivative by y to dy. y, t, dy: any one shape.
    template <class Y, class Target, class DY>
    [[nodiscard]] static constexpr auto loss_and_gradient(Y y, Target t, DY dy) noexcept {
        using E = typename DY::element;
        const E share = E(scalar_of<E>(1) / scalar_of<E>(y.size)), opposite = negated(share);
        E sum = E(0);
        for (int i = 0; i < y.size; ++i) {
            const E difference = y[i] - t[i];
            const auto below = difference < E(0);
            sum += select(below, negated(difference), difference) * share;
            dy[i] = select(below, opposite, select(difference > E(0), share, E(0)));
        }
        return sum;
    }
};

} // namespace lamina

LAMINA_END_IEEE
