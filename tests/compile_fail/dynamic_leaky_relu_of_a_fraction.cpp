// A slope at run time as one fraction: 0.1 would be cut to 0/100.
// EXPECT: arguments of a layer are whole numbers: a slope of 0.1 is leaky_relu.1, 10
#include <lamina/dynamic/network.hpp>

namespace dynamic = lamina::dynamic;

dynamic::Network network() {
#ifdef SHOULD_NOT_COMPILE
    return {{28}, {dynamic::dense(10), dynamic::leaky_relu(0.1)}};
#else
    return {{28}, {dynamic::dense(10), dynamic::leaky_relu(1, 10)}};
#endif
}
