// Prints the bits of networks after some steps: what depends on neither compiler nor level of optimisation.
#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <span>

namespace ln = lamina;

namespace {

template <class Net, class In, class Optimizer>
void print_bits_after_steps(Optimizer optimizer) {
    using Model = ln::Model<Net, In>;
    static Model model{ln::seed{7}};
    static std::array<typename Model::Input, 21> x;
    static std::array<typename Model::Output, 21> y{};
    std::array<std::uint32_t, 21> indices;
    ln::Random random{ln::seed{1}};
    for (std::uint32_t i = 0; i < 21; ++i) {
        indices[i] = i;
        for (float& v : x[i])
            v = static_cast<float>(random.symmetric());
        y[i][static_cast<int>(i) % Model::Output::size] = 1;
    }
    static ln::TrainingMemory<Model, Optimizer> memory;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer, memory};
    for (int step = 0; step < 10; ++step)
        (void)trainer.step(ln::data::Samples{std::span{x}, std::span{y}}, indices, 0.01, 0.001);
    std::uint64_t hash = 1469598103934665603U;
    const auto add = [&](float number) {
        hash = (hash ^ std::bit_cast<std::uint32_t>(number)) * 1099511628211U;
    };
    for (const float p : model.parameters())
        add(p);
    for (const float v : model.forward(x[3]))
        add(v);
    std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}

} // namespace

int main() {
    using namespace ln;
    print_bits_after_steps<Net<Dense<33>, Tanh, Dense<9>, Sigmoid, Dense<10>>, Shape<17>>(Adam{});
    print_bits_after_steps<Net<Conv<6, 3, 1, 1>, LeakyReLU<>, MaxPool<2, 2>, Conv<5, 3>, ReLU, Dense<10>>,
                           Shape<2, 12, 11>>(SGD{.momentum = 0.9});
}
