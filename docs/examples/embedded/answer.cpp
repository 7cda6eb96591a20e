// A trained network inside a program that reads no files. The compiler runs it too, in the static_assert.
#include "digits.hpp"
#include "image.hpp"
#include "network.hpp"

#include <cstdio>

namespace {

constexpr Model model = ln::with_embedded<Model, digits>();

constexpr ln::data::Image image{pixels, {1, 28, 28}};

static_assert(ln::argmax(model.forward(image)) == label);

} // namespace

int main() {
    const int best = ln::argmax(model.forward(image));
    std::printf("class %d\n", best);
    return best == label ? 0 : 1;
}
