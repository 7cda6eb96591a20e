// What the audio examples have in common: features, against torchaudio's numbers, and files of sound.
#include "unit/files/scratch.hpp"

#include <mel.hpp>
#include <wav.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

/// The sound of tests/oracle/sound.py.
std::vector<float> sawtooth_and_noise() {
    std::uint32_t state = 1;
    std::vector<float> samples(16000);
    for (int i = 0; i < 16000; ++i) {
        state = (state * 1103515245U + 12345U) % 2147483648U;
        samples[static_cast<std::size_t>(i)] =
            static_cast<float>(4 * (i * 220 % 16000 - 8000) + static_cast<int>((state >> 8U) % 16001U) -
                               8000) /
            65536;
    }
    return samples;
}

struct Table {
    std::size_t rows = 0, columns = 0;
    std::vector<float> numbers;
};

/// A table of tests/data/sound.ref, which torchaudio's functions wrote.
Table reference(const std::string& name) {
    std::ifstream file{LAMINA_TEST_DATA "/sound.ref"};
    std::string word;
    while (file >> word)
        if (word == name) {
            Table table;
            file >> table.rows >> table.columns;
            table.numbers.resize(table.rows * table.columns);
            for (float& number : table.numbers)
                file >> number;
            REQUIRE(file.good());
            return table;
        }
    FAIL("sound.ref has no ", name);
    return {};
}

std::string failure(const std::string& path) {
    try {
        (void)sound::read_sound(path, 16000);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

/// A WAV file of 16-bit samples; its header says that there are `said` bytes of them.
Bytes wav(int channels, int rate, const std::vector<std::int16_t>& samples, int said) {
    Bytes bytes;
    const auto put = [&](const std::string& text) { bytes.insert(bytes.end(), text.begin(), text.end()); };
    const auto little = [&](int value, int size) {
        for (int i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    put("RIFF"), little(36 + said, 4), put("WAVEfmt "), little(16, 4), little(1, 2), little(channels, 2);
    little(rate, 4), little(rate * channels * 2, 4), little(channels * 2, 2), little(16, 2), put("data"),
        little(said, 4);
    for (const std::int16_t sample : samples)
        little(sample, 2);
    return bytes;
}

} // namespace

// Within 1e-4: sums of floats here, of doubles there, under a logarithm.
TEST_CASE("sound: MFCCs are those that torchaudio computes") {
    const std::vector<float> sound = sawtooth_and_noise();
    const Table expected = reference("mfcc");
    sound::LogMel log_mel;
    const sound::Cepstrum cepstrum{40, 10};
    REQUIRE(log_mel.frames(sound.size()) == static_cast<int>(expected.rows));
    std::vector<float> bands(40), coefficients(10);
    for (std::size_t t = 0; t < expected.rows; ++t) {
        log_mel.frame(sound, static_cast<int>(t), bands);
        cepstrum(bands, coefficients);
        for (std::size_t k = 0; k < 10; ++k)
            CHECK(std::abs(coefficients[k] - expected.numbers[t * 10 + k]) < 1e-4F);
    }
}

TEST_CASE("sound: log-mel energies on Slaney's scale are those that torchaudio computes") {
    const std::vector<float> sound = sawtooth_and_noise();
    const Table expected = reference("log_mel");
    sound::LogMel log_mel{sound::machine_settings};
    CHECK(log_mel.frames(sound.size()) == 30);
    CHECK(log_mel.frames(1023) == 0);
    std::vector<float> bands(128);
    for (std::size_t t = 0; t < expected.rows; ++t) {
        log_mel.frame(sound, static_cast<int>(t), bands);
        for (std::size_t b = 0; b < 128; ++b)
            CHECK(std::abs(bands[b] - expected.numbers[t * 128 + b]) < 1e-4F);
    }
}

TEST_CASE("sound: a transform that does not hold the window is refused") {
    CHECK_THROWS_WITH((sound::LogMel{{.window = 600}}),
                      "mel: expected an even transform that holds the window, found 512 and 600");
}

TEST_CASE("sound: files are read as numbers from -1 to 1, and others are refused by what they are") {
    const Scratch scratch;
    const std::vector<float> samples =
        sound::read_sound(scratch.put("a.wav", wav(1, 16000, {0, 16384, -32768}, 6)), 16000);
    CHECK(samples == std::vector<float>{0, 0.5F, -1});

    const std::string stereo = scratch.put("b.wav", wav(2, 44100, {0, 1, 2, 3}, 8));
    CHECK(failure(stereo) == stereo + ": expected 1 channel and 16000 samples a second, found 2 and 44100");
    const std::string text = scratch.put("c.wav", Bytes(100, 65));
    CHECK(failure(text) == text + ": expected a file of sound, found: Format not recognised.");
    const std::string none = scratch.path("none.wav");
    CHECK(failure(none) ==
          none + ": expected a file of sound, found: System error : No such file or directory.");
    const std::string cut = scratch.put("d.wav", wav(1, 16000, {0, 1}, 2000));
    CHECK(failure(cut) == "");
    CHECK(sound::read_sound(cut, 16000).size() == 2); // libsndfile goes by the file's size
}

TEST_CASE("sound: a file is written with 16 bits a sample, and what is too loud is cut") {
    const Scratch scratch;
    const std::string path = scratch.path("a.wav");
    sound::write_sound(path, std::vector<float>{0, 0.5F, -1, 3, -3}, 44100);
    const std::vector<float> samples = sound::read_sound(path, 44100);
    CHECK(samples == std::vector<float>{0, 0.5F, -1, 32767 / 32768.0F, -1});
    CHECK_THROWS_WITH(
        sound::write_sound(scratch.path("none/a.wav"), samples, 44100),
        (scratch.path("none/a.wav") + ": cannot be written: System error : No such file or directory.")
            .c_str());
}
