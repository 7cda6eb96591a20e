#include "options.hpp"

#include "network.hpp"

#include <charconv>
#include <cstddef>
#include <sstream>
#include <string_view>
#include <system_error>

namespace fashion {
namespace {

[[noreturn]] void fail(std::string_view option, std::string_view expected, std::string_view found) {
    throw usage_error{std::string{option} + ": expected " + std::string{expected} + ", found " +
                      (found.empty() ? "nothing" : std::string{found})};
}

template <class Number>
Number number(std::string_view option, std::string_view text, Number least, Number most,
              std::string_view expected) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !(value >= least && value <= most))
        fail(option, expected, text);
    return value;
}

void set(Options& options, std::string_view option, std::string_view text) {
    if (option == "--network") {
        if (find_network(text) == nullptr)
            fail(option, network_names(), text);
        options.network = text;
    } else if (option == "--epochs") {
        options.epochs = number(option, text, 1, 10'000, "a whole number from 1 to 10000");
    } else if (option == "--batch") {
        options.batch = number(option, text, 1, 1'000'000, "a whole number from 1 to 1000000");
    } else if (option == "--learning-rate") {
        options.learning_rate = number(option, text, 1e-9, 100.0, "a number from 1e-9 to 100");
    } else if (option == "--seed") {
        options.seed =
            number<std::uint64_t>(option, text, 0, UINT64_MAX, "a whole number from 0 to 2^64 - 1");
    } else if (option == "--output") {
        if (text.empty())
            fail(option, "a folder", text);
        options.output = text;
    } else {
        throw usage_error{"unknown option " + std::string{option}};
    }
}

/// "9; resnet8: 10": what most networks have, and what others do.
template <class Number>
std::string by_network(Number Network::*setting) {
    const Number usual = networks[0].*setting;
    std::ostringstream text;
    text << usual;
    for (const Network& network : networks)
        if (network.*setting != usual)
            text << "; " << network.name << ": " << network.*setting;
    return text.str();
}

} // namespace

Options parse(std::span<const char* const> words) {
    Options options;
    bool has_folder = false;
    for (auto next = words.begin(); next != words.end();) {
        const std::string_view word = *next++;
        if (word == "--help" || word == "-h") {
            options.help = true;
        } else if (word == "--resume") {
            options.resume = true;
        } else if (!word.starts_with('-')) {
            if (has_folder)
                fail("folder", "only one", options.folder + " and " + std::string{word});
            options.folder = word;
            has_folder = true;
        } else if (const std::size_t equals = word.find('='); equals != word.npos) {
            set(options, word.substr(0, equals), word.substr(equals + 1));
        } else {
            set(options, word, next == words.end() ? "" : *next++);
        }
    }
    const Network& network = *find_network(options.network);
    if (options.epochs == 0)
        options.epochs = network.epochs;
    if (options.learning_rate == 0)
        options.learning_rate = network.learning_rate;
    return options;
}

std::string help() {
    const Options defaults;
    std::ostringstream text;
    text << "Trains a network on Fashion-MNIST, or on other images in the same format.\n"
            "\n"
            "usage: fashion [folder] [options]\n"
            "\n"
            "  folder              with the IDX files, plain or gzipped\n"
            "                      ("
         << defaults.folder << ")\n"
         << "  --network NAME      " << network_names() << " (" << defaults.network << ")\n"
         << "  --epochs N          passes over the training images\n"
            "                      ("
         << by_network(&Network::epochs) << ")\n"
         << "  --batch N           images a step (" << defaults.batch << ")\n"
         << "  --learning-rate R   of the first two thirds of all steps, then a tenth of it, and a\n"
            "                      hundredth of it in the last sixth; mobilenet and resnet8 begin with\n"
            "                      it and go down to 0 along half a cosine\n"
            "                      ("
         << by_network(&Network::learning_rate) << ")\n"
         << "  --seed N            of the weights at the start, of the images' order and shifts ("
         << defaults.seed << ")\n"
         << "  --output FOLDER     where to write learning curves (SVG), weights (safetensors)\n"
            "                      and, while it trains, checkpoints ("
         << defaults.output << ")\n"
         << "  --resume            go on with the run whose checkpoint is in that folder\n"
         << "  --help              this text\n";
    return text.str();
}

std::string output_path(const Options& options, const std::string& suffix) {
    return options.output + (options.output.ends_with('/') ? "" : "/") + options.network + suffix;
}

} // namespace fashion
