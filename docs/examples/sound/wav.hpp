// Reads files of sound with libsndfile (Debian: libsndfile1-dev): WAV and all other formats that it knows.
#pragma once

#include <sndfile.hh>

#include <cstddef>
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

} // namespace sound
