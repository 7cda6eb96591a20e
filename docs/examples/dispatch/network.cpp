// The network. It is compiled once for each instruction set, each time with other flags and another name for
// ANSWER (see CMakeLists.txt of the examples). Its own code is in an unnamed namespace, so that the objects
// share none of it.
#include "network.hpp"

#include <lamina/core.hpp>

namespace ln = lamina;

namespace {

struct HardTanh : ln::Elementwise<HardTanh> { // an own layer: in the unnamed namespace, too
    static constexpr const char* name = "HardTanh";
    static constexpr auto value(auto x) {
        using E = decltype(x);
        return ln::select(x > E(1), E(1), ln::select(x < E(-1), E(-1), x));
    }
    static constexpr auto slope(auto y) {
        using E = decltype(y);
        return ln::select(y < E(1), ln::select(y > E(-1), E(1), E(0)), E(0));
    }
};

using Model = ln::Model<ln::Net<ln::Conv<16, 3>, HardTanh, ln::Dense<4>>, ln::Shape<1, 8, 8>>;

} // namespace

float ANSWER(const float (&image)[64]) {
    static const Model model{ln::seed{1}}; // or weights from a file: each object has its own copy
    Model::Input x;
    for (int i = 0; i < x.size; ++i)
        x[i] = image[i];
    return model.forward(x)[0];
}
