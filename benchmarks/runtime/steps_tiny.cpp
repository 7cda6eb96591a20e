// The networks of MLPerf Tiny, static model and run-time twin. (No plain loops: batch norm needs the whole
// batch, of which they see one sample.) Inference is that of the folded network.
#include "networks.hpp"
#include "steps.hpp"
#include "versus.hpp"

namespace bench {
namespace {

template <class Model>
void train_both(benchmark::State& state) {
    const auto images = made_images(Model::layers[0].input, 1024, Model::output_shape::size);
    const auto model = std::make_unique<Model>(ln::seed{1});
    ln::dynamic::Network network = ln::dynamic::twin(*model);
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD, batch>>();
    const ln::SGD optimizer{.learning_rate = 1e-4, .momentum = 0.9};
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, optimizer, *memory};
    ln::Trainer twin{network, ln::SoftmaxCrossEntropy{}, optimizer};
    auto model_step = step_of(state, images, trainer), twin_step = step_of(state, images, twin);
    for (int i = 0; i < 2; ++i) {
        const float losses[] = {model_step(), twin_step()};
        if (!agree({losses, 1}, {losses + 1, 1}))
            return state.SkipWithError("the losses differ");
    }
    compare(state, batch * (static_cast<double>(Model::macs) + backward_macs<Model>), batch, model_step,
            twin_step);
}

/// The scores of `Samples` samples that lie in memory; of one, by the model or a `Prepared` of it.
template <class Model, int Samples, class Answers>
void infer_both(benchmark::State& state, const Model& model, const Answers& answers) {
    ln::dynamic::Network twin = ln::dynamic::twin(model);
    const auto workspace = std::make_unique<typename Model::BatchWorkspace>();
    const auto workspace_of_one = std::make_unique<typename Answers::Workspace>();
    std::vector<typename Model::Input> x(Samples);
    std::vector<typename Model::Output> y(Samples);
    std::vector<float> xs, scores, twin_scores(Samples * Model::output_shape::size);
    for (std::size_t i = 0; i < Samples; ++i) {
        fill(x[i].view(), i);
        xs.insert(xs.end(), x[i].begin(), x[i].end());
    }
    compare(
        state, Samples * static_cast<double>(Model::macs), Samples,
        [&] {
            benchmark::DoNotOptimize(x.data());
            if constexpr (Samples == 1)
                y[0] = answers.forward(x[0], *workspace_of_one);
            else
                model.forward(x, y, *workspace);
            benchmark::ClobberMemory();
        },
        [&] {
            benchmark::DoNotOptimize(xs.data());
            twin.forward(xs, twin_scores);
            benchmark::ClobberMemory();
        });
    for (const auto& of_sample : y)
        scores.insert(scores.end(), of_sample.begin(), of_sample.end());
    if (!agree(scores, twin_scores))
        state.SkipWithError("the scores differ");
}
template <class Model, int Samples, bool IsPrepared = false>
void infer_folded(benchmark::State& state) {
    using Folded = FoldedModel<Model>;
    const auto trained = std::make_unique<Model>(ln::seed{1});
    const auto folded = std::make_unique<Folded>();
    ln::fold(*trained, *folded);
    if constexpr (IsPrepared)
        infer_both<Folded, Samples>(state, *folded, *std::make_unique<ln::Prepared<Folded>>(*folded));
    else
        infer_both<Folded, Samples>(state, *folded, *folded);
}
template <class Model>
void add_network(const std::string& name) {
    add(std::string{name} += "/train", train_both<Model>);
    add(std::string{name} += "/infer", infer_folded<Model, batch>);
    add(std::string{name} += "/one", infer_folded<Model, 1>);
}

} // namespace

void add_tiny() {
    add_network<DsCnnModel>("ds_cnn");
    add_network<MobileNetModel>("mobilenet");
    add_network<Resnet8Model>("resnet8");
    add_network<AutoencoderModel>("autoencoder");
    add("resnet8/prepared", infer_folded<Resnet8Model, 1, true>);
    add("resnet8_folded/train", train_both<FoldedModel<Resnet8Model>>);
}

} // namespace bench
