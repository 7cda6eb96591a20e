// Many samples for a Prepared, which answers one.
// EXPECT: takes one sample: a Model::Input, a span of as many numbers
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<8, 3>, ln::ReLU, ln::Dense<10>>, ln::Shape<1, 28, 28>>;

void answer(const ln::Prepared<Model>& prepared, const std::vector<Model::Input>& x,
            std::vector<Model::Output>& y) {
#ifdef SHOULD_NOT_COMPILE
    prepared.forward(x, y);
#else
    for (std::size_t i = 0; i < x.size(); ++i)
        y[i] = prepared.forward(x[i]);
#endif
}
