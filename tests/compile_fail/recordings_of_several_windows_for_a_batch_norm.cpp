// Gradients through several windows of recordings, in a network with batch norm.
// EXPECT: recordings_for<.*>::windows<32>::have_statistics_of_the_batch_each
// EXPECT: with BatchNorm take windows as long
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<8>, ln::BatchNorm<>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;
#ifdef SHOULD_NOT_COMPILE
constexpr int windows = 32;
#else
constexpr int windows = 1;
#endif

#include "what_a_user_does_with_recordings.hpp"
