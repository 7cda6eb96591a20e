// Trains and uses the network without compiling it: see digits.hpp.
#include "digits.hpp"

#include <cstdio>
#include <vector>

int main() {
    std::vector<digits::Image> images(2);
    std::vector<digits::Scores> wanted(2);
    for (int i = 0; i < 784; ++i)
        images[static_cast<std::size_t>(i % 2)][i] = 1; // columns even, columns odd
    wanted[0][3] = 1;
    wanted[1][7] = 1;

    const digits::Owned model = digits::make({42});
    const float first = digits::learn(*model, images, wanted, 0.05);
    float last = first;
    for (int step = 0; step < 50; ++step)
        last = digits::learn(*model, images, wanted, 0.05);
    const digits::Scores scores = digits::answer(*model, images[1]);
    std::printf("loss %.3f, then %.3f\n", static_cast<double>(first), static_cast<double>(last));
    return last < first && scores[7] > scores[3] ? 0 : 1;
}
