// Networks that people deploy, with their publishers' numbers of parameters and multiply-adds where they give
// them.
#include "../deployed.hpp"
#include "../../docs/examples/mlperf_tiny.hpp"

#include <lamina/core.hpp>

namespace {

namespace ln = lamina;

// As deployed: with batch norm folded.
template <class Topology, class In, long long Parameters, long long Macs>
constexpr bool has_counts = ln::Model<ln::Folded<Topology>, In>::parameter_count ==
                            Parameters&& ln::Model<ln::Folded<Topology>, In>::macs == Macs;
static_assert(has_counts<tiny::DsCnn<>, ln::Shape<1, 49, 10>, 22'604, 2'656'768>);
static_assert(has_counts<tiny::MobileNet<>, ln::Shape<3, 96, 96>, 210'850, 7'489'664>);
static_assert(has_counts<tiny::ResNet8<>, ln::Shape<3, 32, 32>, 77'706, 12'501'632>);
static_assert(has_counts<tiny::Autoencoder, ln::Shape<640>, 265'864, 264'192>);
static_assert(has_counts<tiny::WakeWord, ln::Shape<40, 30, 1>, 46'883, 826'368>);

static_assert(ln::Model<ln::Folded<deployed::PersonDetect>, ln::Shape<1, 96, 96>>::parameter_count ==
              210'706);
static_assert(ln::Model<deployed::MicroSpeech, ln::Shape<1, 49, 40>>::parameter_count == 16'652);
static_assert(ln::Model<deployed::Ign, ln::Shape<1, 24, 3>>::parameter_count == 3'064);
static_assert(ln::Model<deployed::Gmp, ln::Shape<1, 24, 3>>::output_shape::extents == ln::dims{4});
static_assert(ln::Model<deployed::Ecg, ln::Shape<1, 187>>::output_shape::extents == ln::dims{5});
using Embedding = ln::Model<deployed::WakeWordEmbedding<>, ln::Shape<1, 76, 32>>;
static_assert(Embedding::parameter_count == 329'448); // the notebook's trainable parameters
static_assert(Embedding::output_shape::extents == ln::dims{96, 1, 1});
static_assert(ln::Model<ln::Folded<deployed::WakeWordEmbedding<>>, ln::Shape<1, 76, 32>>::parameter_count ==
              326'808 + 1'320);

} // namespace
