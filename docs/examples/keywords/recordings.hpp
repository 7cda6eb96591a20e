// A folder of spoken words, in the form of Google's Speech Commands, as data to train and test with.
#pragma once

#include "features.hpp"

#include "../sound/wav.hpp"

#include <lamina/core.hpp>
#include <lamina/data/labels.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

enum class Part { training, validation, testing };

/// The noise of a folder. Training and testing hear different parts of it.
class Noise {
  public:
    explicit Noise(const std::string& folder) {
        if (!std::filesystem::is_directory(folder + "/_background_noise_"))
            throw std::runtime_error{
                folder + ": expected a folder that make_set.sh made, found no _background_noise_ in it"};
        for (const auto& entry : std::filesystem::directory_iterator{folder + "/_background_noise_"})
            if (entry.path().extension() == ".wav")
                paths_.push_back(entry.path().string());
        std::sort(paths_.begin(), paths_.end());
        for (const std::string& path : paths_) {
            std::vector<float> samples = sound::read_sound(path, sample_rate);
            if (samples.size() < 8 * second)
                throw std::runtime_error{path + ": expected at least 8 seconds of noise, found " +
                                         std::to_string(samples.size()) + " samples"};
            double sum = 0;
            for (const float sample : samples)
                sum += sample * sample;
            for (float& sample : samples)
                sample *=
                    static_cast<float>(1 / std::sqrt(sum / static_cast<double>(samples.size()) + 1e-12));
            samples_.push_back(std::move(samples));
        }
        if (paths_.empty())
            throw std::runtime_error{folder + "/_background_noise_: expected WAV files, found none"};
    }

    /// A second of a mean square of 1, drawn at random: from the first three quarters of a file for training,
    /// otherwise from the last.
    [[nodiscard]] std::span<const float, second> draw(Part part, ln::Random& random) const {
        const std::vector<float>& samples = samples_[random.below(samples_.size())];
        const std::size_t border = samples.size() / 4 * 3;
        const std::size_t from = part == Part::training
                                     ? random.below(border - second)
                                     : border + random.below(samples.size() - border - second);
        return std::span<const float, second>{samples.data() + from, second};
    }

  private:
    std::vector<std::string> paths_;
    std::vector<std::vector<float>> samples_;
};

/// The recordings of one part, and a tenth as many of silence. Each is heard somewhere in a second, four of
/// five with noise, 20 to 50 dB below the loudest sample of the word. While training, each epoch mixes anew,
/// and words are up to 15% faster or slower.
class Recordings {
  public:
    Recordings(const std::string& folder, Part part, const Noise& noise) : part_{part}, noise_{&noise} {
        const std::set<std::string> testing = listed(folder + "/testing_list.txt"),
                                    validation = listed(folder + "/validation_list.txt");
        std::vector<std::string> names;
        for (const auto& word : std::filesystem::directory_iterator{folder})
            if (word.is_directory() && word.path().filename() != "_background_noise_")
                for (const auto& file : std::filesystem::directory_iterator{word})
                    names.push_back((word.path().filename() / file.path().filename()).string());
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            const Part its = testing.contains(name)      ? Part::testing
                             : validation.contains(name) ? Part::validation
                                                         : Part::training;
            if (its == part)
                add(sound::read_sound(folder + "/" + name, sample_rate), label_of(name.substr(0, name.find('/'))));
        }
        if (clips_.empty())
            throw std::runtime_error{folder + ": expected recordings to " +
                                     (part == Part::training ? "train" : "test") + " with, found none"};
        for (std::size_t i = 0, count = clips_.size() / 10; i < count; ++i)
            add({}, silence); // noise alone, or nothing
    }

    [[nodiscard]] std::size_t size() const { return clips_.size(); }
    [[nodiscard]] int label(std::size_t i) const { return clips_[i].label; }
    void inputs(const auto& indices, auto x) const { write(indices, x, 0); }
    void training_inputs(const auto& indices, auto x, int epoch) const { write(indices, x, epoch); }
    void targets(const auto& indices, auto t) const {
        ln::data::write_labels<float>(t, [&](int lane) { return label(indices[lane]); });
    }

  private:
    struct Clip {
        std::size_t begin, size;
        int label;
    };

    [[nodiscard]] static std::set<std::string> listed(const std::string& path) {
        std::ifstream file{path};
        if (!file)
            throw std::runtime_error{path + ": expected a list of files, found none"};
        std::set<std::string> names;
        for (std::string line; std::getline(file, line);)
            names.insert(line);
        return names;
    }
    [[nodiscard]] static int label_of(const std::string& word) {
        const auto found = std::find(classes.begin(), classes.begin() + words, word);
        return found == classes.begin() + words ? unknown : static_cast<int>(found - classes.begin());
    }
    /// Adds a clip, its loudest sample being the largest number that there is.
    void add(const std::vector<float>& sound, int label) {
        const std::size_t count = std::min(sound.size(), second);
        float peak = 1e-6F;
        for (const float sample : sound)
            peak = std::max(peak, std::abs(sample));
        clips_.push_back({samples_.size(), count, label});
        for (std::size_t i = 0; i < count; ++i)
            samples_.push_back(static_cast<std::int16_t>(std::clamp(sound[i] / peak, -1.0F, 1.0F) * 32767));
    }

    /// A clip at another speed, and so of another voice: higher if it is fast. What lies behind the second is
    /// cut.
    [[nodiscard]] std::vector<float> spoken(const Clip& clip, double speed) const {
        std::vector<float> word;
        for (double at = 0; word.size() < second && at + 1 < static_cast<double>(clip.size); at += speed) {
            const auto i = clip.begin + static_cast<std::size_t>(at);
            const double part = at - std::floor(at);
            word.push_back(static_cast<float>(((1 - part) * samples_[i] + part * samples_[i + 1]) / 32768));
        }
        return word;
    }
    /// What is drawn depends on the epoch and the sample alone.
    void write(const auto& indices, auto x, int epoch) const {
        int lane = 0;
        for (const std::uint32_t index : indices) {
            ln::Random random{ln::seed{1}, epoch, index};
            const std::vector<float> word =
                spoken(clips_[index], epoch == 0 ? 1 : 1 + 0.15 * random.symmetric());
            std::array<float, second> mixed{};
            std::copy(word.begin(), word.end(),
                      mixed.begin() + static_cast<std::ptrdiff_t>(random.below(second - word.size() + 1)));
            if (random.below(5) != 0) {
                const auto loudness = static_cast<float>(std::pow(10, (-35 + 15 * random.symmetric()) / 20));
                const auto noise = noise_->draw(part_, random);
                for (std::size_t i = 0; i < second; ++i)
                    mixed[i] += loudness * noise[i];
            }
            const Model::Input heard = features(mixed);
            for (int i = 0; i < heard.size; ++i)
                x[i].set(lane, heard[i]);
            ++lane;
        }
    }

    Part part_;
    const Noise* noise_;
    std::vector<Clip> clips_;
    std::vector<std::int16_t> samples_; // of all clips
};

static_assert(ln::Labelled<Recordings> && ln::ChangesByEpoch<Recordings, Model>);
