// Reads the networks of Neural Amp Modeler (NAM): `.nam` files, which are JSON with all weights in one list.
//
//     const amp::NamFile file = amp::read_nam("recto.nam");
//     auto model = std::make_unique<ln::Model<amp::Standard, ln::Sequence<1, ln::Shape<1>>>>();
//     amp::load(*model, file);
#pragma once

#include "json_node.hpp"

#include <lamina/core.hpp>
#include <lamina/files/input_file.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace amp {

namespace ln = lamina;

/// A network as a file has it.
struct NamFile {
    std::string path = {};
    double sample_rate = 48000;           ///< a second
    std::vector<std::string> layers = {}; ///< by their names in lamina, in the order of `Model::layers`
    std::vector<double> numbers = {};     ///< of their tensors, in the order of `Model::tensors`
};

namespace detail {

[[nodiscard]] inline std::string text(std::string_view name) {
    return std::string{name};
}

/// A list of weights, read part by part. Whether it is as long as the parts are, the last call asks.
class Weights {
  public:
    explicit Weights(const JsonNode& list) : list_{list} {
        for (std::size_t i = 0; i < list.size(); ++i) {
            all_.push_back(list[i].number());
            if (std::abs(all_[i]) > std::numeric_limits<float>::max())
                list[i].fail("a number that a float can hold");
        }
    }

    /// The next `count` weights; none if there are fewer.
    [[nodiscard]] std::vector<double> next(long long count) {
        const auto first = std::exchange(taken_, taken_ + count), size = static_cast<long long>(all_.size());
        if (taken_ > size)
            return {};
        return {all_.begin() + first, all_.begin() + taken_};
    }
    void require_end() const {
        if (taken_ != static_cast<long long>(all_.size()))
            list_.fail(std::to_string(taken_) + " numbers, by the sizes in config",
                       std::to_string(all_.size()));
    }

  private:
    JsonNode list_;
    std::vector<double> all_;
    long long taken_ = 0;
};

/// Adds layers to a file, with their numbers.
struct Layers {
    NamFile& file;
    Weights& weights;

