// Writes the reference files of tests/data: the cases of cases.hpp, run in PyTorch (libtorch), in double, on
// one thread. Usage: oracle_generate <folder>
#include "cases.hpp"
#include "made_numbers.hpp"
#include "torch_branches.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace F = torch::nn::functional;
using namespace oracle;

namespace {

torch::Tensor sequence(const std::string& name, at::IntArrayRef shape, double scale = 1) {
    torch::Tensor t = torch::empty(shape, torch::kFloat64);
    const MadeNumbers values{name};
    for (std::int64_t i = 0; i < t.numel(); ++i)
        t.data_ptr<double>()[i] = scale * values[static_cast<std::uint64_t>(i)];
    return t;
}

torch::Tensor labels(const std::string& name, int n, int classes) {
    torch::Tensor t = torch::empty({n}, torch::kInt64);
    const MadeNumbers values{name};
    for (int i = 0; i < n; ++i)
        t.data_ptr<std::int64_t>()[i] = values.byte(static_cast<std::uint64_t>(i)) % classes;
    return t;
}

torch::Tensor variable(torch::Tensor t) {
    return t.set_requires_grad(true);
}

// The format is described in reference.hpp.
class Writer {
  public:
    explicit Writer(const std::string& path) : file_{path, std::ios::binary} { file_ << "LREF1\n"; }

    void operator()(const std::string& name, const torch::Tensor& t) {
        const torch::Tensor values = t.detach().contiguous();
        TORCH_CHECK(values.scalar_type() == torch::kFloat64, name, ": not in double");
        TORCH_CHECK(torch::isfinite(values).all().item<bool>(), name, ": not finite");
        count(name.size());
        file_ << name;
        count(static_cast<std::size_t>(values.dim()));
        for (std::int64_t extent : values.sizes())
            count(static_cast<std::size_t>(extent));
        file_.write(reinterpret_cast<const char*>(values.data_ptr<double>()),
                    static_cast<std::streamsize>(values.nbytes()));
        TORCH_CHECK(file_.good(), name, ": cannot be written");
    }

    void operator()(const std::string& name, const std::vector<double>& values) {
        (*this)(name, torch::tensor(values, torch::kFloat64));
    }

  private:
    void count(std::size_t n) {
        const auto value = static_cast<std::uint32_t>(n);
        file_.write(reinterpret_cast<const char*>(&value), sizeof value);
    }

