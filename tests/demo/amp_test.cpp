// The program of docs/examples/amp, on a second of sound.
#include "program.hpp"

#include <wav.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

/// The number behind the n-th of such words.
double number_after(const std::string& text, const std::string& word, int n) {
    std::size_t at = text.find(word);
    for (; n > 0 && at != text.npos; --n)
        at = text.find(word, at + 1);
    return at == text.npos ? -1 : std::stod(text.substr(at + word.size()));
}

double error_to_signal(const std::vector<float>& sound, const std::vector<float>& expected,
                       std::size_t from) {
    double error = 0, signal = 0;
    for (std::size_t t = from; t < expected.size(); ++t) {
        error += (sound[t] - expected[t]) * (sound[t] - expected[t]);
        signal += expected[t] * expected[t];
    }
    return error / signal;
}

} // namespace

TEST_CASE("amp: networks learn the amplifier, and what they make of the sound is written") {
    const Scratch scratch;
    const std::string folder = scratch.path("new");
    const Run made = run(LAMINA_AMP " --seconds 1 --epochs 10 --output " + folder, scratch);
    CAPTURE(made.out);
    REQUIRE(made.err == "");
    REQUIRE(made.status == 0);
    CHECK(made.out.starts_with("0.8 s to learn from, 0.2 s to test with\n"));
    const auto sound = [&](const char* name) { return sound::read_sound(folder + "/" + name, 48000); };
    const std::vector<float> wet = sound("wet.wav");
    REQUIRE(wet.size() == 48000);
    CHECK(error_to_signal(sound("dry.wav"), wet, 38400) > 0.5);
    int n = 0;
    for (const char* name : {"lstm.wav", "wavenet.wav"}) {
        CAPTURE(name);
        REQUIRE(sound(name).size() == wet.size());
        const double esr = error_to_signal(sound(name), wet, 38400);
        CHECK(esr < 0.3);
        CHECK(std::abs(number_after(made.out, "ESR ", n) - esr) < 1e-3); // 16 bits a sample
        CHECK(number_after(made.out, "64 samples in ", n++) > 0);
    }
    const std::string picture = file_text(folder + "/waves.svg");
    CHECK(picture.starts_with("<svg"));
    for (const char* name : {">dry<", ">wet<", ">LSTM<", ">WaveNet<"})
        CHECK(picture.find(name) != picture.npos);

    const Run given = run(LAMINA_AMP " --epochs 1 --output " + scratch.path("given") + " " + folder +
                              "/dry.wav " + folder + "/lstm.wav",
                          scratch);
    CHECK(given.status == 0);
    CHECK(sound::read_sound(scratch.path("given/wet.wav"), 48000) == sound("lstm.wav"));
}

TEST_CASE("amp: what it cannot use is refused") {
    const Scratch scratch;
    const auto refusal = [&](const std::string& words) {
        const Run refused = run(LAMINA_AMP " " + words, scratch);
        CHECK(refused.status == 1);
        CHECK(refused.out == "");
        return refused.err;
    };
    const std::string usage =
        "amp: usage: amp [--output FOLDER] [--seconds N] [--epochs N] [DRY.wav WET.wav]\n";
    for (const char* words : {"--output", "--loud 3", "one.wav", "--seconds -1", "--epochs 0"})
        CHECK(refusal(words) == usage);
    const std::string a = scratch.path("a.wav"), b = scratch.path("b.wav");
    sound::write_sound(a, std::vector<float>(3000), 48000);
    sound::write_sound(b, std::vector<float>(3001), 48000);
    CHECK(refusal(a + " " + b) ==
          "amp: " + b + ": expected 3000 samples, as many as of the dry sound, found 3001\n");
    sound::write_sound(b, std::vector<float>(600), 48000);
    CHECK(refusal(b + " " + b) == "amp: expected a longer recording, found 600 samples\n");
}
