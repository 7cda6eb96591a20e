// Compiled without NDEBUG: its indices are checked, though a file compiled with NDEBUG comes first when
// linking.
#include "unchecked.hpp"

#include <cstdio>
#include <stdexcept>

namespace {

int faults = 0;

template <class F>
void throws(F f, const char* what) {
    try {
        f();
    } catch (const std::out_of_range&) {
        return;
    }
    std::printf("not checked: %s\n", what);
    ++faults;
}

} // namespace

int main() {
    const ln::Tensor<float, ln::Shape<2, 3>> t{};
    static volatile int nine = 9;
    throws([&] { (void)t(1, nine); }, "t(1, 9)");
    throws([&] { (void)t[nine]; }, "t[9]");
    throws([&] { (void)ln::dims{2, 3}[nine]; }, "dims[9]");
    return faults == 0 && element(t, 1, 2) > 0 ? 0 : 1;
}