    std::ofstream file_;
};

// Forward, then backward from the upstream gradient "<name>/dy".
void write_layer(Writer& write, const std::string& name, torch::Tensor x,
                 const std::function<torch::Tensor(torch::Tensor)>& layer) {
    variable(x);
    const torch::Tensor y = layer(x);
    y.backward(sequence(name + "/dy", y.sizes()));
    write(name + "/y", y);
    write(name + "/dx", x.grad());
}

void write_layer(Writer& write, const std::string& name, torch::Tensor x, torch::Tensor weight,
                 torch::Tensor bias, const std::function<torch::Tensor(torch::Tensor)>& layer) {
    variable(weight), variable(bias);
    write_layer(write, name, x, layer);
    write(name + "/dweight", weight.grad());
    write(name + "/dbias", bias.grad());
}

// PyTorch's layout has the steps first, lamina's the channels.
template <class Module>
void write_recurrent(Writer& write, const RecurrentCase& c, Module module) {
    const std::string name = oracle::name(c);
    module->to(torch::kFloat64);
    {
        const torch::NoGradGuard guard;
        for (auto& p : module->named_parameters())
            p.value().copy_(sequence(name + '/' + p.key(), p.value().sizes(), weight_scale(c.units)));
    }
    const torch::Tensor x = variable(sequence(name + "/x", {c.inputs, c.steps}));
    const torch::Tensor y = std::get<0>(module->forward(x.t().unsqueeze(0))).squeeze(0).t();
    y.backward(sequence(name + "/dy", y.sizes()));
    write(name + "/y", y);
    write(name + "/dx", x.grad());
    for (auto& p : module->named_parameters())
        write(name + "/d" + p.key(), p.value().grad());
}
/// `forward(x, h, c)` gives the states of all steps, and moves h and c to the last.
void write_recordings(Writer& write, const RecordingsCase& c, torch::nn::Module& rnn, const auto& forward) {
    const std::string name = oracle::name(c);
    torch::nn::Linear out(c.units, 1);
    torch::OrderedDict<std::string, torch::Tensor> parameters = rnn.named_parameters();
    for (auto& p : out->named_parameters())
        parameters.insert("out." + p.key(), p.value());
    if (c.learns_state) {
        parameters.insert("h_0", variable(torch::zeros({c.units}, torch::kFloat64)));
        if (!c.is_gru)
            parameters.insert("c_0", variable(torch::zeros({c.units}, torch::kFloat64)));
    }
    rnn.to(torch::kFloat64);
    out->to(torch::kFloat64);
    {
        const torch::NoGradGuard guard;
        for (auto& p : parameters)
            p.value().copy_(sequence(name + '/' + p.key(), p.value().sizes(), weight_scale(c.units)));
    }
    torch::optim::SGD sgd(parameters.values(),
                          torch::optim::SGDOptions(recordings_rate).momentum(recordings_momentum));
    const int all = c.steps * c.windows, batch = c.carries_state ? c.recordings : c.recordings * c.windows;
    torch::Tensor x = sequence(name + "/x", {c.recordings, all, c.inputs}),
                  t = sequence(name + "/t", {c.recordings, all, 1});
    if (!c.carries_state) {
        x = x.reshape({batch, c.steps, c.inputs});
        t = t.reshape({batch, c.steps, 1});
    }
    const auto beginning = [&](const char* of) {
        const torch::Tensor* const learnt = parameters.find(of);
        return learnt != nullptr ? learnt->expand({1, batch, c.units}).contiguous()
                                 : torch::zeros({1, batch, c.units}, torch::kFloat64);
    };
    std::vector<double> losses;
    for (int epoch = 0; epoch < recordings_epochs; ++epoch) {
        const int windows = c.carries_state ? c.windows : 1;
        torch::Tensor h = beginning("h_0"), cell = beginning("c_0");
        double sum = 0;
        for (int w = 0; w < windows; ++w) {
            const auto window = [&](const torch::Tensor& of) { return of.narrow(1, w * c.steps, c.steps); };
            const torch::Tensor y = out->forward(forward(window(x), h, cell));
            const torch::Tensor loss = F::mse_loss(y, window(t));
            sum += loss.item<double>();
            sgd.zero_grad();
            loss.backward();
            sgd.step();
            h = h.detach();
            cell = cell.detach();
        }
        losses.push_back(sum / windows);
    }
    write(name + "/losses", losses);
    for (auto& p : parameters)
        write(name + "/after/" + p.key(), p.value());
}
void write_recordings(Writer& write, const RecordingsCase& c) {
    if (c.is_gru) {
        torch::nn::GRU gru(torch::nn::GRUOptions(c.inputs, c.units).batch_first(true));
        write_recordings(write, c, *gru, [&](const torch::Tensor& x, torch::Tensor& h, torch::Tensor&) {
            const auto [y, last] = gru->forward(x, h);
            h = last;
            return y;
        });
    } else {
        torch::nn::LSTM lstm(torch::nn::LSTMOptions(c.inputs, c.units).batch_first(true));
        write_recordings(write, c, *lstm, [&](const torch::Tensor& x, torch::Tensor& h, torch::Tensor& cell) {
            const auto [y, last] = lstm->forward(x, std::make_tuple(h, cell));
            std::tie(h, cell) = last;
            return y;
        });
    }
}
void write_recurrent(Writer write) {
    for (const RecurrentCase& c : recurrent_cases)
        if (c.is_gru)
            write_recurrent(write, c,
                            torch::nn::GRU(torch::nn::GRUOptions(c.inputs, c.units)
                                               .num_layers(c.layers)
                                               .batch_first(true)
                                               .bidirectional(c.is_bidirectional)));
        else
            write_recurrent(write, c,
                            torch::nn::LSTM(torch::nn::LSTMOptions(c.inputs, c.units)
                                                .num_layers(c.layers)
                                                .batch_first(true)
                                                .bidirectional(c.is_bidirectional)));
    for (const RecordingsCase& c : recordings_cases)
        write_recordings(write, c);
}

torch::Tensor input(const std::string& name, const Image& shape, double scale = 1) {
    return sequence(name + "/x", {shape.channels, shape.height, shape.width}, scale);
}

torch::Tensor activate(Activation kind, const torch::Tensor& x) {
    switch (kind) {
    case Activation::relu:
        return torch::relu(x);
    case Activation::leaky_relu_1_100:
        return torch::leaky_relu(x, 0.01);
    case Activation::leaky_relu_1_4:
        return torch::leaky_relu(x, 0.25);
    case Activation::tanh:
        return torch::tanh(x);
    case Activation::sigmoid:
        return torch::sigmoid(x);
    case Activation::softmax:
        return torch::softmax(x, 0);
    case Activation::relu6:
        return F::relu6(x);
    case Activation::elu:
        return torch::elu(x);
    case Activation::elu_1_2:
        return torch::elu(x, 0.5);
    case Activation::silu:
        return torch::silu(x);
    case Activation::gelu:
        return torch::gelu(x, "none");
    case Activation::gelu_tanh:
        return torch::gelu(x, "tanh");
    case Activation::hard_swish:
        return torch::hardswish(x);
    case Activation::scale_1_50:
        return x * 0.02;
    }
    return {};
}

torch::Tensor pool(const PoolingCase& c, const torch::Tensor& image) {
    using Numbers = std::vector<std::int64_t>;
    const torch::Tensor x = c.is_sequence ? image.squeeze(1) : image;
    const auto along = [&](const Extent& e) {
        return c.is_sequence ? Numbers{e.width} : Numbers{e.height, e.width};
    };
    const Numbers size = along(c.size), stride = along(c.stride), padding = along(c.padding);
    const auto average = [&](bool counts_padding) {
        return c.is_sequence ? torch::avg_pool1d(x, size, stride, padding, false, counts_padding)
                             : torch::avg_pool2d(x, size, stride, padding, false, counts_padding);
    };
    const auto larger = [&](auto mode) {
        const std::vector<double> factor(size.begin(), size.end());
        auto options = F::InterpolateFuncOptions().scale_factor(factor).mode(mode);
        if (c.kind == Pooling::bilinear)
            options = options.align_corners(false);
        return F::interpolate(x.unsqueeze(0), options).squeeze(0);
    };
    switch (c.kind) {
    case Pooling::max:
        return c.is_sequence ? torch::max_pool1d(x, size, stride, padding)
                             : torch::max_pool2d(x, size, stride, padding);
    case Pooling::average:
        return average(true);
    case Pooling::average_of_cells:
        return average(false);
    case Pooling::global_max:
        return x.flatten(1).amax(1);
    case Pooling::global_average:
        return c.is_sequence ? torch::adaptive_avg_pool1d(x, 1).flatten()
                             : torch::adaptive_avg_pool2d(x, {1, 1}).flatten();
    case Pooling::adaptive:
        return c.is_sequence ? torch::adaptive_avg_pool1d(x, size) : torch::adaptive_avg_pool2d(x, size);
    case Pooling::nearest:
        return larger(torch::kNearest);
    case Pooling::bilinear:
        return c.is_sequence ? larger(torch::kLinear) : larger(torch::kBilinear);
    }
    return {};
}

void write_layers(Writer write) {
    for (const ConvCase& c : conv_cases) {
        const double scale = weight_scale(c.input.channels * c.kernel * c.kernel);
        const auto weight =
            sequence(name(c) + "/weight", {c.filters, c.input.channels, c.kernel, c.kernel}, scale);
        const auto bias = sequence(name(c) + "/bias", {c.filters}, scale);
        write_layer(write, name(c), input(name(c), c.input), weight, bias,
                    [&](auto x) { return torch::conv2d(x, weight, bias, c.stride, c.padding); });
    }
    for (const ConvolutionCase& c : convolution_cases) {
        const std::string of = name(c);
        const double scale = weight_scale(fan_in(c));
        const bool is_transposed = c.kind == Convolution::transposed;
        std::vector<std::int64_t> shape{is_transposed ? c.input.channels : c.filters,
                                        (is_transposed ? c.filters : c.input.channels) / c.groups,
                                        c.kernel.height, c.kernel.width};
        const auto weight = variable(sequence(of + "/weight", shape, scale));
        const auto bias = c.has_bias ? variable(sequence(of + "/bias", {c.filters}, scale)) : torch::Tensor{};
        write_layer(write, of, input(of, c.input), [&](auto x) {
            using Numbers = std::vector<std::int64_t>;
            if (is_transposed) { // less than no padding is PyTorch's output padding
                const Sides& p = c.padding;
                const auto whole = torch::conv_transpose2d(
                    x.unsqueeze(0), weight, bias, Numbers{c.stride.height, c.stride.width}, Numbers{0, 0},
                    Numbers{std::max(0, -p.bottom), std::max(0, -p.right)}, c.groups,
                    Numbers{c.dilation.height, c.dilation.width});
                return whole.squeeze(0)
                    .slice(1, p.top, whole.size(2) - std::max(p.bottom, 0))
                    .slice(2, p.left, whole.size(3) - std::max(p.right, 0));
            }
            const auto padded = F::pad(
                x, F::PadFuncOptions({c.padding.left, c.padding.right, c.padding.top, c.padding.bottom}));
            if (c.kind == Convolution::sequence)
                return torch::conv1d(padded.squeeze(1), weight.squeeze(2), bias, Numbers{c.stride.width},
                                     Numbers{0}, Numbers{c.dilation.width}, c.groups);
            return torch::conv2d(padded, weight, bias, Numbers{c.stride.height, c.stride.width},
                                 Numbers{0, 0}, Numbers{c.dilation.height, c.dilation.width}, c.groups);
        });
        write(of + "/dweight", weight.grad());
        if (c.has_bias)
            write(of + "/dbias", bias.grad());
    }
    for (const PoolCase& c : pool_cases) {
        write_layer(write, name("max", c), input(name("max", c), c.input, c.scale),
                    [&](auto x) { return torch::max_pool2d(x, c.size, c.stride); });
        write_layer(write, name("avg", c), input(name("avg", c), c.input, c.scale),
                    [&](auto x) { return torch::avg_pool2d(x, c.size, c.stride); });
    }
    for (const PoolingCase& c : pooling_cases)
        write_layer(write, name(c), input(name(c), c.input), [&](auto x) { return pool(c, x); });
    for (const DenseCase& c : dense_cases) {
        const int inputs = c.input.channels * c.input.height * c.input.width;
        const auto weight = sequence(name(c) + "/weight", {c.outputs, inputs}, weight_scale(inputs));
        variable(weight);
        const auto bias = c.has_bias
                              ? variable(sequence(name(c) + "/bias", {c.outputs}, weight_scale(inputs)))
                              : torch::Tensor{};
        write_layer(write, name(c), input(name(c), c.input),
                    [&](auto x) { return torch::linear(x.flatten(), weight, bias); });
        write(name(c) + "/dweight", weight.grad());
        if (c.has_bias)
            write(name(c) + "/dbias", bias.grad());
    }
    for (const ActivationCase& c : activation_cases) {
        const torch::Tensor x = input(name(c), c.input);
        const auto n = static_cast<std::size_t>(x.numel());
        for (std::size_t i = 0; i < n; ++i)
            x.data_ptr<double>()[i] = activation_input(c, x.data_ptr<double>()[i], i, n);
        write_layer(write, name(c), x, [&](auto e) { return activate(c.kind, e); });
    }
    for (const PReLUCase& c : prelu_cases) {
        const auto weight = variable(sequence(name(c) + "/weight", {c.slopes}));
        write_layer(write, name(c), input(name(c), c.input),
                    [&](auto x) { return torch::prelu(x.unsqueeze(0), weight).squeeze(0); });
        write(name(c) + "/dweight", weight.grad());
    }
    for (const Image& c : norm_cases) {
        const std::string layer = name("layer_norm", c), batch = name("batch_norm", c);
        const auto weight = sequence(layer + "/weight", {c.channels, c.height, c.width});
        const auto bias = sequence(layer + "/bias", weight.sizes());
        write_layer(write, layer, input(layer, c), weight, bias, [&](auto x) {
            return F::layer_norm(x, F::LayerNormFuncOptions(weight.sizes().vec()).weight(weight).bias(bias));
        });
        const auto of_channels = [&](const char* which) { return sequence(batch + which, {c.channels}); };
        const auto y = F::batch_norm(
            input(batch, c).unsqueeze(0), of_channels("/running_mean"), 1.5 + of_channels("/running_var"),
            F::BatchNormFuncOptions().weight(of_channels("/weight")).bias(of_channels("/bias")));
        write(batch + "/y", y.squeeze(0));
    }
}

void write_answers(Writer write) {
    const auto write_largest = [&](const std::string& name, const torch::Tensor& y) {
        write(name + "/argmax", y.argmax().to(torch::kFloat64));
        write(name + "/topk", std::get<1>(y.topk(answer_top)).to(torch::kFloat64));
    };
    for (const AnswerCase& c : answer_cases) {
        const torch::Tensor y =
            sequence(name(c), {c.shape.channels * c.shape.height * c.shape.width}, c.scale);
        write(name(c) + "/softmax", y.softmax(0));
        write_largest(name(c), y);
        y.data_ptr<double>()[1] = std::nan("");
        write_largest(name(c) + "/nan", y);
    }
}

/// The magnitudes of a batch's spectra: B,bins,frames.
torch::Tensor magnitudes(const torch::Tensor& x, const StftCase& c) {
    const torch::Tensor hann = torch::hann_window(c.window, torch::kFloat64);
    const torch::Tensor parts = torch::view_as_real(
        torch::stft(x, c.transform, c.hop, c.window, hann, true, "reflect", false, true, true));
    return parts.square().sum(-1).clamp_min(stft_epsilon).sqrt();
}
void write_stft(Writer& write) {
    const torch::Tensor y = variable(sequence("stft/y", {stft_batch, stft_steps}));
    const torch::Tensor t = sequence("stft/t", {stft_batch, stft_steps});
    torch::Tensor sum = torch::zeros({stft_batch}, torch::kFloat64);
    for (const StftCase& c : stft_cases) {
        const torch::Tensor of_y = magnitudes(y, c), of_t = magnitudes(t, c);
        const std::vector<std::int64_t> axes{1, 2};
        sum = sum + ((of_y - of_t).square().sum(axes) / of_t.square().sum(axes)).sqrt() +
              (of_y.log() - of_t.log()).abs().mean(axes);
    }
    const torch::Tensor value = sum.mean() / static_cast<double>(stft_cases.size());
    value.backward();
    write("stft/value", value);
    write("stft/dy", y.grad());
}

void write_losses(Writer write) {
    const auto write_loss = [&](const std::string& name, const LossCase& c, const auto& loss) {
        const auto logits = variable(sequence(name + "/logits", {c.batch, c.outputs}, c.scale));
        const torch::Tensor value = loss(logits);
        value.backward();
        write(name + "/value", value);
        write(name + "/dlogits", logits.grad());
    };
    for (const LossCase& c : cross_entropy_cases) {
        const std::string of = name("cross_entropy", c);
        write_loss(of, c,
                   [&](auto y) { return F::cross_entropy(y, labels(of + "/labels", c.batch, c.outputs)); });
    }
    for (const LossCase& c : soft_cross_entropy_cases) {
        const std::string of = name("soft_cross_entropy", c);
        write_loss(of, c, [&](auto y) {
            return F::cross_entropy(y, 1 + sequence(of + "/target", {c.batch, c.outputs}));
        });
    }
    const auto numbers = [](const std::string& of, const LossCase& c) {
        return sequence(of + "/target", {c.batch, c.outputs});
    };
    for (const LossCase& c : squared_error_cases) {
        const std::string of = name("squared_error", c);
        write_loss(of, c, [&](auto y) { return F::mse_loss(y, numbers(of, c)); });
    }
    for (const LossCase& c : absolute_error_cases) {
        const std::string of = name("absolute_error", c);
        write_loss(of, c, [&](auto y) { return F::l1_loss(y, numbers(of, c)); });
    }
    for (const LossCase& c : huber_cases) {
        const std::string of = name("huber", c);
        write_loss(of, c, [&](auto y) {
            return F::huber_loss(y, numbers(of, c), F::HuberLossFuncOptions().delta(c.setting));
        });
    }
    for (const LossCase& c : binary_cases) {
        const std::string of = name("binary", c);
        torch::Tensor t = (numbers(of, c) > 0).to(torch::kFloat64);
        t[c.batch - 1] = numbers(of, c)[c.batch - 1].abs();
        const torch::Tensor weight = torch::full({1}, static_cast<double>(c.setting), torch::kFloat64);
        write_loss(of, c, [&](auto y) {
            return F::binary_cross_entropy_with_logits(
                y, t, F::BinaryCrossEntropyWithLogitsFuncOptions().pos_weight(weight));
        });
    }
    // Of labels, and of as many classes' weights.
    const auto write_classes = [&](const std::string& kind, const LossCase& c,
                                   const F::CrossEntropyFuncOptions& options) {
        const std::string of = name(kind.c_str(), c), soft = name(("soft_" + kind).c_str(), c);
        write_loss(of, c, [&](auto y) {
            return F::cross_entropy(y, labels(of + "/labels", c.batch, c.outputs), options);
        });
        write_loss(soft, c, [&](auto y) { return F::cross_entropy(y, 1 + numbers(soft, c), options); });
    };
    for (const LossCase& c : smoothed_cases)
        write_classes("smoothed", c, F::CrossEntropyFuncOptions().label_smoothing(c.setting));
    const auto class_weights = [](int classes) {
        const torch::Tensor weights = torch::empty({classes}, torch::kFloat64);
        for (int i = 0; i < classes; ++i)
            weights[i] = class_weight(i);
        return weights;
    };
    for (const LossCase& c : weighted_cases)
        write_classes(
            "weighted", c,
            F::CrossEntropyFuncOptions().weight(class_weights(c.outputs)).label_smoothing(c.setting));
    for (const StepsCase& c : steps_cases) {
        const auto logits = variable(sequence(name(c) + "/logits", {c.batch, c.outputs, c.steps}, 4));
        F::CrossEntropyFuncOptions options;
        options.label_smoothing(c.setting);
        if (c.weighted)
            options.weight(class_weights(c.outputs));
        const torch::Tensor value = F::cross_entropy(
            logits, labels(name(c) + "/labels", c.batch * c.steps, c.outputs).view({c.batch, c.steps}),
            options);
        value.backward();
        write(name(c) + "/value", value);
        write(name(c) + "/dlogits", logits.grad());
    }
    write_stft(write);
}

template <class Optimizer, class Options>
torch::Tensor optimize(const Options& options) {
    const auto parameters = variable(sequence("optimizer/start", {optimizer_parameters}));
    Optimizer optimizer({parameters}, options);
    std::vector<torch::Tensor> steps;
    for (int t = 0; t < optimizer_steps; ++t) {
        parameters.mutable_grad() =
            sequence("optimizer/gradient " + std::to_string(t), {optimizer_parameters});
        optimizer.step();
        steps.push_back(parameters.detach().clone());
    }
    return torch::stack(steps);
}

void write_optimizers(Writer write) {
    using namespace torch::optim;
    for (const SGDCase& c : sgd_cases)
        write(c.name, optimize<SGD>(SGDOptions(c.learning_rate).momentum(c.momentum).nesterov(c.nesterov)));
    for (const AdamCase& c : adam_cases)
        write(c.name, optimize<Adam>(AdamOptions(c.learning_rate).betas({c.beta1, c.beta2}).eps(c.epsilon)));
    for (const AdamWCase& c : adamw_cases)
        write(c.name, optimize<AdamW>(AdamWOptions(c.learning_rate)
                                          .betas({c.beta1, c.beta2})
                                          .eps(c.epsilon)
                                          .weight_decay(c.weight_decay)));
}

void write_outputs(Writer write) {
    using namespace torch::nn;
    constexpr OutputsRun run = outputs_run;
    Sequential trunk{Conv2d(Conv2dOptions(run.input.channels, run.filters, 3)), ReLU()};
    Sequential policy{Conv2d(Conv2dOptions(run.filters, run.moves / 12, 1)), Flatten()};
    Sequential value{Flatten(), Linear(run.filters * 12, run.hidden), Tanh(), Linear(run.hidden, run.values)};
    const std::vector<std::pair<std::string, torch::Tensor>> parameters = [&] {
        std::vector<std::pair<std::string, torch::Tensor>> all;
        const auto add = [&](const std::string& name, Sequential& part, std::size_t layer) {
            part->to(torch::kFloat64);
            torch::NoGradGuard untracked;
            auto own = part[layer]->named_parameters();
            const int fan_in = static_cast<int>(own["weight"][0].numel());
            for (const std::string which : {"weight", "bias"}) {
                const std::string of = name + '.' + which;
                own[which].copy_(sequence("outputs/" + of, own[which].sizes(), weight_scale(fan_in)));
                all.emplace_back(of, own[which]);
            }
        };
        add("0", trunk, 0);
        add("2.0", policy, 0);
        add("2.1.0", value, 1);
        add("2.1.2", value, 3);
        return all;
    }();
    std::vector<torch::Tensor> tensors;
    for (const auto& [name, p] : parameters)
        tensors.push_back(p);
    torch::optim::SGD optimizer(tensors, torch::optim::SGDOptions(training_rate).momentum(training_momentum));
    const torch::Tensor x =
        sequence("outputs/x", {run.batch, run.input.channels, run.input.height, run.input.width});
    const torch::Tensor moves = labels("outputs/moves", run.batch, run.moves);
    const torch::Tensor values = sequence("outputs/values", {run.batch, run.values});
    std::vector<double> losses;
    for (int step = 0; step < run.steps; ++step) {
        const torch::Tensor h = trunk->forward(x);
        const torch::Tensor loss = F::cross_entropy(policy->forward(h), moves) +
                                   run.value_factor * F::mse_loss(value->forward(h), values);
        losses.push_back(loss.item<double>());
        optimizer.zero_grad();
        loss.backward();
        for (const auto& [name, p] : parameters)
            if (step == 0)
                write("gradient/" + name, p.grad());
        optimizer.step();
    }
    write("loss", losses);
    for (const auto& [name, p] : parameters)
        write("final/" + name, p);
    std::cout << "outputs: loss " << losses.front() << " to " << losses.back() << '\n';
}

torch::nn::Sequential build(const std::string& net) {
    using namespace torch::nn;
    const auto conv = [](int in, int out, int kernel, int padding) {
        return Conv2d(Conv2dOptions(in, out, kernel).padding(padding));
    };
    if (net == "card")
        return Sequential(conv(1, 16, 3, 0), LeakyReLU(LeakyReLUOptions().negative_slope(0.01)), MaxPool2d(2),
                          Flatten(), Linear(2704, 10));
    if (net == "lenet5")
        return Sequential(conv(1, 6, 5, 2), Tanh(), AvgPool2d(2), conv(6, 16, 5, 0), Tanh(), AvgPool2d(2),
                          Flatten(), Linear(400, 120), Tanh(), Linear(120, 84), Tanh(), Linear(84, 10));
    if (net == "norms")
        return Sequential(conv(1, 6, 3, 0), BatchNorm2d(6), ReLU(), MaxPool2d(2), conv(6, 8, 3, 0),
                          BatchNorm2d(8), ReLU(), LayerNorm(LayerNormOptions({8, 3, 3})), Flatten(),
                          Linear(72, 12), BatchNorm1d(12), Tanh(), Linear(12, 10));
    TORCH_CHECK(net == "vgg", "no net called ", net);
    return Sequential(conv(3, 8, 3, 1), ReLU(), conv(8, 8, 3, 1), ReLU(), MaxPool2d(2), conv(8, 16, 3, 1),
                      ReLU(), MaxPool2d(2), Flatten(), Linear(144, 10));
}

// The parameters of a net, with the part of its records' names that says which: "weight 0", "bias 0", "weight
// 1", ...
std::vector<std::pair<std::string, torch::Tensor>> start(const TrainingRun& run, torch::nn::Sequential& net) {
    std::vector<std::pair<std::string, torch::Tensor>> parameters;
    torch::NoGradGuard untracked;
    int fan_in = 0;
    for (auto& parameter : net->named_parameters()) {
        torch::Tensor p = parameter.value();
        const bool is_weight = parameter.key().ends_with(".weight");
        const bool is_norm =
            net->children()[std::stoul(parameter.key())]->as<torch::nn::Conv2d>() == nullptr &&
            net->children()[std::stoul(parameter.key())]->as<torch::nn::Linear>() == nullptr;
        if (is_weight && !is_norm)
            fan_in = static_cast<int>(p[0].numel());
        const std::string name = (is_weight ? "weight " : "bias ") + std::to_string(parameters.size() / 2);
        p.copy_(sequence(std::string(run.net) + '/' + name, p.sizes(), is_norm ? 0.5 : weight_scale(fan_in)));
        if (is_weight && is_norm)
            p += 1;
        parameters.emplace_back(name, p);
    }
    return parameters;
}

torch::Tensor pixels(const TrainingRun& run) {
    torch::Tensor t =
        torch::empty({run.batch, run.input.channels, run.input.height, run.input.width}, torch::kFloat64);
    const MadeNumbers values{std::string(run.net) + "/pixels"};
    for (std::int64_t i = 0; i < t.numel(); ++i)
        t.data_ptr<double>()[i] = values.byte(static_cast<std::uint64_t>(i)) / 255.0;
    return t;
}

torch::Tensor sample(const torch::Tensor& t) {
    const torch::Tensor flat = t.detach().flatten();
    return flat
        .slice(0, 0, flat.size(0),
               static_cast<std::int64_t>(sample_stride(static_cast<std::size_t>(flat.size(0)))))
        .clone();
}

void write_training(Writer& write, const TrainingRun& run) {
    auto net = build(run.net);
    net->to(torch::kFloat64);
    const auto parameters = start(run, net);
    const torch::Tensor x = pixels(run);
    const torch::Tensor expected = labels(std::string(run.net) + "/labels", run.batch, training_classes);
    std::unique_ptr<torch::optim::Optimizer> optimizer;
    if (run.adamw)
        optimizer =
            std::make_unique<torch::optim::AdamW>(net->parameters(), torch::optim::AdamWOptions(adamw_rate));
    else
        optimizer = std::make_unique<torch::optim::SGD>(
            net->parameters(), torch::optim::SGDOptions(training_rate).momentum(training_momentum));

    std::vector<double> losses;
    for (int step = 0; step < run.steps; ++step) {
        for (torch::Tensor p : {net->parameters()[0], net->parameters()[1]})
            p.requires_grad_(step < run.freeze_at || step >= run.unfreeze_at);
        torch::Tensor loss = F::cross_entropy(net->forward(x), expected);
        if (run.l2 > 0)
            for (const torch::Tensor& p : net->parameters())
                if (p.dim() > 1 && p.requires_grad())
                    loss = loss + run.l2 * p.square().sum();
        losses.push_back(loss.item<double>());
        for (torch::Tensor p : net->parameters())
            p.mutable_grad() =
                torch::Tensor(); // as zero_grad() does in Python: no gradient is not one of zero
        loss.backward();
        if (run.clip_norm > 0)
            torch::nn::utils::clip_grad_norm_(net->parameters(), run.clip_norm);
        if (step == 0)
            for (const auto& [which, p] : parameters)
                write(name(run) + "/gradient/" + which,
                      sample(p.grad().defined() ? p.grad() : torch::zeros_like(p)));
        optimizer->step();
    }
    write(name(run) + "/loss", losses);
    for (const auto& [which, p] : parameters)
        write(name(run) + "/final/" + which, sample(p));
    // Statistics have the number of the layer's parameters, which come in its children's order.
    int layer = 0;
    for (const auto& child : net->children()) {
        for (const auto& buffer : child->named_buffers(false))
            if (buffer.key() != "num_batches_tracked")
                write(name(run) + "/final/" + buffer.key() + ' ' + std::to_string(layer),
                      sample(buffer.value()));
        layer += child->parameters().empty() ? 0 : 1;
    }
    std::cout << name(run) << ": loss " << losses.front() << " to " << losses.back() << '\n';
}

void write_branches(Writer& write, const TrainingRun& run) {
    auto net = branch_network(run.net);
    net->to(torch::kFloat64);
    auto parameters = net->named_parameters();
    for (auto& parameter : parameters) {
        torch::NoGradGuard untracked;
        torch::Tensor p = parameter.value();
        const bool is_weight = parameter.key().find("weight") != std::string::npos; // weight_ih_l0, too
        const double scale = !is_weight     ? 0.1
                             : p.dim() == 1 ? 0.5
                                            : weight_scale(static_cast<int>(p[0].numel()));
        p.copy_(sequence(std::string(run.net) + '/' + parameter.key(), p.sizes(), scale));
        if (is_weight && p.dim() == 1)
            p += 1;
    }
    const torch::Tensor x = pixels(run);
    const torch::Tensor expected = labels(std::string(run.net) + "/labels", run.batch, training_classes);
    torch::optim::SGD optimizer(net->parameters(),
                                torch::optim::SGDOptions(training_rate).momentum(training_momentum));
    std::vector<double> losses;
    for (int step = 0; step < run.steps; ++step) {
        const torch::Tensor loss = F::cross_entropy(net->forward(x), expected);
        losses.push_back(loss.item<double>());
        optimizer.zero_grad();
        loss.backward();
        for (auto& parameter : parameters)
            if (step == 0)
                write(name(run) + "/gradient/" + parameter.key(), sample(parameter.value().grad()));
        optimizer.step();
    }
    write(name(run) + "/loss", losses);
    for (auto& parameter : parameters)
        write(name(run) + "/final/" + parameter.key(), sample(parameter.value()));
    for (auto& buffer : net->named_buffers())
        if (!buffer.key().ends_with("num_batches_tracked"))
            write(name(run) + "/final/" + buffer.key(), sample(buffer.value()));
    std::cout << name(run) << ": loss " << losses.front() << " to " << losses.back() << '\n';
}

} // namespace

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::cerr << "usage: oracle_generate <folder>\n";
        return 2;
    }
    torch::set_num_threads(1);
    const std::string folder = std::string(argv[1]) + '/';
    write_layers(Writer{folder + "layers.ref"});
    write_recurrent(Writer{folder + "recurrent.ref"});
    write_answers(Writer{folder + "answers.ref"});
    write_losses(Writer{folder + "losses.ref"});
    write_optimizers(Writer{folder + "optimizers.ref"});
    write_outputs(Writer{folder + "outputs.ref"});
    Writer branches{folder + "branches.ref"};
    for (const TrainingRun& run : {resnet_40, resnet_23, concat_64, concat_23, resnet8_40, resnet8_23,
                                   ds_cnn_40, ds_cnn_23, ds_cnn_tanh_23, frames_23, wide_23})
        write_branches(branches, run);
    Writer training{folder + "training.ref"};
    for (const TrainingRun& run : {card_64, card_23, card_l2, card_clip, card_unclipped, card_frozen,
                                   card_adamw, lenet5_64, lenet5_23, vgg_19, norms_64, norms_23})
        write_training(training, run);
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
