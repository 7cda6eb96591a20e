// A `.nam` file in a model, against the interpreter of the file.
#pragma once

#include "made_nam.hpp"
#include "nam_interpreter.hpp"

#include <nam.hpp>

#include <lamina/model/stream.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// Runs a stream of the model, with the weights of the file, step by step, for as long as A2 looks back.
/// Within 4e-6 of the loudest sample: the stream's numbers are floats, rounded to 6e-8 of numbers that are
/// larger than their sum.
template <class Model>
void check_against_interpreter(const std::string& path) {
    const std::vector<float> x = noise(6500);
    const std::vector<double> expected = NamInterpreter{path}(x);
    const auto model = std::make_unique<Model>(lamina::seed{1});
    amp::load(*model, amp::read_nam(path));
    const auto stream = std::make_unique<lamina::Stream<Model>>(*model);
    double worst = 0, loudest = 0;
    for (std::size_t t = 0; t < x.size(); ++t) {
        worst = std::max(worst, std::abs(static_cast<double>(stream->step(x[t])) - expected[t]));
        loudest = std::max(loudest, std::abs(expected[t]));
    }
    CAPTURE(path);
    CHECK(loudest > 1e-3);
    CHECK(worst < 4e-6 * loudest);
}
