// A user's program that is compiled with many more warnings than lamina's own sources, as errors, and
// instantiates all of the library: none of them is lamina's. The flags are in tests/CMakeLists.txt.
#include <all_headers.hpp>

#include <cstdio>
#include <span>
#include <string>
#include <vector>

namespace ln = lamina;

int train_and_tell(const std::string& folder);

namespace {

struct Doubled { // a layer of the user's
    static constexpr const char* name = "Doubled";
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] + x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i] + dy[i];
    }
};

using Image = ln::Shape<3, 14, 13>;
using Mixed = ln::Net<ln::Conv<8, 3, 1, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Conv<17, 3>, ln::Tanh,
                      ln::AvgPool<2, 1>, ln::Conv<4, 1>, ln::MaxPool<2, 1>, Doubled, ln::Sigmoid, ln::Flatten,
                      ln::Dense<20>, ln::ReLU, ln::Dense<3>>;
using Strided = ln::Net<ln::Conv<3, 5, 2, 2>, ln::ReLU, ln::Dense<3>, ln::Softmax>;
template <class T>
using Model = ln::Model<Mixed, Image, T>;
template <class T>
using Other = ln::Model<Strided, Image, T>;

using Activated = ln::Net<ln::Conv<3, 5, 2, 2>, ln::PReLU<3>, ln::SiLU, ln::GELU, ln::GELUTanh, ln::HardSwish,
                          ln::Dense<3>, ln::ELU<>, ln::PReLU<>, ln::ReLU6, ln::Scale<1, 50>>;
template <class T>
double fold_one() {
    using Normed = ln::Net<ln::Conv<4, 3>, ln::BatchNorm<>, ln::Dropout<>, ln::Dense<2>, ln::BatchNorm<>>;
    const auto folded = ln::fold(ln::Model<Normed, Image, T>{ln::seed{1}});
    return static_cast<double>(folded.template bias<0>()[0]);
}

constexpr ln::Embedded<float, 32, 1> embedded{ln::dims{2}, {"Dense<1>"}, {1, 2}};
using Tiny = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<2>>;

template <class Integer>
struct Labelled { // data of the user's, who counts as people like
    static constexpr std::size_t lanes = ln::native_lanes<float>;

    [[nodiscard]] static Integer size() { return 2; }
    [[nodiscard]] static Integer label(std::size_t i) { return static_cast<Integer>(i); }
    static void inputs(const std::uint32_t (&)[lanes], ln::View<ln::pack<float>, ln::Shape<2>> x) {
        x[0] = x[1] = 1;
    }
    static void targets(const std::uint32_t (&)[lanes], ln::View<ln::pack<float>, ln::Shape<2>> t) {
        t[0] = t[1] = 0.5F;
    }
};
template <class Integer>
double train_on_labels() {
    using Scores = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<2>>;
    Scores model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, Labelled<Integer>{});
    return ln::evaluate(model, Labelled<Integer>{}).accuracy;
}

template <class T>
double answer(const Model<T>& model, typename Model<T>::Workspace& workspace) {
    constexpr auto size = static_cast<std::size_t>(Image::size);
    const std::vector<T> numbers(size);
    const std::vector<std::uint8_t> bytes(size);
    const std::vector<float> floats(size);
    const ln::data::Image images[] = {ln::data::Image{bytes, {3, 14, 13}, ln::Order::channels_last},
                                      ln::data::Image{floats.data(), {3, 14, 13}}};
    auto y = model.forward(numbers, workspace);
    y[0] = ln::softmax(model.forward(std::span{numbers}))[ln::argmax(y)];
    for (const ln::data::Image& image : images)
        y[1] = ln::top_k<2>(model.forward(image))[1].value;
    return static_cast<double>(y[0] + y[1]);
}

struct Noisy : ln::data::Over<ln::data::Images> { // data of the user's over others
    using Over::Over;
    void training_inputs(const auto& indices, auto x, int epoch) const {
        inputs(indices, x);
        x[0] = static_cast<float>(ln::Random{ln::seed{1}, epoch, indices[0]}.symmetric());
    }
};
template <class Integer>
double train_on_parts(const ln::data::Images& images) {
    const Noisy noisy{images};
    const auto halves = ln::data::split(noisy, 0.5, ln::seed{1});
    const std::vector<ln::Tensor<float, ln::Shape<1, 1, 2>>> inputs(4);
    const std::vector<Integer> labels(4);
    const ln::data::Samples samples{inputs, labels};
    const auto parts = ln::data::split(samples, 0.5);
    ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<1, 1, 2>> model{ln::seed{1}};
    ln::Trainer trainer{model, ln::BinaryCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, halves.train, {.validation = &halves.validation});
    ln::fit(trainer, parts.train, {.validation = &parts.validation});
    std::puts(
        ln::to_string(ln::evaluate(model, parts.validation).confusion, std::vector{"no", "yes"}).c_str());
    return ln::evaluate(model, samples).accuracy;
}

