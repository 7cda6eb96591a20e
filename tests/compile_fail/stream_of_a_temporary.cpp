// A stream of a temporary model.
// EXPECT: a stream reads its model, which must outlive it
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<4>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

float first_step(float x) {
#ifdef SHOULD_NOT_COMPILE
    ln::Stream<Model> stream{Model{ln::seed{42}}};
#else
    const Model model{ln::seed{42}};
    ln::Stream<Model> stream{model};
#endif
    return stream.step(x);
}
