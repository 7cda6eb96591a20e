// Dense layers only: a multilayer perceptron.
#include "training.hpp"

namespace fashion {

using Mlp = ln::Net<ln::Dense<128>, ln::ReLU, ln::Dense<64>, ln::ReLU, ln::Dense<10>>;

Outcome train_mlp(const Dataset& data, const Options& options) {
    return train<ln::Model<Mlp, ln::Shape<1, 28, 28>>>(data, options);
}

} // namespace fashion
