// card as a program that only answers: reads its parameters, then images, and writes the scores of each.
#include "../runtime/networks.hpp"

#include <cstdio>

int main() {
    static bench::CardModel model;
    if (std::fread(model.parameters().data(), model.parameters().size_bytes(), 1, stdin) != 1)
        return 1;
    static bench::CardModel::Input image;
    while (std::fread(image.data(), sizeof image, 1, stdin) == 1) {
        const auto scores = model.forward(image);
        std::fwrite(scores.data(), sizeof scores, 1, stdout);
    }
}
