// A constant tensor index that is out of range.
// EXPECT: constant
// EXPECT: index_error
// LINES: 26
// ERRORS: 2 g\+\+
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Image = ln::Tensor<float, ln::Shape<1, 28, 28>>;

constexpr float corner() {
#ifdef SHOULD_NOT_COMPILE
    return Image{}(0, 5, 28);
#else
    return Image{}(0, 5, 27);
#endif
}
static_assert(corner() == 0);
