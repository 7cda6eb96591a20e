// Networks that people deploy, beside those of MLPerf Tiny.
#pragma once

#include <lamina/core.hpp>

namespace deployed {

namespace ln = lamina;

/// TensorFlow Lite Micro's person_detect, Shape<1, 96, 96>: MobileNet of one channel, whose activations end
/// at 6.
template <class Layer>
using Clipped = ln::Net<Layer, ln::BatchNorm<>, ln::ReLU6>;
template <int Filters, int Stride = 1>
using Separable = ln::Net<Clipped<ln::DepthwiseConv<3, Stride, ln::same>>, Clipped<ln::Conv<Filters, 1>>>;
using PersonDetect =
    ln::Net<Clipped<ln::Conv<8, 3, 2, ln::same>>, Separable<16>, Separable<32, 2>, Separable<32>,
            Separable<64, 2>, Separable<64>, Separable<128, 2>, ln::Repeat<5, Separable<128>>,
            Separable<256, 2>, Separable<256>, ln::GlobalAvgPool, ln::Dense<2>>;

/// Its micro_speech: Shape<1, 49, 40>.
using MicroSpeech = ln::Net<ln::Conv<8, ln::size{10, 8}, 2, ln::same>, ln::ReLU, ln::Dense<4>>;

/// STM32's activity recognition, windows of 24 readings of three axes: Shape<1, 24, 3>.
using Ign = ln::Net<ln::Conv<24, ln::size{16, 1}>, ln::ReLU, ln::MaxPool<ln::size{3, 1}, ln::size{3, 1}>,
                    ln::Dense<12>, ln::Dropout<50>, ln::Dense<4>>;
using Gmp = ln::Net<ln::BatchNorm<>, ln::Conv<16, ln::size{5, 1}>, ln::BatchNorm<>, ln::ReLU,
                    ln::Conv<16, ln::size{5, 1}>, ln::BatchNorm<>, ln::ReLU, ln::GlobalMaxPool,
                    ln::Dropout<50>, ln::Dense<4>>;

/// Heartbeats, Shape<1, 187>: Kachuee et al., arXiv:1805.00794.
using Beats = ln::Net<ln::Residual<ln::Conv1D<32, 5, 1, ln::same>, ln::ReLU, ln::Conv1D<32, 5, 1, ln::same>>,
                      ln::ReLU, ln::MaxPool<5, 2>>;
using Ecg = ln::Net<ln::Conv1D<32, 5>, Beats, Beats, Beats, Beats, Beats, ln::Dense<32>, ln::ReLU,
                    ln::Dense<32>, ln::ReLU, ln::Dense<5>>;

/// The embedding of openWakeWord, Shape<1, 76, 32>: 76 frames of 32 log-mel bands become 96 features. It is
/// Google's speech_embedding (Lin et al., arXiv:2002.01322) as github.com/dscripka/openWakeWord has remade
/// it, notebooks/converting_google_speech_embedding_model.ipynb. Nothing pads time. The file that it
/// publishes has no rectifier before the first batch norm; the notebook has one.
struct LeakyWithFloor : ln::Elementwise<LeakyWithFloor> {
    static constexpr ln::Text name = ln::named("LeakyWithFloor");
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope = 0.2;

    template <ln::Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        const E leaky = ln::select(x > E(0), x, x * E(ln::scalar_of<E>(0.2)));
        return ln::select(leaky > floor<E>(), leaky, floor<E>());
    }
    template <ln::Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return ln::select(y > E(0), E(1), ln::select(y > floor<E>(), E(ln::scalar_of<E>(0.2)), E(0)));
    }

  private:
    template <ln::Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E floor() noexcept {
        return E(ln::scalar_of<E>(-0.4));
    }
};
template <class Layer>
using Heard = ln::Net<ln::NoBias<Layer>, ln::BatchNorm<>, LeakyWithFloor>;
template <int Filters>
using AcrossAndAlong =
    ln::Net<Heard<ln::Conv<Filters, ln::size{1, 3}, 1, ln::same>>, Heard<ln::Conv<Filters, ln::size{3, 1}>>>;
using Square = ln::MaxPool<2, 2>;
using Bands = ln::MaxPool<ln::size{1, 2}, ln::size{1, 2}>;
template <int Width = 24>
using WakeWordEmbedding =
    ln::Net<Heard<ln::Conv<Width, 3, 1, ln::pad{0, 0, 1, 1}>>, AcrossAndAlong<Width>, Square,
            AcrossAndAlong<2 * Width>, AcrossAndAlong<2 * Width>, Bands, AcrossAndAlong<3 * Width>,
            AcrossAndAlong<3 * Width>, Square, AcrossAndAlong<4 * Width>, AcrossAndAlong<4 * Width>, Bands,
            AcrossAndAlong<4 * Width>, AcrossAndAlong<4 * Width>, Square,
            ln::NoBias<ln::Conv<4 * Width, ln::size{3, 1}>>>;

} // namespace deployed
