// embedded <seed>: whether the weights inside are those that `save` writes, folded.
#include "digits.hpp"
#include "network.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

constexpr consumer::Model model = lamina::with_embedded<consumer::Model, digits>();

// As many steps as a larger network takes: compilers must have been told to go so far.
constexpr int count_to(int last) {
    int number = 0;
    while (number < last)
        ++number;
    return number;
}
static_assert(count_to(1'100'000) == 1'100'000);

} // namespace

int main(int, char** arguments) {
    const consumer::Trained trained{lamina::seed{std::strtoull(arguments[1], nullptr, 10)}};
    const consumer::Model expected = lamina::fold(trained);
    return std::ranges::equal(model.parameters(), expected.parameters()) ? 0 : 1;
}