template <class T, class Loss, class Optimizer>
double train(const std::string& folder, Loss loss, Optimizer optimizer) {
    static Model<T> model{ln::seed{1}};
    static typename Model<T>::Workspace workspace;
    std::vector<typename Model<T>::Input> inputs(3);
    std::vector<typename Model<T>::Output> targets(3), outputs(3);
    const ln::data::Samples data{std::span{inputs}, std::span{targets}};

    static ln::TrainingMemory<Model<T>, Optimizer> memory;
    ln::Trainer trainer{model, loss, optimizer, memory};
    ln::Checkpoints checkpoints{trainer,
                                {.last = folder + "/last", .best = folder + "/best", .resume = true}};
    double told = 0;
    ln::fit(trainer, data,
            {.epochs = 2,
             .threads = 2,
             .schedule = ln::Cosine{},
             .l2 = 1e-4,
             .validation = &data,
             .on_epoch = [&](const ln::EpochReport& r) { told += r.loss; },
             .checkpoints = &checkpoints});
    trainer.template freeze<0>();
    trainer.unfreeze("0");
    trainer.clip_gradients(1);
    ln::save_checkpoint(trainer, ln::RunPosition{}, folder + "/checkpoint");
    ln::load_checkpoint(trainer, folder + "/checkpoint");

    const auto one = model.forward(inputs[0], workspace);
    model.forward(inputs, outputs);
    ln::forward(model, inputs, outputs, 2);
    told += one == outputs[0] ? 1.0 : static_cast<double>(outputs[0][0]);
    ln::save(model, folder + "/weights");
    ln::load(model, folder + "/weights", {.tolerance = 1e-3});
    told += ln::load_saved(model, ln::save(model)) ? 1 : 0;
    ln::embed(model, "digits", folder + "/digits.hpp");
    ln::AnyOf<Model<T>, Other<T>> any;
    ln::load(any, folder + "/weights");
    told += static_cast<double>(any.forward(inputs[0])[0]);
    told += answer<T>(model, workspace);
    std::puts((ln::summary<Model<T>>() + ln::plan_summary<Model<T>>() + ln::to_dot<Model<T>>()).c_str());
    return told + ln::evaluate(model, data, loss).loss +
           ln::evaluate(Other<T>{ln::seed{2}}, data, ln::MeanSquaredError{}).loss;
}

template <class T>
double train_activations(const ln::data::Images& data) {
    ln::Model<Activated, Image, T> model{ln::seed{4}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    const std::uint32_t indices[] = {0, 1};
    return static_cast<double>(trainer.step(data, indices, 0.1)) +
           static_cast<double>(model.forward(typename decltype(model)::Input{})[0]);
}

template <class T>
double train_outputs() {
    using Policy = ln::Named<"policy", ln::Conv<2, 1>>;
    using Player = ln::Model<ln::Net<ln::Outputs<Policy, ln::Dense<1>>>, ln::Shape<1, 2, 2>, T>;
    Player model{ln::seed{5}};
    const std::vector<typename Player::Input> inputs(3);
    std::vector<typename Player::Output> targets(3);
    Player::template head<"policy">(targets[0])[1] = 1;
    const ln::data::Samples data{inputs, targets};
    const ln::LossSum sum{ln::Huber{}, ln::ESR{}, ln::DC{}};
    const ln::Losses losses{ln::SoftmaxCrossEntropy{}, sum.weighted(1, 0.75, 0.25)};
    ln::Trainer trainer{model, losses.weighted(1, 0.25), ln::SGD{}};
    trainer.loss.template at<1>().template at<0>().delta = 0.5;
    ln::fit(trainer, data, {});
    ln::load_checkpoint(trainer, ln::save_checkpoint(trainer, ln::RunPosition{}));
    const auto y = model.forward(inputs[0]);
    const auto policy = ln::softmax(Player::template head<0>(y));
    return ln::evaluate(model, data, trainer.loss).accuracy + static_cast<double>(policy(0, 1, 1)) +
           trainer.loss.template factor<1>() + ln::top_k<2>(Player::template head<0>(y))[1].index +
           ln::argmax(policy) + Player::heads[1].offset;
}

double train_the_twin() {
    ln::dynamic::Network twin = ln::dynamic::twin(Other<float>{ln::seed{3}});
    ln::Trainer trainer{twin, ln::MeanSquaredError{}, ln::SGD{.momentum = 0.9, .nesterov = true}};
    const ln::data::Split split = ln::data::load_idx("folder");
    const std::uint32_t indices[] = {0, 1};
    trainer.freeze("0.bias");
    return static_cast<double>(trainer.step(split.train, indices, 0.1, 1e-4, 1));
}

constexpr float of_a_constant() {
    Tiny::Input x{};
    x[0] = ln::exp(0.5F) + ln::log(2.0F) + ln::sqrt(2.0F) + ln::erf(2.0F);
    return ln::with_embedded<Tiny, embedded>().forward(x)[0];
}
static_assert(of_a_constant() > 0);

} // namespace

int train_and_tell(const std::string& folder) {
    const double told = train<float>(folder, ln::SoftmaxCrossEntropy{}, ln::AdamW{}) +
                        train<double>(folder, ln::MeanSquaredError{}, ln::SGD{}) + train_the_twin() +
                        train_activations<float>(ln::data::load_idx(folder).train) +
                        train_activations<double>(ln::data::load_idx(folder).train) + fold_one<float>() +
                        fold_one<double>() + train_outputs<float>() + train_outputs<double>() +
                        train_on_labels<int>() + train_on_labels<std::size_t>() +
                        train_on_parts<unsigned char>(ln::data::load_idx(folder).train) +
                        train_on_parts<std::size_t>(ln::data::load_idx(folder).test);
    return told > 1 ? 0 : 1;
}
