// What a `.nam` file computes, in double and in the plainest way: the oracle of docs/examples/amp/nam.hpp.
#pragma once

#include <jansson.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

/// Reads the file's network as it runs it, layer by layer, on a whole recording.
class NamInterpreter {
  public:
    using Signal = std::vector<std::vector<double>>; // channels of steps

    explicit NamInterpreter(const std::string& path) : root_{json_load_file(path.c_str(), 0, nullptr)} {}
    NamInterpreter(const NamInterpreter&) = delete;
    NamInterpreter& operator=(const NamInterpreter&) = delete;
    ~NamInterpreter() { json_decref(root_); }

    [[nodiscard]] std::vector<double> operator()(const std::vector<float>& sound) {
        const json_t* network = root_;
        while (is(network, "architecture", "SlimmableContainer")) {
            const json_t* sizes = json_object_get(json_object_get(network, "config"), "submodels");
            network = json_object_get(json_array_get(sizes, json_array_size(sizes) - 1), "model");
        }
        weights_ = json_object_get(network, "weights");
        next_ = 0;
        const json_t* config = json_object_get(network, "config");
        const Signal input{{sound.begin(), sound.end()}};
        return is(network, "architecture", "LSTM") ? lstm(config, input) : wavenet(config, input);
    }

  private:
    static bool is(const json_t* object, const char* name, const std::string& text) {
        const char* found = json_string_value(json_object_get(object, name));
        return found != nullptr && found == text;
    }
    static std::size_t whole(const json_t* object, const char* name, json_int_t otherwise = 0) {
        const json_t* value = json_object_get(object, name);
        return static_cast<std::size_t>(value != nullptr ? json_integer_value(value) : otherwise);
    }
    double weight() { return json_number_value(json_array_get(weights_, next_++)); }

    Signal convolution(const Signal& x, std::size_t outputs, std::size_t kernel, std::size_t dilation,
                       bool has_bias) {
        const std::size_t steps = x[0].size();
        Signal y(outputs, std::vector<double>(steps));
        for (auto& channel : y)
            for (const auto& input : x)
                for (std::size_t tap = 0; tap < kernel; ++tap) {
                    const double w = weight();
                    const std::size_t before = (kernel - 1 - tap) * dilation;
                    for (std::size_t t = before; t < steps; ++t)
                        channel[t] += w * input[t - before];
                }
        if (has_bias)
            for (auto& channel : y) {
                const double b = weight();
                for (double& value : channel)
                    value += b;
            }
        return y;
    }
    static void add(const Signal& x, Signal& to) {
        for (std::size_t c = 0; c < x.size(); ++c)
            for (std::size_t t = 0; t < x[c].size(); ++t)
                to[c][t] += x[c][t];
    }
    static double activate(const json_t* activation, double x) {
        const bool is_leaky = json_is_object(activation);
        return is_leaky ? (x > 0 ? x : json_number_value(json_object_get(activation, "negative_slope")) * x)
                        : std::tanh(x);
    }

    std::vector<double> wavenet(const json_t* config, const Signal& input) {
        Signal x = input, head;
        const json_t* arrays = json_object_get(config, "layers");
        for (std::size_t a = 0; a < json_array_size(arrays); ++a) {
            const json_t* array = json_array_get(arrays, a);
            const std::size_t channels = whole(array, "channels");
            const json_t* dilations = json_object_get(array, "dilations");
            x = convolution(x, channels, 1, 1, false);
            head.resize(channels, std::vector<double>(input[0].size()));
            for (std::size_t i = 0; i < json_array_size(dilations); ++i) {
                const json_t* kernels = json_object_get(array, "kernel_sizes");
                const std::size_t kernel =
                    kernels != nullptr
                        ? static_cast<std::size_t>(json_integer_value(json_array_get(kernels, i)))
                        : whole(array, "kernel_size");
                const auto dilation =
                    static_cast<std::size_t>(json_integer_value(json_array_get(dilations, i)));
                Signal z = convolution(x, channels, kernel, dilation, true);
                add(convolution(input, channels, 1, 1, false), z);
                const json_t* activation = json_object_get(array, "activation");
                if (json_is_array(activation))
                    activation = json_array_get(activation, i);
                for (auto& channel : z)
                    for (double& value : channel)
                        value = activate(activation, value);
                add(z, head);
                add(convolution(z, channels, 1, 1, true), x);
            }
            const json_t* last = json_object_get(array, "head");
            head = last != nullptr
                       ? convolution(head, whole(last, "out_channels"), whole(last, "kernel_size"), 1,
                                     json_is_true(json_object_get(last, "bias")))
                       : convolution(head, whole(array, "head_size"), 1, 1,
                                     json_is_true(json_object_get(array, "head_bias")));
        }
        const double scale = weight();
        for (double& value : head[0])
            value *= scale;
        return head[0];
    }

    std::vector<double> lstm(const json_t* config, Signal x) {
        const std::size_t units = whole(config, "hidden_size"), steps = x[0].size();
        const auto sigmoid = [](double s) { return 1 / (1 + std::exp(-s)); };
        for (std::size_t layer = 0; layer < whole(config, "num_layers"); ++layer) {
            std::vector<std::vector<double>> w(4 * units, std::vector<double>(x.size() + units));
            std::vector<double> b(4 * units), h(units), c(units);
            for (auto& row : w)
                for (double& value : row)
                    value = weight();
            for (auto* list : {&b, &h, &c})
                for (double& value : *list)
                    value = weight();
            Signal y(units, std::vector<double>(steps));
            for (std::size_t t = 0; t < steps; ++t) {
                std::vector<double> s = b;
                for (std::size_t row = 0; row < s.size(); ++row) {
                    for (std::size_t k = 0; k < x.size(); ++k)
                        s[row] += w[row][k] * x[k][t];
                    for (std::size_t k = 0; k < units; ++k)
                        s[row] += w[row][x.size() + k] * h[k];
                }
                for (std::size_t u = 0; u < units; ++u) { // gates: input, forget, cell, output
                    c[u] = sigmoid(s[units + u]) * c[u] + sigmoid(s[u]) * std::tanh(s[2 * units + u]);
                    h[u] = y[u][t] = sigmoid(s[3 * units + u]) * std::tanh(c[u]);
                }
            }
            x = std::move(y);
        }
        return convolution(x, 1, 1, 1, true)[0];
    }

    json_t* root_;
    const json_t* weights_ = nullptr;
    std::size_t next_ = 0;
};
