// lamina and libtorch train the same networks by the same recipes, by turns: an epoch of one, then an epoch
// of the other, each on one thread. Weights at the start, images, order, shifts and rates are the same; what
// differs is rounding.
//
//     train_by_turns <results.json> [images = 60000] [epochs = those of the recipes] [allowed = 0.01]
//
// Results are <network>/<library>/<epoch>: processor `seconds` of training until then, without evaluation,
// and `accuracy` on the test images. Fails if the last accuracies of a network differ by more than is
// allowed.
#include "../peers/layer_list.hpp"
#include "../peers/libraries.hpp"
#include "../report/results_file.hpp"
#include "../runtime/networks.hpp"
#include "torch_training.hpp"

#include <lamina/lamina.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace accuracy;
using fashion::Augmented;

using Resnet8Model = ln::Model<tiny::ResNet8<>, ln::Shape<1, 32, 32>>;
constexpr ln::seed seed{1};

/// Returns lamina's last accuracy less libtorch's.
template <class Model, class Data>
double train_by_turns(const Recipe& recipe, const Data& training, const ln::data::Images& test,
                      report::ResultsFile& results) {
    const auto model = std::make_unique<Model>(seed);
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{},
                        ln::SGD{.learning_rate = recipe.learning_rate, .momentum = momentum}, *memory};
    TorchTraining torch{bench::layer_list(*model), training, recipe, seed};

    std::printf("%s, %zu images\nepoch   lamina             libtorch\n", recipe.network, training.size());
    double own_seconds = 0, torch_seconds = 0, ahead = 0, start = bench::process_seconds();
    const auto after_epoch = [&](const ln::EpochReport& report) {
        const double between = bench::process_seconds();
        own_seconds += between - start;
        torch.train(report.epoch);
        torch_seconds += bench::process_seconds() - between;
        const double own_accuracy = ln::evaluate(*model, test).accuracy,
                     torch_accuracy = torch.accuracy(test);
        ahead = own_accuracy - torch_accuracy;
        const std::string network = recipe.network, epoch = '/' + std::to_string(report.epoch);
        results.add(network + "/lamina" + epoch, {{"seconds", own_seconds}, {"accuracy", own_accuracy}});
        results.add(network + "/libtorch" + epoch,
                    {{"seconds", torch_seconds}, {"accuracy", torch_accuracy}});
        std::printf("%5d   %.4f %8.1f s  %.4f %8.1f s\n", report.epoch, own_accuracy, own_seconds,
                    torch_accuracy, torch_seconds);
        std::fflush(stdout);
        start = bench::process_seconds();
    };
    ln::fit(trainer, training,
            {.epochs = recipe.epochs,
             .batch = batch,
             .seed = seed,
             .schedule = ln::Cosine{},
             .on_epoch = after_epoch,
             .progress = false});
    return ahead;
}

[[nodiscard]] ln::data::Images first_images(const ln::data::Images& images, std::size_t count) {
    count = std::min(count, images.size());
    const std::uint8_t* const pixels = images.image(0).pixels();
    std::vector<std::uint8_t> labels;
    for (std::size_t i = 0; i < count; ++i)
        labels.push_back(static_cast<std::uint8_t>(images.label(i)));
    return {
        images.source(), images.shape(), {pixels, pixels + count * images.shape().size()}, std::move(labels)};
}

} // namespace

int main(int count, char** words) {
    if (count < 2 || count > 5) {
        std::fprintf(stderr, "usage: train_by_turns <results.json> [images] [epochs] [allowed]\n");
        return 2;
    }
    try {
        bench::restart_with_settings(words);
        bench::keep_memory();
        torch::set_num_threads(1);
        const std::size_t images = count > 2 ? std::stoul(words[2]) : 60'000;
        const double allowed = count > 4 ? std::stod(words[4]) : 0.01;
        const auto shortened = [&](Recipe recipe) {
            recipe.epochs = count > 3 ? std::stoi(words[3]) : recipe.epochs;
            return recipe;
        };
        const auto data = ln::data::load_idx("/usr/share/datasets/fashion-mnist");
        const ln::data::Images training = first_images(data.train, images),
                               test = first_images(data.test, images);
        const ln::dims larger = Resnet8Model::input_shape::extents;
        const ln::data::Images padded = fashion::padded(training, larger);

        report::ResultsFile results{words[1], bench::openblas_kernels()};
        const double of_card = train_by_turns<bench::CardModel>(shortened(card), training, test, results),
                     of_resnet8 = train_by_turns<Resnet8Model>(shortened(resnet8), Augmented{padded, seed},
                                                               fashion::padded(test, larger), results);
        results.finish();
        if (std::abs(of_card) <= allowed && std::abs(of_resnet8) <= allowed)
            return 0;
        std::fprintf(stderr,
                     "lamina's accuracy less libtorch's: expected at most %.4f either way, found %.4f with "
                     "card, %.4f with resnet8\n",
                     allowed, of_card, of_resnet8);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "train_by_turns: %s\n", error.what());
    }
    return 1;
}
