// MobileNetV1 with a quarter of the channels, as in MLPerf Tiny. Its images there are 96x96. Smaller ones are
// not resized, which would make them blurred and nine times as expensive: the first convolution keeps their size
// instead.
#include "../mlperf_tiny.hpp"
#include "training.hpp"

namespace fashion {

Outcome train_mobilenet(const Dataset& data, const Options& options) {
    return train_augmented<ln::Model<tiny::MobileNet<10, 1>, ln::Shape<1, 32, 32>>>(data, options);
}

} // namespace fashion
