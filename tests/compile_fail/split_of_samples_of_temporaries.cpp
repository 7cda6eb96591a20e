// Samples of temporaries that are split, trained on and evaluated.
// EXPECT: samples<.*Tensor<float, lamina::Shape<4>.*>::would_outlive_a_temporary
// EXPECT: data::Samples own nothing: pass variables that outlive them
#include <lamina/core.hpp>
#include <lamina/data/split.hpp>
#include <lamina/train/fit.hpp>

#include <cstdio>
#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;
std::vector<Model::Input> measure();

template <class Data>
struct Augmented : ln::data::Over<Data> {
    using ln::data::Over<Data>::Over;
};
template <class Data>
Augmented(const Data&) -> Augmented<Data>;

void train(Model& model, const std::vector<int>& labels) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
#ifdef SHOULD_NOT_COMPILE
    const ln::data::Samples samples{measure(), labels};
#else
    const std::vector<Model::Input> inputs = measure();
    const ln::data::Samples samples{inputs, labels};
#endif
    const auto parts = ln::data::split(samples, 0.2, ln::seed{1});
    ln::fit(trainer, parts.train, {.epochs = 2, .validation = &parts.validation});
    const Augmented augmented{parts.train};
    ln::fit(trainer, augmented);
    trainer.step(parts.train, first);
    trainer.step(ln::data::InEpoch{augmented, 1}, first);
    const ln::Metrics m = ln::evaluate(model, parts.validation);
    std::printf("%g %zu %d", m.loss + ln::evaluate(model, samples, trainer.loss).loss,
                parts.train.indices().size(), static_cast<int>(parts.train.label(0) + samples.label(0)));
}
