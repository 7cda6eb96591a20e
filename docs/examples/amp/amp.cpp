// Two networks learn what an amplifier does to the sound of strings, and run in its place.
#include "recordings.hpp"
#include "wavenet.hpp"

#include "../fashion/chart.hpp"
#include "../sound/wav.hpp"

#include <lamina/core.hpp>
#include <lamina/model/stream.hpp>
#include <lamina/train/fit.hpp>
#include <lamina/train/recordings.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <time.h>
#include <vector>

namespace {

namespace ln = lamina;

using Window = ln::Sequence<512, ln::Shape<1>>;
using Recurrent = ln::Model<ln::Net<ln::LSTM<16>, ln::Dense<1>>, Window>;
using Convolutional =
    ln::Model<amp::WaveNet<ln::Scale<1, 10>, amp::Array<8, ln::Tanh, ln::Dense<1>,
                                                        amp::Dilated<3, 1, 2, 4, 8, 16, 32, 64, 128>>>,
              Window>;

struct Options {
    std::string output = ".";
    double seconds = 20;
    int epochs = 60;
    std::vector<std::string> files;
};

Options parse(std::span<const char* const> words) {
    constexpr const char* usage = "usage: amp [--output FOLDER] [--seconds N] [--epochs N] [DRY.wav WET.wav]";
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (!word.starts_with("--")) {
            options.files.emplace_back(word);
            continue;
        }
        if (++i == words.size())
            throw std::invalid_argument{usage};
        if (word == "--output")
            options.output = words[i];
        else if (word == "--seconds")
            options.seconds = std::stod(words[i]);
        else if (word == "--epochs")
            options.epochs = std::stoi(words[i]);
        else
            throw std::invalid_argument{usage};
    }
    if ((!options.files.empty() && options.files.size() != 2) ||
        !(options.seconds > 0 && options.seconds < 1e4) || options.epochs < 1)
        throw std::invalid_argument{usage};
    return options;
}

/// What goes into an amplifier, and what comes out of it.
struct Recording {
    std::vector<float> dry, wet;
    std::size_t trained; ///< how many samples are to learn from; the others are to test with
};

