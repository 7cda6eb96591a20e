// lamina and libtorch train the demonstration's resnet8 with the same recipe: the same weights at the start,
// images, order, shifts and rates. What differs is rounding, and with several seeds one sees what that does.
//
//     train_resnet8 [epochs = 10] [seeds = 3] [images = 60000] [allowed = 0.003]
//
// Prints the accuracy and the seconds of both, each on one thread, and fails if lamina's mean accuracy is
// lower than libtorch's by more than is allowed.
#include "../../docs/examples/fashion/augmented.hpp"
#include "../../docs/examples/mlperf_tiny.hpp"

#include "libraries.hpp"

#include <lamina/lamina.hpp>

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace ln = lamina;
using fashion::Augmented;
using Model = ln::Model<tiny::ResNet8<>, ln::Shape<1, 32, 32>>;

constexpr double learning_rate = 0.1, momentum = 0.9; // of docs/examples/fashion
constexpr std::int64_t batch = 64;

struct Result {
    double accuracy = 0, seconds = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// As docs/examples/fashion trains.
Result train_lamina(const Augmented& training, const Augmented& test, int epochs, ln::seed seed) {
    const auto model = std::make_unique<Model>(seed);
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{},
                        ln::SGD{.learning_rate = learning_rate, .momentum = momentum}, *memory};
    const auto start = std::chrono::steady_clock::now();
    ln::fit(trainer, training,
            {.epochs = epochs,
             .batch = static_cast<int>(batch),
             .seed = seed,
             .schedule = ln::Cosine{},
             .progress = false});
    const double seconds = seconds_since(start);
    return {ln::evaluate(*model, test).accuracy, seconds};
}

/// Samples of libtorch's memory, as a data source writes them: one a lane.
struct TorchLanes {
    float* pixels;
    int width;

    struct Pixel {
        float* first;
        void set(int lane, float value) const { first[lane * Model::Input::size] = value; }
    };
    Pixel operator()(int /*channel*/, int row, int column) const { return {pixels + row * width + column}; }
};

class TorchResNet8 {
  public:
    /// With the weights of a model, whose tensors are in the order of `forward`.
    explicit TorchResNet8(const Model& model) {
        const auto numbers = model.numbers();
        for (const ln::ModelTensor& tensor : ln::io::model_tensors<Model>) {
            if (tensor.lifetime != ln::Lifetime::trained)
                continue;
            std::vector<std::int64_t> shape;
            for (int axis = 0; axis < tensor.shape.rank; ++axis)
                shape.push_back(tensor.shape[axis]);
            torch::Tensor own = torch::empty(shape);
            for (std::size_t i = 0; i < tensor.size; ++i)
                own.data_ptr<float>()[i] = numbers[tensor.place(i)];
            if (shape.size() == 4)
                own = own.contiguous(at::MemoryFormat::ChannelsLast);
            parameters.push_back(own.requires_grad_());
        }
        for (const int channels : {16, 16, 16, 32, 32, 64, 64})
            statistics_.emplace_back(torch::zeros({channels}), torch::ones({channels}));
    }

    torch::Tensor forward(torch::Tensor x, bool training) {
        next_ = next_statistics_ = 0;
        training_ = training;
        // One channel is in both orders at once: only its strides tell libtorch to go on with channels last.
        x = x.as_strided(x.sizes(), {x.stride(0), 1, x.stride(2), 1});
        x = normalized(conv(x, 1)).relu_();
        x = block(x, 1);
        x = block(x, 2);
        x = block(x, 2);
        x = x.mean({2, 3});
        return torch::linear(x, parameters[next_], parameters[next_ + 1]);
    }

    std::vector<torch::Tensor> parameters;

  private:
    torch::Tensor conv(torch::Tensor x, int stride) {
        const torch::Tensor &weight = parameters[next_], &bias = parameters[next_ + 1];
        next_ += 2;
        if (weight.size(2) == 1)
            return torch::conv2d(x, weight, bias, stride);
        if (stride == 1)
            return torch::conv2d(x, weight, bias, stride, 1);
        return torch::conv2d(torch::constant_pad_nd(x, {0, 1, 0, 1}), weight, bias, stride);
    }
    torch::Tensor normalized(const torch::Tensor& x) {
        auto& [mean, variance] = statistics_[next_statistics_++];
        next_ += 2;
        return torch::batch_norm(x, parameters[next_ - 2], parameters[next_ - 1], mean, variance, training_,
                                 0.1, 1e-5, false);
    }
    torch::Tensor block(const torch::Tensor& x, int stride) {
        torch::Tensor y = normalized(conv(x, stride)).relu_();
        y = normalized(conv(y, 1));
        return y.add_(stride == 1 ? x : conv(x, stride)).relu_();
    }

    std::vector<std::pair<torch::Tensor, torch::Tensor>> statistics_; // running mean and variance
    std::size_t next_ = 0, next_statistics_ = 0;
    bool training_ = false;
};

