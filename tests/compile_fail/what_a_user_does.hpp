// All a user does with a `Model`: of one that has a problem, none of it may add an error to it. It may be included once in
// each of several namespaces (see drivers/corrected.cmake).
#include <cstdio>
#include <vector>

inline void use_all(const ln::data::Images& images) {
    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05, .momentum = 0.9}};
    const std::uint32_t samples[] = {0, 1};
    double loss = trainer.step(images, samples);
    loss += trainer.step(images, samples, 0.01, 1e-4);
    static ln::TrainingMemory<Model, ln::Adam> memory;
    ln::Trainer elsewhere{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}, memory};
    loss += elsewhere.loss_and_gradient(images, samples) + elsewhere.gradients()[0];
    elsewhere.update(0.01);

    ln::Team<Model> team{1};
    loss += trainer.loss_and_gradient(images, samples, 0, team);

    ln::fit(trainer, images, {.epochs = 5, .schedule = ln::StepDecay{}, .validation = &images});
    const ln::Metrics m = ln::evaluate(trainer.model(), images);
    std::printf("%g %g %lld %g", m.accuracy, m.loss, m.confusion(0, 1), loss);

    ln::save(model, "weights.safetensors");
    ln::load(model, "weights.safetensors");
    const auto scores = model.forward(images.image(0));
    const ln::Tensor<Model::scalar, Model::input_shape> x{};
    const Model::Output y = model.forward(x), z = model.forward({});
    const std::vector<float> numbers(3);
    const std::uint8_t pixels[3] = {};
    const Model::Output of_numbers = model.forward(numbers),
                        of_pixels = model.forward(ln::data::Image{pixels, {1, 1, 3}});
    std::printf("%d", ln::argmax(of_numbers) + ln::argmax(of_pixels));
    float best = scores[0] + y[1] + 2.0F * z(2);
    for (const auto score : scores)
        best = score > best ? score : best;
    const auto [digit, probability] = ln::top_k<3>(ln::softmax(scores))[0];
    std::printf("%d %d %g", digit, ln::argmax(y), static_cast<double>(probability));

    const std::vector<Model::Input> many(3);
    std::vector<Model::Output> answers(3);
    const ln::data::Samples measured{std::span{many}, std::span{answers}};
    const ln::data::Samples constant{std::span<const Model::Input>{many},
                                     std::span<const Model::Output>{answers}};
    using Named = ln::data::Samples<Model::scalar, Model::input_shape, Model::output_shape>;
    loss += trainer.step(measured, samples) + trainer.step(constant, samples);
    loss += trainer.step(Named{many, answers}, samples);
    const std::vector<int> labels(3);
    const ln::data::Samples labelled{many, labels};
    const auto parts = ln::data::split(labelled, 0.5, ln::seed{1});
    ln::fit(trainer, parts.train, {.validation = &parts.validation});
    std::puts(ln::to_string(ln::evaluate(model, labelled).confusion).c_str());
    static Model::Workspace one_sample;
    static Model::BatchWorkspace many_samples;
    model.forward(many, answers);
    model.forward(many, answers, many_samples);
    ln::forward(model, many, answers, 1);
    answers[0] = model.forward(x, one_sample);

    auto folded = ln::fold(model);
    ln::fold(model, folded);
    const auto folded_scores = folded.forward(x);
    std::printf("%d", ln::argmax(folded_scores));

    std::printf("%s %d %d %lld", (ln::summary<Model>() + ln::plan_summary<Model>()).c_str(),
                Model::parameter_count, Model::layers[0].output[0],
                Model::inference_bytes + Model::training_bytes<ln::SGD>);
    std::printf("%g", static_cast<double>(model.parameters()[0]));
    std::printf("%s %d", ln::to_dot<Model>().c_str(), Model::has_weight<0> && Model::has_bias<0>);
    model.for_each_weight(model.parameters(), [](auto weights) { std::printf("%zu", weights.size()); });
    [[maybe_unused]] const auto& state = trainer.state();
    const auto checkpoint = ln::save_checkpoint(trainer, {});
    ln::load_checkpoint(trainer, std::span{checkpoint});
}
