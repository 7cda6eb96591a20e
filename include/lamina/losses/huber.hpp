// Huber: a loss that is quadratic for small differences and linear for large ones.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Loss that is quadratic for small differences between outputs and targets, and linear for large ones.
///
///     loss = 1/N sum over i of   d^2 / 2                  where |d| <= delta, with d = y(i) - t(i)
///                                delta (|d| - delta / 2)  elsewhere
///     dy(i) = d / N, but at least -delta / N and at most delta / N
///
/// The loss of a batch is the mean over its samples. The gradient of an outlier is no larger than that of a
/// sample whose difference is `delta`. For small differences the loss is half of `MeanSquaredError`, for
/// large ones close to `delta` times `MeanAbsoluteError`.
///
/// Arguments: `delta`, the difference from which on the loss is linear, 1 by default, above 0.
///
/// Shapes: y and t any one shape, of N elements.
///
/// Errors: targets of another shape than the model's output do not compile. A step, `fit` and `evaluate`
/// throw `std::invalid_argument` for a delta that is not above 0 and finite.
///
/// PyTorch: `torch.nn.HuberLoss(delta=...)`.
///
/// Source: Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics, 1964.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::Huber{.delta = 0.5}, ln::Adam{}};
///     const std::vector<Model::Input> x(100);
///     const std::vector<Model::Output> t(100);
///     ln::fit(trainer, ln::data::Samples{x, t}, {.epochs = 10});
struct Huber {
    double delta = 1;

    static constexpr bool only_writes_gradient = true;

    static constexpr void fields(auto& huber, auto f) { f("delta", huber.delta); }
    /// Throws `std::invalid_argument` unless delta is above 0 and finite.
    [[gnu::always_inline]] constexpr void validate() const {
        require_setting(delta > 0 && is_not_negative<float>(delta), "Huber: delta", "above 0 and finite",
                        delta);
    }

    /// One sample's loss; writes its derivative by y to dy. y, t, dy: any one shape.
    template <class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        using T = scalar_of<E>;
        const E most = E(static_cast<T>(delta)), least = negated(most);
        const T share = T(1) / T(y.size);
        E sum = E(0);
        for (int i = 0; i < y.size; ++i) {
            const E d = y[i] - t[i];
            const E bounded = select(d > most, most, select(d < least, least, d));
            const E part = bounded * E(share);
            dy[i] = part;
            sum += part * (d - E(T(0.5)) * bounded); // both formulas: bounded is d, or delta with its sign
        }
        return sum;
    }
};

} // namespace lamina

LAMINA_END_IEEE
