// The demonstration: trains a network on Fashion-MNIST, prints its confusion matrix, draws the learning
// curves.
#include "chart.hpp"
#include "dataset.hpp"
#include "network.hpp"
#include "options.hpp"
#include "report.hpp"

#include <lamina/files/bytes.hpp>
#include <lamina/files/output_file.hpp>

#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>

namespace fashion {

/// Before training, so that no training is lost.
void make_output_folder(const std::string& folder) {
    const std::string expected = folder + ": expected a folder that can be written to, found: ";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw std::runtime_error{expected + error.message()};
    if (access(folder.c_str(), W_OK | X_OK) != 0)
        throw std::runtime_error{expected + std::strerror(errno)};
}

void run(const Options& options) {
    const Dataset data = load_dataset(options.folder);
    std::cout << data.name << ": " << data.train.size() << " images of " << ln::to_string(data.train.shape())
              << " to train with, " << data.test.size() << " to test with\n\n";
    make_output_folder(options.output);

    const Outcome outcome = find_network(options.network)->train(data, options);
    std::cout << '\n'
              << result_text(outcome, data) << '\n'
              << ln::to_string(outcome.test.confusion, data.classes) << '\n';

    if (!outcome.epochs.empty()) {
        const std::string picture = chart::svg(learning_curves(outcome, data, options));
        ln::files::replace_file(output_path(options, ".svg"),
                                ln::files::bytes_of(picture)); // whole or not at all
        std::cout << "learning curves: " << output_path(options, ".svg") << '\n';
    }
    std::cout << "weights:         " << output_path(options, ".safetensors") << '\n'
              << "best epoch's:    " << output_path(options, ".best.safetensors") << '\n'
              << "checkpoint:      " << output_path(options, ".checkpoint") << '\n';
}

} // namespace fashion

int main(int count, char** words) {
    try {
        const fashion::Options options =
            fashion::parse(std::span<const char* const>{words, static_cast<std::size_t>(count)}.subspan(1));
        if (options.help)
            std::cout << fashion::help();
        else
            fashion::run(options);
        return 0;
    } catch (const fashion::usage_error& error) {
        std::cerr << "fashion: " << error.what() << "\nTry: fashion --help\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "fashion: " << error.what() << '\n';
        return 1;
    }
}
