// One model read by many threads, each with workspaces of its own, under ThreadSanitizer. With the argument
// `shared` they share a workspace, which is a race, and must be reported as one.
#include <lamina/core.hpp>

#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3, 1, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Conv<5, 3>, ln::Tanh,
                      ln::AvgPool<2, 1>, ln::Dense<6>, ln::Sigmoid, ln::Dense<3>, ln::Softmax>,
              ln::Shape<2, 8, 8>>;

constexpr int threads = 4, rounds = 20;
constexpr std::size_t samples = 37;

struct Answers {
    std::vector<Model::Output> one_by_one, with_workspace, at_once;
};

void answer(const Model& model, const std::vector<Model::Input>& x, Model::Workspace& workspace,
            Answers& answers) {
    const auto batch_workspace = std::make_unique<Model::BatchWorkspace>();
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < samples; ++i) {
            answers.one_by_one[i] = model.forward(x[i]);
            answers.with_workspace[i] = model.forward(x[i], workspace);
        }
        model.forward(x, answers.at_once, *batch_workspace);
    }
}

bool same(const std::vector<Model::Output>& a, const std::vector<Model::Output>& b) {
    for (std::size_t i = 0; i < samples; ++i)
        for (int k = 0; k < Model::Output::size; ++k)
            if (a[i][k] != b[i][k])
                return false;
    return true;
}

int main(int count, char** words) {
    const bool shared = count > 1 && std::strcmp(words[1], "shared") == 0;
    const Model model{ln::seed{1}};
    std::vector<Model::Input> x(samples);
    ln::Random random{ln::seed{2}};
    for (Model::Input& input : x)
        for (float& e : input)
            e = static_cast<float>(random.symmetric());

    const Answers empty{std::vector<Model::Output>(samples), std::vector<Model::Output>(samples),
                        std::vector<Model::Output>(samples)};
    std::vector<Answers> answers(threads + 1, empty);
    std::vector<Model::Workspace> workspaces(threads + 1);
    answer(model, x, workspaces[threads], answers[threads]);

    std::vector<std::thread> all;
    for (std::size_t t = 0; t < threads; ++t)
        all.emplace_back([&, t] { answer(model, x, workspaces[shared ? 0 : t], answers[t]); });
    for (std::thread& thread : all)
        thread.join();

    for (std::size_t t = 0; t < threads && !shared; ++t)
        if (!same(answers[t].one_by_one, answers[threads].one_by_one) ||
            !same(answers[t].with_workspace, answers[threads].one_by_one) ||
            !same(answers[t].at_once, answers[threads].at_once)) {
            std::fprintf(stderr, "thread %zu has other answers than one thread alone\n", t);
            return 1;
        }
    return 0;
}
