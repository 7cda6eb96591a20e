// ESR: the error-to-signal ratio, the usual loss of sound.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/pack.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Error-to-signal ratio: the energy of the difference between outputs and targets, over that of the targets.
///
///     loss = (1/N sum over c, k of e(c, k)^2) / D        D = 1/N sum over c, k of s(c, k)^2 + epsilon
///     e(c, k) = d(c, k) - a d(c, k - 1),  d = y - t      s(c, k) = t(c, k) - a t(c, k - 1)
///     dy(c, k) = 2 / (N D) (e(c, k) - a e(c, k + 1))     with a = pre_emphasis; 0 outside of the window
///
/// A loss of 0.01 is an error 20 dB below the signal. Each sample, a window of the recording, is measured
/// against its own energy, so that quiet windows count as much as loud ones; the loss of a batch is the mean
/// over its samples. `epsilon` bounds that: in a window whose target is silent, the loss is the mean square
/// of the output over epsilon.
///
/// Pre-emphasis filters outputs and targets by 1 - a z^-1, a high-pass: the higher frequencies, which the ear
/// hears well and which have little energy, count for more. Such a loss hardly notices an offset:
/// `LossSum{ESR{.pre_emphasis = 0.95}, DC{}}` does.
///
/// Arguments: `pre_emphasis` a, 0 by default, which does not filter, from 0 to 1; 0.85 and 0.95 are common.
/// `epsilon`, added to the mean square of the target, 1e-5 by default (a signal of -50 dB), above 0.
///
/// Shapes: y and t C,L, L steps of C channels, or L steps of one channel; N = C L.
///
/// Errors: targets of another shape than the model's output do not compile. A step, `fit` and `evaluate`
/// throw `std::invalid_argument` for a pre_emphasis below 0 or above 1, and for an epsilon that is not above
/// 0 and finite.
///
/// PyTorch: `ESRLoss` of CoreAudioML (GuitarML, Proteus), whose batch has one denominator; with sums in
/// place of means, and epsilon 1e-8, `auraloss.time.ESRLoss`.
///
/// Source: Wright, Damskägg & Välimäki, "Real-Time Black-Box Modelling With Recurrent Neural Networks",
/// DAFx 2019; pre-emphasis: Wright & Välimäki, "Perceptual Loss Function for Neural Modeling of Audio
/// Systems", arXiv:1911.08922.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::LSTM<8>, ln::Dense<1>>, ln::Sequence<100, ln::Shape<1>>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::ESR{.pre_emphasis = 0.85}, ln::Adam{}};
///     const std::vector<Model::Input> dry(100);
///     const std::vector<Model::Output> wet(100);
///     ln::fit(trainer, ln::data::Samples{dry, wet}, {.epochs = 10});
struct ESR {
    double pre_emphasis = 0;
    double epsilon = 1e-5;

    static constexpr bool only_writes_gradient = true;

    static constexpr void fields(auto& loss, auto f) {
        f("pre_emphasis", loss.pre_emphasis);
        f("epsilon", loss.epsilon);
    }
    /// Throws `std::invalid_argument` unless pre_emphasis is from 0 to 1 and epsilon above 0 and finite.
    [[gnu::always_inline]] constexpr void validate() const {
        require_setting(pre_emphasis >= 0 && pre_emphasis <= 1, "ESR: pre_emphasis", "from 0 to 1",
                        pre_emphasis);
        require_setting(epsilon > 0 && is_not_negative<float>(epsilon), "ESR: epsilon", "above 0 and finite",
                        epsilon);
    }

    /// One sample's loss; writes its derivative by y to dy. y, t, dy: any one shape, time along its last
    /// axis.
    template <class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        using T = scalar_of<E>;
        const int steps = y.geometry().width;
        const E share = E(T(1) / T(y.size)), a = E(static_cast<T>(pre_emphasis));
        E error = E(0), energy = E(static_cast<T>(epsilon));
        for (int first = 0; first < y.size; first += steps) {
            E d_before = E(0), t_before = E(0);
            for (int i = first; i < first + steps; ++i) {
                const E signal = t[i], d = y[i] - signal;
                const E e = d - a * d_before, s = signal - a * t_before;
                error += e * (e * share); // of parts, because the sum of all squares may overflow
                energy += s * (s * share);
                d_before = d;
                t_before = signal;
            }
        }
        const E scale = (share + share) / energy;
        for (int first = 0; first < y.size; first += steps) {
            E d = y[first] - t[first], e = d;
            for (int i = first; i + 1 < first + steps; ++i) {
                const E d_after = y[i + 1] - t[i + 1], e_after = d_after - a * d;
                dy[i] = scale * (e - a * e_after);
                d = d_after;
                e = e_after;
            }
            dy[first + steps - 1] = scale * e;
        }
        return E(error / energy);
    }
};

} // namespace lamina

LAMINA_END_IEEE
