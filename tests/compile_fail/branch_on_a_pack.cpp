// An `if` in a formula, where each sample of a pack may take another branch.
// EXPECT: deleted function
// EXPECT: ln::select\(a > b, a, b\)
#include <lamina/core.hpp>

namespace ln = lamina;

ln::pack<float> rectified(ln::pack<float> x) {
#ifdef SHOULD_NOT_COMPILE
    return x > 0 ? x : 0;
#else
    return ln::select(x > 0, x, ln::pack<float>(0));
#endif
}
