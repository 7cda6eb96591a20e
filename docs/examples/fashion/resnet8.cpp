// The residual network of MLPerf Tiny.
#include "../mlperf_tiny.hpp"
#include "training.hpp"

namespace fashion {

Outcome train_resnet8(const Dataset& data, const Options& options) {
    return train_augmented<ln::Model<tiny::ResNet8<>, ln::Shape<1, 32, 32>>>(data, options);
}

} // namespace fashion
