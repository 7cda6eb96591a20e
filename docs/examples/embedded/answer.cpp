// A trained network inside a program, without files: the compiler itself answers the first image.
#include "digits.hpp"
#include "image.hpp"
#include "network.hpp"

#include <cstdio>

namespace {

constexpr Model model = ln::with_embedded<Model, digits>();

constexpr Model::Input image() {
    Model::Input x{};
    for (int i = 0; i < x.size; ++i)
        x[i] = static_cast<float>(pixels[i]) / 255;
    return x;
}

constexpr int best_of(const Model::Output& scores) {
    int best = 0;
    for (int c = 1; c < scores.size; ++c)
        best = scores[c] > scores[best] ? c : best;
    return best;
}

static_assert(best_of(model.forward(image())) == label);

} // namespace

int main() {
    const int best = best_of(model.forward(image()));
    std::printf("class %d\n", best);
    return best == label ? 0 : 1;
}
