// The same program on the host: reads what the board printed, and compares it with its own numbers.
#include "board.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// Of the larger of 1 and the number. The host may contract products and sums to one instruction, and sums in
// the order of its vectors: some 60 steps of training make 1e-6 of that.
constexpr float tolerance = 1e-4F;

int compared = 0;

} // namespace

void report(const char* what, float value) {
    char name[32] = "nothing";
    std::uint32_t bits = 0;
    if (std::scanf("%31s %x", name, &bits) != 2 || std::strcmp(name, what) != 0) {
        std::printf("expected %s of the board, found %s\n", what, name);
        std::exit(1);
    }
    float found;
    std::memcpy(&found, &bits, sizeof found);
    const float size = value < 0 ? -value : value, difference = found < value ? value - found : found - value;
    if (!(difference <= tolerance * (size < 1 ? 1 : size))) {
        std::printf("%s, number %d: expected %.9g within %g, found %.9g\n", what, compared,
                    static_cast<double>(value), static_cast<double>(tolerance), static_cast<double>(found));
        std::exit(1);
    }
    ++compared;
}

int main() {
    const int status = run();
    std::printf("%d numbers are as on the host\n", compared);
    return status != 0 || compared == 0 ? 1 : 0;
}
