// Loads the weights of a PyTorch module that has names of its own: see docs/from_pytorch.md, which has the
// module. Run it in the repository's root. The file was written by libtorch (tests/oracle/weights.cpp).
#include <lamina/lamina.hpp>

#include <cstdio>

namespace ln = lamina;

using Network =
    ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Conv<6, 3>, ln::ReLU, // 0 to 4: features
            ln::Flatten,                                                           // 5
            ln::Dense<12>, ln::ReLU, ln::Dense<10>,                                // 6 to 8: classifier
            ln::Softmax>;                                                          // 9: not in PyTorch
using Model = ln::Model<Network, ln::Shape<1, 12, 12>>;

int main() {
    Model model;
    ln::load(model, "tests/data/torch_nested.safetensors",
             {.tolerance = 1e-5,
              .rename = {{"features", ""}, {"classifier.0", "6"}, {"classifier.2", "8"}},
              .ignore = {"head.*", "steps"}});

    const Model::Output probabilities = model.forward(Model::Input{});
    const int digit = ln::argmax(probabilities);
    std::printf("an empty image is a %d with probability %.2f\n", digit,
                static_cast<double>(probabilities[digit]));
}