    void add(const std::string& name, long long count = 0) {
        file.layers.push_back(name);
        numbers(weights.next(count));
    }
    void numbers(const std::vector<double>& more) {
        file.numbers.insert(file.numbers.end(), more.begin(), more.end());
    }
    /// A convolution: that of one tap is a `Dense` on each step.
    void convolution(int inputs, int outputs, int kernel, int dilation, bool has_bias) {
        const std::string name = text(kernel == 1     ? ln::named("Dense", outputs)
                                      : dilation == 1 ? ln::named("CausalConv", outputs, kernel)
                                                      : ln::named("CausalConv", outputs, kernel, dilation));
        add(has_bias ? name : "NoBias<" + name + ">", (1LL * inputs * kernel + has_bias) * outputs);
    }
};

/// What a WaveNet of wavenet.hpp does not have.
inline void require_off(const JsonNode& node) {
    if (node && (node.is_object() ? node["active"].flag() : node.flag()))
        node.fail("nothing, which is all that the type has");
}
inline void require_whole(const JsonNode& node, int expected) {
    if (node.whole() != expected)
        node.fail(std::to_string(expected));
}

/// The name of an activation: of "Tanh", or of {"type": "LeakyReLU", "negative_slope": 0.01}.
[[nodiscard]] inline std::string activation(const JsonNode& node) {
    const std::string name = node.is_text() ? node.text() : node["type"].text();
    if (name == "Tanh" || name == "ReLU" || name == "Sigmoid")
        return name;
    if (name == "LeakyReLU" && (node.is_text() || !node["negative_slope"] ||
                                std::abs(node["negative_slope"].number() - 0.01) < 1e-9))
        return "LeakyReLU<>";
    node.fail("Tanh, ReLU, Sigmoid, or LeakyReLU with a slope of 0.01");
}

inline void read_array(const JsonNode& array, int inputs, bool is_last, Layers& to) {
    const int channels = array["channels"].whole();
    require_whole(array["input_size"], inputs);
    require_whole(array["condition_size"], 1);
    for (const char* name : {"gated", "head1x1", "conv_pre_film", "conv_post_film", "input_mixin_pre_film",
                             "input_mixin_post_film", "activation_pre_film", "activation_post_film",
                             "layer1x1_post_film", "head1x1_post_film"})
        require_off(array[name]);
    for (const auto& [name, expected] : {std::pair{"bottleneck", channels}, std::pair{"groups_input", 1},
                                         std::pair{"groups_input_mixin", 1}})
        if (array[name])
            require_whole(array[name], expected);
    if (array["layer1x1"] && !array["layer1x1"]["active"].flag())
        array["layer1x1"].fail("an active one");
    if (array["layer1x1"])
        require_whole(array["layer1x1"]["groups"], 1);

    const JsonNode dilations = array["dilations"], kernels = array["kernel_sizes"],
                   activations = array["activation"], gating = array["gating_mode"];
    to.convolution(inputs, channels, 1, 1, false);
    for (std::size_t i = 0; i < dilations.size(); ++i) {
        const JsonNode mode = gating.is_list() ? gating[i] : gating;
        if (mode && mode.text() != "none")
            mode.fail("none");
        const int kernel = (kernels ? kernels[i] : array["kernel_size"]).whole();
        to.convolution(channels, channels, kernel, dilations[i].whole(), true);
        to.convolution(1, channels, 1, 1, false);
        to.add("Sum");
        to.add(activation(activations.is_list() ? activations[i] : activations));
        if (is_last && i + 1 == dilations.size()) {
            static_cast<void>(to.weights.next((channels + 1LL) * channels)); // nothing reads what they give
        } else {
            to.convolution(channels, channels, 1, 1, true);
            to.add("Sum");
        }
    }
    to.add("Sum");
    if (const JsonNode head = array["head"])
        to.convolution(channels, head["out_channels"].whole(), head["kernel_size"].whole(),
                       head["head_dilation"] ? head["head_dilation"].whole() : 1, head["bias"].flag());
    else
        to.convolution(channels, array["head_size"].whole(), 1, 1, array["head_bias"].flag());
}

inline void read_wavenet(const JsonNode& config, Layers& to) {
    for (const char* name : {"head", "condition_dsp"})
        if (config[name])
            config[name].fail("nothing, which is all that the type has");
    const JsonNode arrays = config["layers"];
    for (std::size_t a = 0; a < arrays.size(); ++a)
        read_array(arrays[a], a == 0 ? 1 : arrays[a - 1]["channels"].whole(), a + 1 == arrays.size(), to);
    // Of its two places in the file, NAM takes this one.
    const std::vector<double> scale = to.weights.next(1);
    const double denominator = scale.empty() || scale[0] == 0 ? 0 : std::round(1 / scale[0]);
    to.add(denominator >= 1 && denominator < 1e9 && std::abs(scale[0] * denominator - 1) < 1e-6
               ? text(ln::named("Scale", 1, static_cast<int>(denominator)))
               : "a factor of " + std::to_string(scale.empty() ? 0 : scale[0]));
}

/// A row has the weights of a gate's inputs, then those of the hidden states. There is one bias, which in
/// lamina, as in PyTorch, is the sum of two.
inline void read_lstm(const JsonNode& config, Layers& to) {
    require_whole(config["input_size"], 1);
    const int units = config["hidden_size"].whole(), layers = config["num_layers"].whole();
    for (int layer = 0; layer < layers; ++layer) {
        const long long inputs = layer == 0 ? 1 : units, rows = 4LL * units, columns = inputs + units;
        to.add("LearntState<" + text(ln::named("LSTM", units)) + ">");
        const std::vector<double> both = to.weights.next(rows * columns);
        for (const bool hidden : {false, true})
            for (auto row = both.begin(); row != both.end(); row += columns)
                to.file.numbers.insert(to.file.numbers.end(), hidden ? row + inputs : row,
                                       hidden ? row + columns : row + inputs);
        to.numbers(to.weights.next(rows));
        to.file.numbers.resize(to.file.numbers.size() + (both.empty() ? 0 : static_cast<std::size_t>(rows)));
        to.numbers(to.weights.next(2LL * units)); // the states before the first step: hidden, then cell
    }
    to.convolution(units, 1, 1, 1, true);
}

inline void read_network(const JsonNode& root, NamFile& file) {
    const std::string architecture = root["architecture"].text();
    if (architecture == "SlimmableContainer") { // of one sound in several sizes, the largest
        const JsonNode sizes = root["config"]["submodels"];
        if (sizes.size() == 0)
            sizes.fail("at least one");
        return read_network(sizes[sizes.size() - 1]["model"], file);
    }
    if (const JsonNode rate = root["sample_rate"])
        file.sample_rate = rate.number();
    Weights weights{root["weights"]};
    Layers layers{file, weights};
    if (architecture == "WaveNet")
        read_wavenet(root["config"], layers);
    else if (architecture == "LSTM")
        read_lstm(root["config"], layers);
    else
        root["architecture"].fail("WaveNet, LSTM or SlimmableContainer");
    weights.require_end();
}

} // namespace detail

/// Reads a WaveNet or an LSTM. Of a file with several sizes, as A2's have them, the largest. Throws
/// `lamina::format_error`, which names the place in the file, what is expected there and what is found.
[[nodiscard]] inline NamFile read_nam(const std::string& path) {
    const std::vector<std::uint8_t> bytes = ln::files::read_whole(path);
    json_error_t error;
    const ln::files::Json json{
        json_loadb(reinterpret_cast<const char*>(bytes.data()), bytes.size(), 0, &error)};
    const std::string shown = ln::files::printable_path(path);
    if (!json)
        ln::raise(ln::format_error{shown + ": expected JSON, found in line " + std::to_string(error.line) +
                                   ": " + ln::files::printable(error.text)});
    NamFile file{.path = shown};
    detail::read_network({json.get(), shown + ": "}, file);
    return file;
}

/// Gives the model the weights of the file. Throws `lamina::format_error` unless the file has the layers of
/// the model.
template <class Model>
void load(Model& model, const NamFile& file) {
    const auto fail = [&](const std::string& what) { ln::raise(ln::format_error{file.path + ": " + what}); };
    for (std::size_t i = 0; i < Model::layers.size() && i < file.layers.size(); ++i) {
        const ln::LayerInfo& layer = Model::layers[i];
        if (layer.name != file.layers[i])
            fail("layer " + detail::text(layer.path) + ": expected " + detail::text(layer.name) + ", found " +
                 file.layers[i]);
    }
    if (Model::layers.size() != file.layers.size())
        fail("expected " + std::to_string(Model::layers.size()) + " layers, found " +
             std::to_string(file.layers.size()));
    std::size_t next = 0;
    for (const ln::ModelTensor& tensor : Model::tensors)
        for (std::size_t i = 0; i < tensor.size; ++i)
            model.numbers()[tensor.place(i)] = static_cast<typename Model::scalar>(file.numbers.at(next++));
}

} // namespace amp
