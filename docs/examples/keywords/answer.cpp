// Has the trained network inside, and says which words it hears in files of sound: "yes 0.98". Of a file of
// more than a second, it says so for a second from each half second on, and for the last second.
//
// Usage: keywords_answer <file>...
#include "features.hpp"

#include "../sound/wav.hpp"

#include <keywords_constants.hpp> // which lamina_embed made of the weights that train.cpp wrote

#include <lamina/core.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

namespace {

constexpr Deployed model = ln::with_embedded<Deployed, keywords_constants>();

void answer(const std::string& path) {
    std::vector<float> samples = sound::read_sound(path, sample_rate);
    const bool is_long = samples.size() > second;
    if (!is_long) { // in the middle of a second
        samples.insert(samples.begin(), (second - samples.size()) / 2, 0.0F);
        samples.resize(second);
    }
    const std::size_t last = samples.size() - second;
    for (std::size_t from = 0;; from = std::min(from + second / 2, last)) {
        const auto heard = features(std::span<const float, second>{samples.data() + from, second});
        const ln::Ranked best = ln::top_k<1>(ln::softmax(model.forward(heard)))[0];
        if (is_long)
            std::printf("%.1f s  ", static_cast<double>(from) / second);
        std::printf("%s %.2f\n", classes[static_cast<std::size_t>(best.index)],
                    static_cast<double>(best.value));
        if (from == last)
            break;
    }
}

} // namespace

int main(int count, char** paths) {
    if (count < 2) {
        std::fputs("usage: keywords_answer <file>...\n", stderr);
        return 2;
    }
    try {
        for (const char* path : std::span{paths, static_cast<std::size_t>(count)}.subspan(1))
            answer(path);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "keywords_answer: %s\n", error.what());
        return 1;
    }
}