std::pair<torch::Tensor, torch::Tensor> torch_batch(const Augmented& data,
                                                    std::span<const std::uint32_t> samples, int epoch) {
    const auto count = static_cast<std::int64_t>(samples.size());
    torch::Tensor x = torch::empty({count, 1, 32, 32}), labels = torch::empty({count}, torch::kInt64);
    data.training_inputs(samples, TorchLanes{x.data_ptr<float>(), 32}, epoch);
    for (std::size_t i = 0; i < samples.size(); ++i)
        labels.data_ptr<std::int64_t>()[i] = data.label(samples[i]);
    return {x, labels};
}

double torch_accuracy(TorchResNet8& net, const ln::data::Images& images) {
    const torch::NoGradGuard guard;
    constexpr std::size_t at_once = 100;
    std::int64_t right = 0;
    for (std::size_t first = 0; first < images.size(); first += at_once) {
        const std::size_t count = std::min(at_once, images.size() - first);
        torch::Tensor x = torch::empty({static_cast<std::int64_t>(count), 1, 32, 32});
        std::transform(images.image(first).pixels(),
                       images.image(first).pixels() + count * Model::Input::size, x.data_ptr<float>(),
                       [](std::uint8_t b) { return static_cast<float>(b) / 255.0F; });
        const torch::Tensor classes = net.forward(x, false).argmax(1);
        for (std::size_t i = 0; i < count; ++i)
            right += classes.data_ptr<std::int64_t>()[i] == images.label(first + i) ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(images.size());
}

Result train_torch(const Augmented& training, const ln::data::Images& test, int epochs, ln::seed seed) {
    TorchResNet8 net{*std::make_unique<Model>(seed)};
    torch::optim::SGD sgd{net.parameters, torch::optim::SGDOptions{learning_rate}.momentum(momentum)};
    auto& options = static_cast<torch::optim::SGDOptions&>(sgd.param_groups()[0].options());
    std::vector<std::uint32_t> order(training.size());
    const auto size = static_cast<std::int64_t>(order.size()), steps = epochs * ((size + batch - 1) / batch);
    std::int64_t step = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        ln::detail::shuffle(order, seed, epoch - 1);
        for (std::int64_t first = 0; first < size; first += batch, ++step) {
            const auto count = static_cast<std::size_t>(std::min(batch, size - first));
            const auto [x, labels] = torch_batch(
                training, std::span{order}.subspan(static_cast<std::size_t>(first), count), epoch);
            options.lr(ln::Cosine{}(learning_rate, step, steps));
            for (torch::Tensor& p : net.parameters)
                p.mutable_grad().reset();
            torch::nn::functional::cross_entropy(net.forward(x, true), labels).backward();
            sgd.step();
        }
    }
    const double seconds = seconds_since(start);
    return {torch_accuracy(net, test), seconds};
}

/// The first of the images, in the middle of larger ones.
ln::data::Images first_images(const ln::data::Images& images, std::size_t count) {
    count = std::min(count, images.size());
    const std::uint8_t* const pixels = images.image(0).pixels();
    std::vector<std::uint8_t> labels;
    for (std::size_t i = 0; i < count; ++i)
        labels.push_back(static_cast<std::uint8_t>(images.label(i)));
    return fashion::padded({images.source(),
                            images.shape(),
                            {pixels, pixels + count * images.shape().size()},
                            std::move(labels)},
                           Model::input_shape::extents);
}

} // namespace

int main(int count, char** words) {
    try {
        bench::restart_with_settings(words);
        bench::keep_memory();
        torch::set_num_threads(1);
        const auto number = [&](int i, int otherwise) { return count > i ? std::stoi(words[i]) : otherwise; };
        const int epochs = number(1, 10), seeds = number(2, 3), images = number(3, 60'000);
        const auto data = ln::data::load_idx("/usr/share/datasets/fashion-mnist");
        const ln::data::Images train_images = first_images(data.train, static_cast<std::size_t>(images)),
                               test_images = first_images(data.test, static_cast<std::size_t>(images));

        std::printf("%d epochs of %zu images\nseed    lamina            libtorch\n", epochs,
                    train_images.size());
        double difference = 0;
        for (int s = 1; s <= seeds; ++s) {
            const ln::seed seed{static_cast<std::uint64_t>(s)};
            const Augmented training{train_images, seed}, test{test_images, seed};
            const Result own = train_lamina(training, test, epochs, seed);
            const Result torch = train_torch(training, test_images, epochs, seed);
            std::printf("%-4d    %.4f  %6.1f s    %.4f  %6.1f s\n", s, own.accuracy, own.seconds,
                        torch.accuracy, torch.seconds);
            std::fflush(stdout);
            difference += (own.accuracy - torch.accuracy) / seeds;
        }
        std::printf("lamina's mean accuracy less libtorch's: %.4f\n", difference);
        return difference >= -(count > 4 ? std::stod(words[4]) : 0.003) ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "train_resnet8: %s\n", error.what());
        return 1;
    }
}
