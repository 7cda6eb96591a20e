// The network of the README: small enough for a business card.
#include "training.hpp"

namespace fashion {

using Card = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;

Outcome train_card(const Dataset& data, const Options& options) {
    return train<ln::Model<Card, ln::Shape<1, 28, 28>>>(data, options);
}

} // namespace fashion
