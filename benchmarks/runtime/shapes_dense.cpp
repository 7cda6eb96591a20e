// Dense layers, from few inputs and outputs to many.
#include "shapes.hpp"

namespace bench {
namespace {

template <int Inputs, int Outputs>
void add() {
    add_layer<ln::Shape<Inputs>, ln::Dense<Outputs>>("dense/" + std::to_string(Inputs) + " to " +
                                                     std::to_string(Outputs));
}

} // namespace

void add_dense() {
    add<3, 5>();
    add<16, 8>();
    add<32, 10>();
    add<37, 11>();
    add<48, 12>();
    add<64, 17>();
    add<64, 64>();
    add<100, 10>();
    add<784, 10>();
    add<784, 128>();
    add<1024, 128>();
}

} // namespace bench
