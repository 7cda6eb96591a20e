// Runs programs, and the demonstration on images made for the test.
#pragma once

#include "unit/files/scratch.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <vector>

/// What a run of the program said, and how it ended.
struct Run {
    int status;
    std::string out;
    std::string err;
};

[[nodiscard]] inline std::string file_text(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Runs a command; what it says passes through files in the folder.
[[nodiscard]] inline Run run(const std::string& command, const Scratch& scratch) {
    const std::string out = scratch.path("out"), err = scratch.path("err");
    const int status = std::system((command + " >" + out + " 2>" + err).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, file_text(out), file_text(err)};
}

/// The program with a folder of a small data set.
class Program {
  public:
    /// `labels` are the first of the training images: by them the program knows a data set. `image` is the
    /// shape of each, H,W or C,H,W. Half as many images are there to test with.
    explicit Program(Bytes labels, const std::vector<int>& image = {28, 28}, std::size_t count = 70) {
        while (labels.size() < count)
            labels.push_back(static_cast<std::uint8_t>(labels.size() % 10));
        put("train", labels, image);
        put("t10k", without_last(count / 2, labels), image);
    }

    [[nodiscard]] Run operator()(const std::string& words) const {
        return run(LAMINA_FASHION " " + words, scratch_);
    }
    /// One epoch on the small data set.
    [[nodiscard]] Run train(const std::string& options = "") const {
        return (*this)(folder() + " --epochs 1 --output " + output() + " " + options);
    }

    [[nodiscard]] const std::string& folder() const { return scratch_.folder(); }
    [[nodiscard]] std::string output() const { return scratch_.path("new/output"); }

  private:
    void put(const std::string& part, const Bytes& labels, const std::vector<int>& image) const {
        std::vector<int> extents{static_cast<int>(labels.size())};
        scratch_.put(part + "-labels-idx1-ubyte", header(extents) + labels);
        extents.insert(extents.end(), image.begin(), image.end());
        std::size_t pixels = 1;
        for (const int extent : extents)
            pixels *= static_cast<std::size_t>(extent);
        scratch_.put(part + "-images-idx3-ubyte", header(extents) + counting(pixels));
    }
    static Bytes header(const std::vector<int>& extents) {
        Bytes bytes{0, 0, 8, static_cast<std::uint8_t>(extents.size())};
        for (const int extent : extents)
            for (int shift = 24; shift >= 0; shift -= 8)
                bytes.push_back(static_cast<std::uint8_t>(extent >> shift));
        return bytes;
    }

    Scratch scratch_;
};
