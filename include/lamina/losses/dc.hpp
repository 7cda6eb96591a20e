// DC: the offset between outputs and targets, a part of losses of sound.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/pack.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Squared difference between the means of outputs and targets, over the energy of the targets.
///
///     loss = (1/C sum over c of m(c)^2) / D        D = 1/N sum over c, k of t(c, k)^2 + epsilon
///     dy(c, k) = 2 m(c) / (N D)                    m(c) = 1/L sum over k of (y(c, k) - t(c, k))
///
/// It sees nothing but the offset (the direct current) of each channel: use it as a part of a `LossSum`. The
/// means are those of a window, the loss of a batch is the mean over its windows. In a window whose target is
/// silent, the loss is the square of the output's mean over epsilon.
///
/// Arguments: `epsilon`, added to the mean square of the target, 1e-5 by default, above 0.
///
/// Shapes: y and t C,L, L steps of C channels, or L steps of one channel; N = C L.
///
/// Errors: targets of another shape than the model's output do not compile. A step, `fit` and `evaluate`
/// throw `std::invalid_argument` for an epsilon that is not above 0 and finite.
///
/// PyTorch: `DCLoss` of CoreAudioML (GuitarML, Proteus), whose batch has one denominator; with epsilon 1e-8
/// `auraloss.time.DCLoss`.
///
/// Source: Wright et al., "Real-Time Guitar Amplifier Emulation with Deep Learning", Applied Sciences 10(3),
/// 2020, section 3.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::LSTM<8>, ln::Dense<1>>, ln::Sequence<100, ln::Shape<1>>>;
///     Model model{ln::seed{42}};
///     const ln::LossSum loss{ln::ESR{.pre_emphasis = 0.85}, ln::DC{}};
///     ln::Trainer trainer{model, loss, ln::Adam{}};
///     const std::vector<Model::Input> dry(100);
///     const std::vector<Model::Output> wet(100);
///     ln::fit(trainer, ln::data::Samples{dry, wet}, {.epochs = 10});
struct DC {
    double epsilon = 1e-5;

    static constexpr bool only_writes_gradient = true;

    static constexpr void fields(auto& loss, auto f) { f("epsilon", loss.epsilon); }
    /// Throws `std::invalid_argument` unless epsilon is above 0 and finite.
    [[gnu::always_inline]] constexpr void validate() const {
        require_setting(epsilon > 0 && is_not_negative<float>(epsilon), "DC: epsilon", "above 0 and finite",
                        epsilon);
    }

    /// One sample's loss; writes its derivative by y to dy. y, t, dy: any one shape, time along its last
    /// axis.
    template <class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        using T = scalar_of<E>;
        const int steps = y.geometry().width;
        const E share = E(T(1) / T(y.size));
        E energy = E(static_cast<T>(epsilon));
        for (int i = 0; i < y.size; ++i)
            energy += E(t[i]) * (t[i] * share); // of parts, because the sum of all squares may overflow
        E sum = E(0);
        for (int first = 0; first < y.size; first += steps) {
            E difference = E(0);
            for (int i = first; i < first + steps; ++i)
                difference += y[i] - t[i];
            const E mean = difference * E(T(1) / T(steps)), part = mean * share / energy;
            sum += part * difference; // the mean's square, times L / (C L)
            for (int i = first; i < first + steps; ++i)
                dy[i] = part + part;
        }
        return sum;
    }
};

} // namespace lamina

LAMINA_END_IEEE
