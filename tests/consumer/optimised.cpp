// At -O2 and without sanitizers, g++ 12 has dropped calls of kernels as calls without effects (see
// kernels/effects.hpp). A pool with window 1 and stride 2 showed it: its output stayed zero.
#include <lamina/core.hpp>

#include <memory>

namespace ln = lamina;

template <class Layer>
bool packs_equal_one_sample() {
    using Model = ln::Model<ln::Net<Layer>, ln::Shape<2, 6, 7>>;
    const Model model{ln::seed{5}};
    typename Model::Input x;
    ln::Random random{ln::seed{1}};
    for (float& v : x)
        v = static_cast<float>(random.symmetric());
    const auto expected = model.forward(x);
    const auto pass = std::make_unique<ln::topology::TrainingPass<typename Model::plan, ln::pack<float>>>();
    for (int i = 0; i < Model::Input::size; ++i)
        pass->input()[i] = ln::pack<float>(x[i]);
    pass->forward(model.parameters().data());
    for (int i = 0; i < Model::Output::size; ++i)
        if (expected[i] == 0 || pass->output()[i][0] != expected[i])
            return false;
    return true;
}

int main() {
    return packs_equal_one_sample<ln::AvgPool<1, 2>>() && packs_equal_one_sample<ln::MaxPool<1, 2>>() &&
                   packs_equal_one_sample<ln::Tanh>()
               ? 0
               : 1;
}
