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

/// Of numbers (FNV-1a).
struct Hash {
    std::uint64_t value = 1469598103934665603U;

    void add(float number) { value = (value ^ std::bit_cast<std::uint32_t>(number)) * 1099511628211U; }
    void print() const { std::printf("%016llx\n", static_cast<unsigned long long>(value)); }
};

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
    Hash hash;
    for (const float p : model.parameters())
        hash.add(p);
    for (const float v : model.forward(x[3]))
        hash.add(v);
    hash.print();
}

/// Losses and gradients of outputs of several sizes. (From some 80 on, e^-size times a small target is
/// subnormal, which programs compiled with -ffast-math flush to zero.)
void print_bits_of_losses(auto... losses) {
    ln::Random random{ln::seed{2}};
    Hash hash;
    for (int size = 1; size < 50; size *= 3) {
        ln::Tensor<ln::pack<float>, ln::Shape<5>> y, t, dy;
        for (int i = 0; i < 5; ++i)
            for (int lane = 0; lane < ln::native_lanes<float>; ++lane) {
                ln::set_lane(y[i], lane, static_cast<float>(random.symmetric()) * static_cast<float>(size));
                ln::set_lane(t[i], lane, static_cast<float>(random.symmetric() + 1) / 2);
            }
        const auto add = [&](auto loss) {
            const ln::pack<float> of_samples = loss.loss_and_gradient(y.view(), t.view(), dy.view());
            for (int lane = 0; lane < ln::native_lanes<float>; ++lane) {
                hash.add(ln::lane(of_samples, lane));
                for (int i = 0; i < 5; ++i)
                    hash.add(ln::lane(dy[i], lane));
            }
        };
        (add(losses), ...);
    }
    hash.print();
}

} // namespace

int main() {
    using namespace ln;
    print_bits_after_steps<Net<Dense<33>, Tanh, Dense<9>, Sigmoid, Dense<10>>, Shape<17>>(Adam{});
    print_bits_after_steps<Net<Conv<6, 3, 1, 1>, LeakyReLU<>, MaxPool<2, 2>, Conv<5, 3>, ReLU, Dense<10>>,
                           Shape<2, 12, 11>>(SGD{.momentum = 0.9});
    print_bits_of_losses(SoftmaxCrossEntropy{.label_smoothing = 0.1},
                         WeightedCrossEntropy<5>{.class_weights = {1, 2, 0.3, 4, 0}}, BinaryCrossEntropy{},
                         Huber{}, MeanAbsoluteError{}, MeanSquaredError{});
}
