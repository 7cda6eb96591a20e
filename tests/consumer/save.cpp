// save <seed> <file>: writes weights.
#include "network.hpp"

#include <lamina/io/safetensors.hpp>

#include <cstdlib>

int main(int, char** arguments) {
    const consumer::Model model{lamina::seed{std::strtoull(arguments[1], nullptr, 10)}};
    lamina::save(model, std::string{arguments[2]});
}
