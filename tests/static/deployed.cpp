// Networks that people deploy, with their publishers' numbers of parameters and multiply-adds where they give
// them.
#include "../../docs/examples/mlperf_tiny.hpp"

#include <lamina/core.hpp>

namespace {

namespace ln = lamina;

// MLPerf Tiny, as deployed: with batch norm folded.
template <class Topology, class In, long long Parameters, long long Macs>
constexpr bool has_counts = ln::Model<ln::Folded<Topology>, In>::parameter_count ==
                            Parameters&& ln::Model<ln::Folded<Topology>, In>::macs == Macs;
static_assert(has_counts<tiny::DsCnn<>, ln::Shape<1, 49, 10>, 22'604, 2'656'768>);
static_assert(has_counts<tiny::MobileNet<>, ln::Shape<3, 96, 96>, 210'850, 7'489'664>);
static_assert(has_counts<tiny::ResNet8<>, ln::Shape<3, 32, 32>, 77'706, 12'501'632>);
static_assert(has_counts<tiny::Autoencoder, ln::Shape<640>, 265'864, 264'192>);
static_assert(has_counts<tiny::WakeWord, ln::Shape<40, 30, 1>, 46'883, 826'368>);

// TensorFlow Lite Micro's person_detect: MobileNet of one channel, whose activations end at 6.
template <class Layer>
using Clipped = ln::Net<Layer, ln::BatchNorm<>, ln::ReLU6>;
template <int Filters, int Stride = 1>
using Separable = ln::Net<Clipped<ln::DepthwiseConv<3, Stride, ln::same>>, Clipped<ln::Conv<Filters, 1>>>;
using PersonDetect =
    ln::Net<Clipped<ln::Conv<8, 3, 2, ln::same>>, Separable<16>, Separable<32, 2>, Separable<32>,
            Separable<64, 2>, Separable<64>, Separable<128, 2>, ln::Repeat<5, Separable<128>>,
            Separable<256, 2>, Separable<256>, ln::GlobalAvgPool, ln::Dense<2>>;
static_assert(ln::Model<ln::Folded<PersonDetect>, ln::Shape<1, 96, 96>>::parameter_count == 210'706);

// Its micro_speech.
using MicroSpeech = ln::Net<ln::Conv<8, ln::size{10, 8}, 2, ln::same>, ln::ReLU, ln::Dense<4>>;
static_assert(ln::Model<MicroSpeech, ln::Shape<1, 49, 40>>::parameter_count == 16'652);

// STM32's activity recognition: windows of 24 readings of three axes.
using Ign = ln::Net<ln::Conv<24, ln::size{16, 1}>, ln::ReLU, ln::MaxPool<ln::size{3, 1}, ln::size{3, 1}>,
                    ln::Dense<12>, ln::Dropout<50>, ln::Dense<4>>;
static_assert(ln::Model<Ign, ln::Shape<1, 24, 3>>::parameter_count == 3'064);
using Gmp = ln::Net<ln::BatchNorm<>, ln::Conv<16, ln::size{5, 1}>, ln::BatchNorm<>, ln::ReLU,
                    ln::Conv<16, ln::size{5, 1}>, ln::BatchNorm<>, ln::ReLU, ln::GlobalMaxPool,
                    ln::Dropout<50>, ln::Dense<4>>;
static_assert(ln::Model<Gmp, ln::Shape<1, 24, 3>>::output_shape::extents == ln::dims{4});

// Heartbeats: Kachuee et al., arXiv:1805.00794.
using Beats = ln::Net<ln::Residual<ln::Conv1D<32, 5, 1, ln::same>, ln::ReLU, ln::Conv1D<32, 5, 1, ln::same>>,
                      ln::ReLU, ln::MaxPool<5, 2>>;
using Ecg = ln::Net<ln::Conv1D<32, 5>, Beats, Beats, Beats, Beats, Beats, ln::Dense<32>, ln::ReLU,
                    ln::Dense<32>, ln::ReLU, ln::Dense<5>>;
static_assert(ln::Model<Ecg, ln::Shape<1, 187>>::output_shape::extents == ln::dims{5});

} // namespace
