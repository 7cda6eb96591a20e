// What every one of these programs has: start-up, printing, pictures.
#include "board.hpp"
#include "network.hpp"

namespace {

Pictures pictures;

} // namespace

int run() {
    pictures.draw(ln::seed{2});
    report("pixel", pictures.inputs[0][0]);
    return 0;
}