Recording recording_of(const Options& options) {
    Recording r;
    if (options.files.empty()) {
        r.dry = amp::tune(ln::seed{1}, options.seconds);
        amp::Amplifier amplifier;
        for (const float sample : r.dry)
            r.wet.push_back(amplifier(sample));
    } else {
        r.dry = sound::read_sound(options.files[0], amp::sample_rate);
        r.wet = sound::read_sound(options.files[1], amp::sample_rate);
    }
    if (r.dry.size() != r.wet.size())
        throw std::runtime_error{options.files[1] + ": expected " + std::to_string(r.dry.size()) +
                                 " samples, as many as of the dry sound, found " +
                                 std::to_string(r.wet.size())};
    r.trained = r.dry.size() / 5 * 4;
    if (r.trained < static_cast<std::size_t>(ln::step_count<Window>))
        throw std::runtime_error{"expected a longer recording, found " + std::to_string(r.dry.size()) +
                                 " samples"};
    return r;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The time for which this thread has had a processor.
double processor_seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Model>
void train(Model& model, const Recording& r, double learning_rate, int epochs) {
    const auto first = [&](const std::vector<float>& sound) { return std::span{sound}.first(r.trained); };
    const ln::data::Recordings<Model> recording{first(r.dry), first(r.wet)};
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::Adam>>();
    ln::Trainer trainer{model, ln::ESR{}, ln::Adam{.learning_rate = learning_rate}, *memory};
    ln::fit(trainer, recording,
            {.epochs = epochs, .batch = 16, .burn_in = 1024, .schedule = ln::Cosine{}, .progress = false});
}

/// What the model makes of the dry sound. It runs as in a callback of an audio program, 64 samples at a time,
/// and the processor's time for each call is measured.
struct Played {
    std::vector<float> sound;
    double esr = 0; ///< error-to-signal ratio in the part to test with
    /// The processor's time as a share of the time that the samples last: of all calls, of the slowest of the
    /// fastest 999 in 1000, and of the slowest.
    double average = 0, most = 0, worst = 0;
};

template <class Model>
Played play(const Model& model, const Recording& r) {
    constexpr std::size_t block = 64;
    constexpr double lasts = static_cast<double>(block) / amp::sample_rate;
    const auto stream = std::make_unique<ln::Stream<Model, block>>(model);
    Played played;
    played.sound.resize(r.dry.size());
    std::vector<double> shares;
    for (std::size_t t = 0; t < r.dry.size(); t += block) {
        const std::size_t count = std::min(block, r.dry.size() - t);
        const double start = processor_seconds();
        stream->block(std::span{r.dry}.subspan(t, count), std::span{played.sound}.subspan(t, count));
        shares.push_back((processor_seconds() - start) / lasts);
    }
    std::sort(shares.begin(), shares.end());
    for (const double share : shares)
        played.average += share / static_cast<double>(shares.size());
    played.most = shares[(shares.size() - 1) * 999 / 1000];
    played.worst = shares.back();

    double error = 0, signal = 0;
    for (std::size_t t = r.trained; t < r.dry.size(); ++t) {
        const double expected = r.wet[t], difference = played.sound[t] - expected;
        error += difference * difference;
        signal += expected * expected;
    }
    played.esr = error / signal;
    return played;
}

template <class Model>
Played learn(const char* name, const Recording& r, double learning_rate, int epochs) {
    const auto start = std::chrono::steady_clock::now();
    const auto model = std::make_unique<Model>(ln::seed{42});
    train(*model, r, learning_rate, epochs);
    const double training = seconds_since(start);
    Played played = play(*model, r);
    std::printf("%-8s  %d parameters, %d epochs in %.0f s: ESR %.4f (%.1f dB)\n"
                "          64 samples in %.1f%% of their time, 99.9%% of calls in %.1f%%, all in %.1f%%\n",
                name, Model::parameter_count, epochs, training, played.esr, 10 * std::log10(played.esr),
                100 * played.average, 100 * played.most, 100 * played.worst);
    std::fflush(stdout);
    return played;
}

/// 10 milliseconds around the loudest sample of the part to test with.
void draw(const std::string& path, const Recording& r, const Played& lstm, const Played& wavenet) {
    constexpr std::size_t length = amp::sample_rate / 100;
    const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
    const auto loudest =
        std::max_element(r.wet.begin() + static_cast<std::ptrdiff_t>(r.trained), r.wet.end(), louder);
    const std::size_t at = static_cast<std::size_t>(loudest - r.wet.begin());
    const std::size_t first =
        std::min(at - std::min(at, length / 2), r.wet.size() - std::min(r.wet.size(), length));
    const auto line = [&](const char* name, const std::vector<float>& sound) {
        chart::Line l{name, {}};
        for (std::size_t t = first; t < std::min(first + length, sound.size()); ++t)
            l.points.push_back({1000 * static_cast<double>(t - first) / amp::sample_rate, sound[t]});
        return l;
    };
    const auto difference = [&](std::vector<float> sound) {
        std::transform(sound.begin(), sound.end(), r.wet.begin(), sound.begin(), std::minus<>{});
        return sound;
    };
    chart::Panel dry, wet, differences;
    dry.y.label = "dry";
    wet.y.label = "wet";
    differences.y.label = "difference from wet";
    dry.lines = {line("dry", r.dry)};
    wet.lines = {line("wet", r.wet), line("LSTM", lstm.sound), line("WaveNet", wavenet.sound)};
    differences.lines = {line("LSTM", difference(lstm.sound)), line("WaveNet", difference(wavenet.sound))};
    std::ofstream file{path};
    chart::Chart picture;
    picture.title = "What goes into the amplifier, and what comes out";
    picture.note = "of sound that the networks did not learn from";
    picture.x.label = "milliseconds";
    picture.panels = {dry, wet, differences};
    file << chart::svg(picture);
    if (!file.flush())
        throw std::runtime_error{path + ": cannot be written"};
}

void run(const Options& options) {
    const Recording r = recording_of(options);
    std::printf("%.1f s to learn from, %.1f s to test with\n",
                static_cast<double>(r.trained) / amp::sample_rate,
                static_cast<double>(r.dry.size() - r.trained) / amp::sample_rate);
    std::fflush(stdout);
    const Played lstm = learn<Recurrent>("LSTM<16>", r, 0.02, options.epochs);
    const Played wavenet = learn<Convolutional>("WaveNet", r, 0.01, options.epochs);

    std::filesystem::create_directories(options.output);
    const std::string folder = options.output + "/";
    sound::write_sound(folder + "dry.wav", r.dry, amp::sample_rate);
    sound::write_sound(folder + "wet.wav", r.wet, amp::sample_rate);
    sound::write_sound(folder + "lstm.wav", lstm.sound, amp::sample_rate);
    sound::write_sound(folder + "wavenet.wav", wavenet.sound, amp::sample_rate);
    draw(folder + "waves.svg", r, lstm, wavenet);
    std::printf("wrote dry.wav, wet.wav, lstm.wav, wavenet.wav and waves.svg to %s\n",
                options.output.c_str());
}

} // namespace

int main(int count, char** words) {
    try {
        run(parse(std::span<const char* const>{words, static_cast<std::size_t>(count)}.subspan(1)));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "amp: %s\n", error.what());
        return 1;
    }
}
