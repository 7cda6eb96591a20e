// The WaveNets of Neural Amp Modeler as streams.
#include "streams.hpp"

#include <amp/wavenet.hpp>

namespace bench {

void add_wavenets() {
    benchmark::RegisterBenchmark("nam_nano/stream", stream<amp::Nano>);
    benchmark::RegisterBenchmark("nam_feather/stream", stream<amp::Feather>);
    benchmark::RegisterBenchmark("nam_standard/stream", stream<amp::Standard>);
    benchmark::RegisterBenchmark("nam_a2/stream", stream<amp::A2<8>>);
}

} // namespace bench
