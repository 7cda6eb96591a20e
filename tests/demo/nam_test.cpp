// docs/examples/amp/nam.hpp on made files, against a plain interpreter of the file.
#include "made_nam.hpp"
#include "nam_against_interpreter.hpp"

#include <nam.hpp>
#include <wavenet.hpp>

#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <string>

namespace {

namespace ln = lamina;

template <class Topology>
using On = ln::Model<Topology, ln::Sequence<1, ln::Shape<1>>>;

using OfTanh = On<
    amp::WaveNet<ln::Scale<1, 50>, amp::Array<4, ln::Tanh, ln::NoBias<ln::Dense<2>>, amp::Dilated<3, 1, 2>>,
                 amp::Array<2, ln::Tanh, ln::Dense<1>, amp::Dilated<3, 4, 1>>>>;
using OfLeakyReLU =
    On<amp::WaveNet<ln::Scale<1, 100>, amp::Array<3, ln::LeakyReLU<>, ln::CausalConv<1, 4>,
                                                  amp::Dilated<6, 1, 3>, amp::Dilated<2, 5>>>>;
using OfLSTM = On<ln::Net<ln::LearntState<ln::LSTM<3>>, ln::LearntState<ln::LSTM<3>>, ln::Dense<1>>>;

/// What is wrong with the bytes of a file, for a model; "" if nothing is.
template <class Model>
std::string failure(const Bytes& bytes) {
    const Scratch scratch;
    const std::string path = scratch.put("a.nam", bytes);
    Model model;
    try {
        amp::load(model, amp::read_nam(path));
    } catch (const ln::format_error& error) {
        const std::string message = error.what();
        REQUIRE(message.starts_with(path + ": "));
        return message.substr(path.size() + 2);
    }
    return "";
}

} // namespace

TEST_CASE("nam: a WaveNet, one with a kernel for each layer, and an LSTM compute what their files say") {
    const Scratch scratch;
    check_against_interpreter<OfTanh>(scratch.put("a1.nam", made(wavenet)));
    check_against_interpreter<OfLeakyReLU>(scratch.put("a2.nam", made(leaky)));
    check_against_interpreter<OfLSTM>(scratch.put("lstm.nam", made(lstm)));
}

TEST_CASE("nam: of a file with several sizes, the largest") {
    const Bytes small = made({"Linear", "{}", 5}), large = made(wavenet);
    const Scratch scratch;
    const Bytes both =
        bytes_of(R"({"architecture": "SlimmableContainer", "weights": [], "config": {"submodels": [
        {"max_value": 0.5, "model": )") +
        small + bytes_of(R"(}, {"max_value": 1.0, "model": )") + large + bytes_of("}]}}");
    check_against_interpreter<OfTanh>(scratch.put("both.nam", both));
    CHECK(amp::read_nam(scratch.path("both.nam")).sample_rate == 44100);
}

TEST_CASE("nam: what does not fit the model is said") {
    CHECK(failure<OfTanh>(made(lstm)) == "layer 1: expected NoBias<Dense<4>>, found LearntState<LSTM<3>>");
    CHECK(failure<OfTanh>(made(wavenet, "[1, 2]", "[1, 3]")) ==
          "layer 8.0: expected CausalConv<4,3,2>, found CausalConv<4,3,3>");
    CHECK(failure<OfTanh>(made(wavenet, "\"Tanh\"", "\"ReLU\"")) == "layer 4: expected Tanh, found ReLU");
    CHECK(failure<OfLSTM>(made({"LSTM", R"({"input_size": 1, "hidden_size": 3, "num_layers": 1})", 70})) ==
          "layer 1: expected LearntState<LSTM<3>>, found Dense<1>");
    Made loud = wavenet;
    loud.last = 0.03;
    CHECK(failure<OfTanh>(made(loud)) == "layer 28: expected Scale<1,50>, found a factor of 0.030000");
    Made longer = leaky;
    longer.config.replace(longer.config.find("[1, 3, 5]"), 9, "[1, 3, 5, 7]");
    CHECK(failure<OfLeakyReLU>(made(longer)) ==
          "config.layers[0].kernel_sizes[3]: expected a whole number from 1 to "
          "65536, found none");
}

TEST_CASE("nam: a file that cannot be read is refused, with the place") {
    CHECK(failure<OfLSTM>(bytes_of("{\"architecture\": ")) ==
          "expected JSON, found in line 1: unexpected token near end of file");
    CHECK(failure<OfLSTM>(bytes_of("{}")) == "architecture: expected a text, found none");
    CHECK(failure<OfLSTM>(made({"ConvNet", "{}", 3})) ==
          "architecture: expected WaveNet, LSTM or SlimmableContainer, found \"ConvNet\"");
    CHECK(failure<OfLSTM>(made(lstm, "\"num_layers\": 2", "\"num_layers\": 1")) ==
          "weights: expected 70 numbers, by the sizes in config, found 160");
    CHECK(failure<OfLSTM>(made(lstm, "\"hidden_size\": 3", "\"hidden_size\": 65536")) ==
          "weights: expected 51540721665 numbers, by the sizes in config, found 160");
    CHECK(failure<OfLSTM>(made(lstm, "\"weights\": [", "\"weights\": [1e39, ")) ==
          "weights[0]: expected a number that a float can hold, found 9.9999999999999994e38");
    CHECK(
        failure<OfTanh>(made(wavenet, "\"Tanh\"", "\"Softsign\"")) ==
        "config.layers[0].activation: expected Tanh, ReLU, Sigmoid, or LeakyReLU with a slope of 0.01, found "
        "\"Softsign\"");
    CHECK(failure<OfTanh>(made(wavenet, "\"gated\": false", "\"gated\": true")) ==
          "config.layers[0].gated: expected nothing, which is all that the type has, found true");
    CHECK(failure<OfTanh>(made(wavenet, "\"condition_size\": 1", "\"condition_size\": 2")) ==
          "config.layers[0].condition_size: expected 1, found 2");
    CHECK(
        failure<OfLeakyReLU>(made(leaky, "{\"active\": false, \"shift\"", "{\"active\": true, \"shift\"")) ==
        "config.layers[0].conv_pre_film: expected nothing, which is all that the type has, found "
        "{\"active\":true,\"shift\":true,\"groups\":1}");
    CHECK(failure<OfLeakyReLU>(made(leaky, "\"none\"]", "\"gated\"]")) ==
          "config.layers[0].gating_mode[2]: expected none, found \"gated\"");
}
