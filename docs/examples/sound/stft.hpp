// StftLoss: compares how loud outputs and targets are at each frequency, whatever their phases. The Fourier
// transform is KISS FFT's (Debian: libkissfft-dev, a header).
#pragma once

#include <kissfft/kissfft.hh>

#include <lamina/core.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

namespace sound {

/// A short-time Fourier transform: frames of `window` samples under a Hann window, with zeros on both sides
/// up to `transform` samples; one begins `hop` samples after the other.
struct StftResolution {
    int transform, hop, window;
};

/// Multi-resolution STFT loss: spectral convergence, and the mean difference of log magnitudes.
///
///     loss = mean over resolutions of  |S(y) - S(t)| / |S(t)|  +  mean over f, b of |log S(y) - log S(t)|
///     S(x)(f, b) = sqrt(max(power of bin b of frame f, epsilon))        |S|: the root of the sum of squares
///
/// Frame f is centred at sample f hop; the signal is mirrored at both ends. A loss for lamina's trainer, by
/// itself or in a sum: `ln::LossSum{ln::ESR{}, sound::StftLoss{}}.weighted(1, 0.1)`. Each sample, a window of
/// the recording, and each channel of it has a loss of its own; the loss of the sample is the mean. It is
/// computed in double, one sample after the other, and allocates memory in each step.
///
/// Shapes: y and t C,L, L steps of C channels, or L steps of one channel.
///
/// Errors: the constructor throws `std::invalid_argument` for a transform below 2, a window above it or below
/// 1, a hop below 1 and an epsilon that is not above 0.
///
/// PyTorch: `torch.stft` with its defaults, of a `torch.hann_window`; the loss is that of ParallelWaveGAN,
/// but for the norms, which there are of the whole batch. auraloss: `MultiResolutionSTFTLoss`, which adds.
///
/// Source: Yamamoto, Song & Kim, "Parallel WaveGAN", arXiv:1910.11480, section 2.2.
class StftLoss {
  public:
    static constexpr bool only_writes_gradient = true; // so that a LossSum may have it

    /// The resolutions of the paper by default.
    explicit StftLoss(std::vector<StftResolution> resolutions = {{1024, 120, 600},
                                                                 {2048, 240, 1200},
                                                                 {512, 50, 240}},
                      double epsilon = 1e-7)
        : epsilon_{epsilon} {
        if (resolutions.empty() || !(epsilon > 0))
            throw std::invalid_argument{"StftLoss: expected a resolution, and an epsilon above 0"};
        for (const StftResolution& r : resolutions)
            transforms_.emplace_back(r);
    }

    static void fields(auto& loss, auto f) {
        f("epsilon", loss.epsilon_);
        for (std::size_t i = 0; i < loss.transforms_.size(); ++i) {
            const auto named = [&](const char* name, auto& setting) {
                f((std::to_string(i) + "." + name).c_str(), setting);
            };
            named("transform", loss.transforms_[i].size.transform);
            named("hop", loss.transforms_[i].size.hop);
            named("window", loss.transforms_[i].size.window);
        }
    }

    [[nodiscard]] auto loss_and_gradient(auto y, auto t, auto dy) const {
        using E = typename decltype(dy)::element;
        using T = lamina::scalar_of<E>;
        const int steps = y.geometry().width, channels = y.size / steps;
        const double share = 1.0 / channels / static_cast<double>(transforms_.size());
        Signals s{static_cast<std::size_t>(steps)};
        std::vector<E> gradients(static_cast<std::size_t>(steps));
        E sum = E(0);
        for (int c = 0; c < channels; ++c) {
            for (int lane = 0; lane < lamina::lanes_of<E>; ++lane) {
                for (int k = 0; k < steps; ++k)
                    s.samples[static_cast<std::size_t>(k)] = {
                        static_cast<double>(lamina::lane(E(y[c * steps + k]), lane)),
                        static_cast<double>(lamina::lane(E(t[c * steps + k]), lane))};
                s.gradient.assign(s.gradient.size(), 0);
                double loss = 0;
                for (const Transform& transform : transforms_)
                    loss += transform.loss_and_gradient(s, share, epsilon_);
                lamina::set_lane(sum, lane,
                                 static_cast<T>(static_cast<double>(lamina::lane(sum, lane)) + loss));
                for (std::size_t k = 0; k < s.gradient.size(); ++k)
                    lamina::set_lane(gradients[k], lane, static_cast<T>(s.gradient[k]));
            }
            for (int k = 0; k < steps; ++k)
                dy[c * steps + k] = gradients[static_cast<std::size_t>(k)];
        }
        return sum;
    }

