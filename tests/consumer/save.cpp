// save <seed> <file> [<name>]: writes weights; with a name, as those of a module of this name.
#include "network.hpp"

#include <lamina/io/safetensors.hpp>

#include <cstdlib>

int main(int count, char** arguments) {
    const consumer::Trained model{lamina::seed{std::strtoull(arguments[1], nullptr, 10)}};
    lamina::SaveOptions options;
    if (count > 3)
        options.rename = {arguments[3], ""};
    lamina::save(model, arguments[2], options);
}
