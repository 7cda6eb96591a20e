// Networks that people deploy, on inputs as small as they take: every layer has its real channels, kernels,
// strides and padding, but for the embedding, which has a sixth of the channels. (Of resnet8 and ds_cnn
// twenty steps are PyTorch's: unit/train; mobilenet_025 differs from person_detect in its
// rectifier.)
#include "network_laws.hpp"

#include "../../docs/examples/mlperf_tiny.hpp"
#include "../deployed.hpp"

#include <doctest/doctest.h>

using lamina::Shape;
using laws::large_network_laws;

TEST_CASE("deployed: the autoencoder") {
    large_network_laws<tiny::Autoencoder, Shape<640>>();
}

TEST_CASE("deployed: wake words") {
    large_network_laws<tiny::WakeWord, Shape<40, 30, 1>>();
}

TEST_CASE("deployed: person_detect") {
    large_network_laws<deployed::PersonDetect, Shape<1, 33, 33>>();
}

TEST_CASE("deployed: micro_speech") {
    large_network_laws<deployed::MicroSpeech, Shape<1, 49, 40>>();
}

TEST_CASE("deployed: activity") {
    large_network_laws<deployed::Ign, Shape<1, 24, 3>>();
    large_network_laws<deployed::Gmp, Shape<1, 24, 3>>();
}

TEST_CASE("deployed: heartbeats") {
    large_network_laws<deployed::Ecg, Shape<1, 161>>();
}

TEST_CASE("deployed: the embedding of openWakeWord") {
    large_network_laws<deployed::WakeWordEmbedding<4>, Shape<1, 76, 32>>();
}