  private:
    using Complex = std::complex<double>;
    /// Output and target as real and imaginary parts, which one transform has both of; and the derivative of
    /// the loss by the output.
    struct Signals {
        std::vector<Complex> samples;
        std::vector<double> gradient;

        explicit Signals(std::size_t steps) : samples(steps), gradient(steps) {}
        /// The sample at a place before the first or behind the last, where the signal is mirrored.
        [[nodiscard]] std::size_t mirrored(long long k) const {
            const auto last = static_cast<long long>(samples.size()) - 1;
            if (last == 0)
                return 0;
            k = ((k % (2 * last)) + 2 * last) % (2 * last);
            return static_cast<std::size_t>(k <= last ? k : 2 * last - k);
        }
    };

    struct Transform {
        StftResolution size;
        std::vector<double> hann;
        kissfft<double> forward, inverse;

        explicit Transform(const StftResolution& r)
            : size{checked(r)}, forward{static_cast<std::size_t>(r.transform), false},
              inverse{static_cast<std::size_t>(r.transform), true} {
            for (int k = 0; k < r.window; ++k)
                hann.push_back(0.5 - 0.5 * std::cos(2 * std::numbers::pi * k / r.window));
        }
        static StftResolution checked(const StftResolution& r) {
            if (r.transform < 2 || r.hop < 1 || r.window < 1 || r.window > r.transform)
                throw std::invalid_argument{
                    "StftLoss: expected a transform of at least 2 samples, a hop of at least 1, and a window "
                    "from 1 to the transform, found " +
                    std::to_string(r.transform) + ", " + std::to_string(r.hop) + " and " +
                    std::to_string(r.window)};
            return r;
        }

        /// f(place in the signal, place in the frame, weight) for the samples of a frame.
        void for_samples(const Signals& s, std::size_t frame, auto f) const {
            const long long before = (size.transform - size.window) / 2,
                            start = static_cast<long long>(frame) * size.hop - size.transform / 2 + before;
            for (std::size_t k = 0; k < hann.size(); ++k)
                f(s.mirrored(start + static_cast<long long>(k)), static_cast<std::size_t>(before) + k,
                  hann[k]);
        }

        /// share times the loss of this resolution; adds share times its gradient.
        double loss_and_gradient(Signals& s, double share, double epsilon) const {
            const auto n = static_cast<std::size_t>(size.transform), bins = n / 2 + 1;
            const std::size_t frames =
                (s.samples.size() + n / 2 * 2 - n) / static_cast<std::size_t>(size.hop) + 1;
            std::vector<Complex> frame(n), spectrum(n), of_output(frames * bins);
            std::vector<double> magnitudes(frames * bins); // of the target
            const auto magnitude = [epsilon](const Complex& x) {
                return std::sqrt(std::max(std::norm(x), epsilon));
            };
            double difference = 0, energy = 0, logarithms = 0;
            for (std::size_t f = 0; f < frames; ++f) {
                frame.assign(n, 0);
                for_samples(s, f, [&](std::size_t from, std::size_t to, double weight) {
                    frame[to] = weight * s.samples[from];
                });
                forward.transform(frame.data(), spectrum.data());
                for (std::size_t b = 0; b < bins; ++b) {
                    const Complex here = spectrum[b], there = std::conj(spectrum[(n - b) % n]);
                    const Complex x = 0.5 * (here + there);
                    const double t = magnitude(0.5 * (here - there)), y = magnitude(x);
                    of_output[f * bins + b] = x;
                    magnitudes[f * bins + b] = t;
                    difference += (y - t) * (y - t);
                    energy += t * t;
                    logarithms += std::abs(std::log(y / t));
                }
            }
            const double count = static_cast<double>(frames * bins);
            const double of_difference = difference > 0 ? 1 / std::sqrt(difference * energy) : 0;
            for (std::size_t f = 0; f < frames; ++f) {
                spectrum.assign(n, 0);
                for (std::size_t b = 0; b < bins; ++b) {
                    const Complex x = of_output[f * bins + b];
                    const double y = magnitude(x), t = magnitudes[f * bins + b];
                    if (std::norm(x) > epsilon)
                        spectrum[b] =
                            share / y * x * ((y - t) * of_difference + ((y > t) - (y < t)) / (count * y));
                }
                inverse.transform(spectrum.data(), frame.data());
                for_samples(s, f, [&](std::size_t to, std::size_t from, double weight) {
                    s.gradient[to] += weight * frame[from].real();
                });
            }
            return share * (std::sqrt(difference / energy) + logarithms / count);
        }
    };

    double epsilon_;
    std::vector<Transform> transforms_;
};

} // namespace sound
