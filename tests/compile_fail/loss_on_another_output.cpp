// A loss for outputs of another shape than the model's.
// EXPECT: loss<LogisticLoss>::is_not_one_on<lamina::Shape<10>, float>
// EXPECT: takes Views of packs of the model's output shape
#include <lamina/lamina.hpp>

namespace ln = lamina;

/// log(1 + e^-y) for a target of 1: for one output alone.
struct LogisticLoss {
    static constexpr int classes(int) noexcept { return 2; } // so that labels 0 and 1 are targets
    template <class E>
    using One = ln::View<E, ln::Shape<1>>;
    template <class E>
    static E loss_and_gradient(One<E> y, One<E> t, One<E> dy) noexcept {
        const E p = ln::sigmoid(y[0]);
        dy[0] = p - t[0];
        return -(t[0] * ln::log(p) + (E(1) - t[0]) * ln::log(E(1) - p));
    }
};

#ifdef SHOULD_NOT_COMPILE
using Last = ln::Dense<10>;
#else
using Last = ln::Dense<1>;
#endif
using Model = ln::Model<ln::Net<Last>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, LogisticLoss{}, ln::SGD{}};
    const std::uint32_t samples[] = {0, 1};
    std::printf("%g", trainer.step(images, samples) + trainer.gradients()[0]);
    ln::fit(trainer, images, {.epochs = 2});
    std::printf("%g", ln::evaluate(trainer.model(), images, trainer.loss).accuracy);
}
