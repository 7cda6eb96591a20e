// Prepared of a temporary model.
// EXPECT: it reads its model, which must outlive it
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<8, 3>, ln::ReLU, ln::Dense<10>>, ln::Shape<1, 28, 28>>;

Model::Output answer(const Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    const ln::Prepared<Model> prepared{Model{ln::seed{42}}};
#else
    const Model model{ln::seed{42}};
    const ln::Prepared<Model> prepared{model};
#endif
    return prepared.forward(x);
}
