// What a user does with files, with LLVM's library in place of GNU's.
#include <lamina/lamina.hpp>

#include "unit/files/scratch.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#if !defined(_LIBCPP_VERSION)
    #error "expected libc++"
#endif

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Dense<4>, ln::Tanh, ln::Dense<2>>, ln::Shape<3>>;
using Other = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;

bool same(const Model& a, const Model& b) {
    return std::memcmp(a.parameters().data(), b.parameters().data(), a.parameters().size_bytes()) == 0;
}

/// Trains so many epochs, going on from the checkpoint if there is one.
Model train(const std::string& checkpoint, int epochs) {
    std::vector<Model::Input> inputs(64);
    std::vector<Model::Output> targets(64);
    ln::Random random{ln::seed{1}};
    for (std::size_t i = 0; i < 64; ++i) {
        for (float& x : inputs[i])
            x = static_cast<float>(random.symmetric());
        targets[i][inputs[i][0] > inputs[i][1] ? 0 : 1] = 1;
    }
    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.01}};
    ln::Checkpoints checkpoints{trainer, {.last = checkpoint, .resume = true}};
    ln::fit(trainer, ln::data::Samples{std::span{inputs}, std::span{targets}},
            {.epochs = epochs, .batch = 10, .checkpoints = &checkpoints, .progress = false});
    return model;
}

bool works(const std::string& folder) {
    const Model model = train(folder + "/whole.checkpoint", 4);
    (void)train(folder + "/parts.checkpoint", 2);
    bool fine = same(model, train(folder + "/parts.checkpoint", 4)); // its metadata hold doubles

    const std::string weights = folder + "/model.safetensors";
    ln::save(model, weights);
    Model loaded;
    ln::load(loaded, weights);
    fine = fine && same(model, loaded);

    ln::AnyOf<Other, Model> any;
    ln::load(any, weights);
    fine = fine && any.index() == 1;
    try {
        Other other;
        ln::load(other, weights);
        fine = false;
    } catch (const ln::format_error&) {
    }
    ln::embed(model, "trained", folder + "/trained.hpp");
    return fine && ln::embed(model, "trained") == ln::embed(loaded, "trained");
}

} // namespace

int main() {
    try {
        if (works(Scratch{}.folder()))
            return 0;
        std::puts("expected the same parameters, found other ones");
    } catch (const std::exception& error) {
        std::puts(error.what());
    }
    return 1;
}
