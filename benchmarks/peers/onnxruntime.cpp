// lamina and ONNX Runtime, as the npm package onnxruntime-node brings it: all networks, inference in
// batches so large that what node adds to a call does not matter. The package is found as node finds it:
// `npm install --ignore-scripts onnxruntime-node` somewhere, and NODE_PATH=<there>/node_modules.
#include "compare.hpp"
#include "onnx_file.hpp"

#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace {

using namespace bench;

/// A program that answers each line with a line. Ends with this one.
class Child {
  public:
    explicit Child(const char* script) {
        int requests[2], answers[2];
        if (pipe(requests) != 0 || pipe(answers) != 0)
            std::abort();
        process_ = fork();
        if (process_ == 0) {
            dup2(requests[0], STDIN_FILENO), dup2(answers[1], STDOUT_FILENO);
            close(requests[1]), close(answers[0]);
            execlp("node", "node", script, nullptr);
            constexpr std::string_view message = "node cannot be started\n";
            _exit(write(STDOUT_FILENO, message.data(), message.size()) < 0);
        }
        close(requests[0]), close(answers[1]);
        to_ = fdopen(requests[1], "w"), from_ = fdopen(answers[0], "r");
    }
    Child(const Child&) = delete;
    ~Child() {
        std::fclose(to_), std::fclose(from_);
        waitpid(process_, nullptr, 0);
    }

    std::string ask(const auto&... words) {
        std::ostringstream line;
        (line << ... << words);
        std::fprintf(to_, "%s\n", line.str().c_str());
        std::fflush(to_);
        return answer();
    }
    /// Without its end of line; empty if there is none.
    std::string answer() {
        std::string line;
        for (int c = std::getc(from_); c != '\n' && c != EOF; c = std::getc(from_))
            line += static_cast<char>(c);
        return line;
    }

  private:
    pid_t process_;
    std::FILE *to_ = nullptr, *from_ = nullptr;
};

/// A folder that is gone afterwards.
struct Folder {
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "peer_onnxruntime_XXXXXX";
        if (mkdtemp(name.data()) == nullptr)
            std::abort();
        path = name;
    }
    Folder(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }

    std::filesystem::path path;
};

void infer(benchmark::State& state, Child& child, const std::filesystem::path& folder,
           const std::string& name, int batch) {
    const auto network = make_network(name);
    const std::vector<float> x = made_inputs(*network, batch);
    network->set_inputs(x);
    const std::string model = folder / "model.onnx", input = folder / "input", output = folder / "output";
    OnnxGraph{*network, batch}.write(model);
    std::ofstream{input, std::ios::binary}.write(reinterpret_cast<const char*>(x.data()),
                                                 static_cast<std::streamsize>(x.size() * sizeof(float)));
    if (child.ask("load ", model, ' ', input) != "ready")
        return state.SkipWithError("the model cannot be loaded");
    child.ask("run ", 20); // until node has compiled its part
    take_turns(
        state, batch, batch, network->macs, [](int) {},
        [&](int rounds) { return seconds_a_round(rounds, [&](int) { network->infer(); }); },
        [&](int rounds) { return std::stod(child.ask("run ", rounds)); });
    std::vector<float> y(static_cast<std::size_t>(batch * network->outputs));
    child.ask("write ", output);
    std::ifstream{output, std::ios::binary}.read(reinterpret_cast<char*>(y.data()),
                                                 static_cast<std::streamsize>(y.size() * sizeof(float)));
    if (!agree(network->scores(), y))
        state.SkipWithError("the scores differ");
}

} // namespace

int main(int count, char** arguments) {
    std::signal(SIGPIPE, SIG_IGN); // a child that ended early says why, or answers nothing
    Child child{SCRIPT};
    if (const std::string answer = child.answer(); answer != "ready") {
        std::cout << "no comparison with ONNX Runtime: " << answer << '\n';
        return 0;
    }
    const Folder folder;
    const auto run = [&](benchmark::State& state, const std::string& network, int batch) {
        infer(state, child, folder.path, network, batch);
    };
    for (const char* network : {"card", "lenet5", "mlp"})
        add(network, "infer", "onnxruntime", {64, 256, 1024}, run);
    for (const char* network :
         {"vgg_small", "ds_cnn_folded", "mobilenet_folded", "resnet8_folded", "autoencoder_folded"}) {
        add(network, "infer", "onnxruntime", {16, 64}, run);
    }
    return run_all(count, arguments);
}
