// Reads and writes files of sound with libsndfile (Debian: libsndfile1-dev): WAV, and reads all other formats
// that it knows.
#pragma once

#include <sndfile.hh>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace sound {

/// The samples of a file, numbers from -1 to 1. Throws `std::runtime_error` unless it has one channel and
/// `rate` samples a second.
[[nodiscard]] inline std::vector<float> read_sound(const std::string& path, int rate) {
    SndfileHandle file{path};
    if (file.error() != SF_ERR_NO_ERROR)
        throw std::runtime_error{path + ": expected a file of sound, found: " + file.strError()};
    if (file.channels() != 1 || file.samplerate() != rate)
        throw std::runtime_error{path + ": expected 1 channel and " + std::to_string(rate) +
                                 " samples a second, found " + std::to_string(file.channels()) + " and " +
                                 std::to_string(file.samplerate())};
    std::vector<float> samples(static_cast<std::size_t>(file.frames()));
    const sf_count_t count = file.readf(samples.data(), file.frames());
    if (count != file.frames())
        throw std::runtime_error{path + ": expected " + std::to_string(file.frames()) + " samples, found " +
                                 std::to_string(count)};
    return samples;
}

/// Writes a WAV file of one channel, with 16 bits a sample. Samples beyond -1 and 1 become those. Throws
/// `std::runtime_error`.
inline void write_sound(const std::string& path, std::span<const float> samples, int rate) {
    SndfileHandle file{path, SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, rate};
    const auto require = [&](bool written) {
        if (!written)
            throw std::runtime_error{path + ": cannot be written: " + file.strError()};
    };
    require(file.error() == SF_ERR_NO_ERROR);
    file.command(SFC_SET_CLIPPING, nullptr, SF_TRUE);
    const auto count = static_cast<sf_count_t>(samples.size());
    require(file.writef(samples.data(), count) == count);
}

} // namespace sound
