// Weights on their way between PyTorch (libtorch) and lamina, in both directions: one trains and writes a
// file, the other reads it and must give the same answers. Writes tests/data/torch_*.safetensors. Usage:
// oracle_weights <folder>
#include "branch_networks.hpp"
#include "made_numbers.hpp"
#include "torch_branches.hpp"
#include "weight_networks.hpp"

#include <lamina/data/samples.hpp>
#include <lamina/io/safetensors.hpp>

#include <torch/torch.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <jansson.h>
#include <memory>
#include <string>
#include <vector>

using namespace oracle;

namespace {

constexpr double tolerance = 1e-5;
constexpr int images = 32, steps = 20, tests = 4;

/// The layer of PyTorch that is one of lamina's.
void add(torch::nn::Sequential& net, const ln::LayerInfo& layer) {
    using namespace torch::nn;
    const std::string name{layer.name};
    int n[4] = {};
    std::sscanf(name.c_str(), "%*[^<]<%d,%d,%d,%d", &n[0], &n[1], &n[2], &n[3]);
    if (name.starts_with("Conv"))
        net->push_back(Conv2d(Conv2dOptions(layer.input[0], n[0], n[1]).stride(n[2]).padding(n[3])));
    else if (name.starts_with("Dense"))
        net->push_back(Linear(static_cast<std::int64_t>(layer.input.size()), n[0]));
    else if (name == "LeakyReLU<>")
        net->push_back(LeakyReLU(LeakyReLUOptions().negative_slope(0.01)));
    else if (name == "ReLU")
        net->push_back(ReLU());
    else if (name == "PReLU<>")
        net->push_back(PReLU());
    else if (name.starts_with("PReLU"))
        net->push_back(PReLU(PReLUOptions().num_parameters(n[0])));
    else if (name == "ReLU6")
        net->push_back(ReLU6());
    else if (name == "ELU<>")
        net->push_back(ELU());
    else if (name == "SiLU")
        net->push_back(SiLU());
    else if (name == "GELU")
        net->push_back(GELU());
    else if (name == "GELUTanh")
        net->push_back(GELU(GELUOptions().approximate("tanh")));
    else if (name == "HardSwish")
        net->push_back(Functional(torch::hardswish));
    else if (name == "Tanh")
        net->push_back(Tanh());
    else if (name.starts_with("MaxPool"))
        net->push_back(MaxPool2d(MaxPool2dOptions(n[0]).stride(n[1])));
    else if (name.starts_with("AvgPool"))
        net->push_back(AvgPool2d(AvgPool2dOptions(n[0]).stride(n[1])));
    else if (name == "Flatten")
        net->push_back(Flatten());
    else
        TORCH_CHECK(false, "no layer of PyTorch is known for ", name);
}

/// PyTorch's SmallConvolutions and SmallSequence.
torch::nn::Sequential small_convolutions() {
    using namespace torch::nn;
    return Sequential(Conv2d(Conv2dOptions(1, 4, {5, 3}).stride({2, 1}).padding({2, 1})), ReLU(),
                      Conv2d(Conv2dOptions(4, 6, 3).padding(1).groups(2).bias(false)), Tanh(),
                      Conv2d(Conv2dOptions(6, 12, 3).padding(1).groups(6)), ReLU(),
                      Conv2d(Conv2dOptions(12, 12, 3).padding(2).dilation(2).groups(12).bias(false)), Tanh(),
                      Conv2d(Conv2dOptions(12, 4, 1).bias(false)), ReLU(),
                      ConvTranspose2d(ConvTranspose2dOptions(4, 2, {4, 3}).stride({2, 1}).padding(1)), Tanh(),
                      Flatten(), Linear(LinearOptions(240, 10).bias(false)));
}
torch::nn::Sequential small_sequence() {
    using namespace torch::nn;
    return Sequential(Conv1d(Conv1dOptions(3, 4, 5).stride(2).padding(2)), Tanh(),
                      Conv1d(Conv1dOptions(4, 6, 3).padding(2).dilation(2).groups(2).bias(false)), ReLU(),
                      Conv1d(Conv1dOptions(6, 5, 3)), Tanh(), Flatten(), Linear(50, 10));
}

/// Images and their classes, for both.
template <class Model>
struct Data {
    std::vector<typename Model::Input> x{images};
    std::vector<typename Model::Output> t{images};
    torch::Tensor inputs, labels = torch::empty({images}, torch::kInt64);

    explicit Data(const std::string& name) {
        constexpr ln::dims shape = Model::input_shape::extents;
        std::vector<std::int64_t> extents{images};
        for (int axis = 0; axis < shape.rank; ++axis)
            extents.push_back(shape[axis]);
        inputs = torch::empty(extents);
        const MadeNumbers pixels{name + "/pixels"}, classes{name + "/labels"};
        for (std::int64_t i = 0; i < inputs.numel(); ++i) {
            const float value = static_cast<float>(pixels.byte(static_cast<std::uint64_t>(i))) / 255.0F;
            inputs.data_ptr<float>()[i] = value;
            x[static_cast<std::size_t>(i / Model::Input::size)][static_cast<int>(i % Model::Input::size)] =
                value;
        }
        for (std::int64_t i = 0; i < images; ++i) {
            const int label = classes.byte(static_cast<std::uint64_t>(i)) % 10;
            labels.data_ptr<std::int64_t>()[i] = label;
            t[static_cast<std::size_t>(i)][label] = 1;
        }
    }
};

/// Trains a module; `loss` is a function of none.
template <class Loss>
void train(torch::nn::Module& net, Loss loss) {
    torch::optim::SGD optimizer(net.parameters(), torch::optim::SGDOptions(0.05).momentum(0.9));
    for (int step = 0; step < steps; ++step) {
        optimizer.zero_grad();
        loss().backward();
        optimizer.step();
    }
}

/// A module with names of its own, as most have them. Its state dict also has a head that only training uses,
/// and a number of another type.
struct Nested : torch::nn::Module {
    torch::nn::Sequential features{torch::nn::Conv2d(1, 4, 3), torch::nn::ReLU(), torch::nn::MaxPool2d(2),
                                   torch::nn::Conv2d(4, 6, 3), torch::nn::ReLU()};
    torch::nn::Sequential classifier{torch::nn::Linear(54, 12), torch::nn::ReLU(), torch::nn::Linear(12, 10)};
    torch::nn::Linear head{54, 10};
    torch::Tensor steps_done;

    Nested() {
        register_module("features", features);
        register_module("classifier", classifier);
        register_module("head", head);
        steps_done = register_buffer("steps", torch::zeros({}, torch::kInt64));
    }
    torch::Tensor forward(const torch::Tensor& x) {
        return classifier->forward(features->forward(x).flatten(1));
    }
    torch::Tensor loss(const torch::Tensor& x, const torch::Tensor& labels) {
        using torch::nn::functional::cross_entropy;
        steps_done += 1;
        return cross_entropy(forward(x), labels) +
               0.3 * cross_entropy(head->forward(features->forward(x).flatten(1)), labels);
    }
};

/// What Python's `save_file({**net.state_dict(), "lamina.test.input": x, "lamina.test.output": net(x)},
/// path)` writes; on purpose not with lamina's code.
template <class Module>
void write(const std::string& path, Module& net, const torch::Tensor& x) {
    std::string header = "{", data;
    const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
        const torch::Tensor t = tensor.detach().contiguous();
        std::string shape;
        for (const std::int64_t extent : t.sizes())
            shape += (shape.empty() ? "" : ",") + std::to_string(extent);
        const std::string dtype = t.scalar_type() == torch::kInt64 ? "I64" : "F32";
        header += (header.size() > 1 ? ",\"" : "\"") + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" +
                  shape + "],\"data_offsets\":[" + std::to_string(data.size());
        data.append(static_cast<const char*>(t.data_ptr()), t.nbytes());
        header += "," + std::to_string(data.size()) + "]}";
    };
    for (const auto& buffer : net.named_buffers())
        add(buffer.key(), buffer.value());
    for (const auto& parameter : net.named_parameters())
        add(parameter.key(), parameter.value());
    add("lamina.test.input", x);
    add("lamina.test.output", net.forward(x));
    header += '}';
    const std::uint64_t length = header.size();
    std::ofstream file{path, std::ios::binary};
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << header << data;
    TORCH_CHECK(file.flush(), path, ": cannot be written");
}

/// What `net.load_state_dict(load_file(path))` does; not with lamina's code either.
void read(const std::string& path, torch::nn::Sequential& net) {
    std::ifstream file{path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    json_t* const header = json_loadb(bytes.data() + 8, length, 0, nullptr);
    torch::NoGradGuard untracked;
    std::size_t read = 0;
    const auto read_into = [&](const std::string& name, const torch::Tensor& tensor) {
        const json_t* entry = json_object_get(header, name.c_str());
        TORCH_CHECK(entry != nullptr, path, " lacks ", name);
        const json_t* shape = json_object_get(entry, "shape");
        TORCH_CHECK(json_array_size(shape) == tensor.sizes().size(), name, ": other rank");
        for (std::size_t axis = 0; axis < json_array_size(shape); ++axis)
            TORCH_CHECK(json_integer_value(json_array_get(shape, axis)) ==
                            tensor.size(static_cast<int>(axis)),
                        name, ": other shape");
        const auto begin = json_integer_value(json_array_get(json_object_get(entry, "data_offsets"), 0));
        std::memcpy(tensor.data_ptr(), bytes.data() + 8 + length + begin, tensor.nbytes());
        ++read;
    };
    for (auto& parameter : net->named_parameters())
        read_into(parameter.key(), parameter.value());
    for (auto& buffer : net->named_buffers())
        if (buffer->is_floating_point()) // the number of batches has a part in no answer
            read_into(buffer.key(), buffer.value());
    TORCH_CHECK(json_object_size(header) == read + 1, path, " has other tensors, too"); // and the metadata
    json_decref(header);
}

template <class Model, class Module>
double largest_difference(const Model& model, Module& net, const Data<Model>& data) {
    const torch::Tensor answers = net.forward(data.inputs).detach().contiguous();
    const auto workspace = std::make_unique<typename Model::Workspace>();
    double largest = 0;
    for (std::size_t i = 0; i < images; ++i) {
        const typename Model::Output y = model.forward(data.x[i], *workspace);
        for (int k = 0; k < y.size; ++k)
            largest =
                std::max(largest, std::abs(static_cast<double>(y[k]) -
                                           answers.data_ptr<float>()[static_cast<int>(i) * y.size + k]));
    }
    return largest;
}

/// Trains a model and reads its file into `net`; returns how far apart their answers are.
template <class Model>
double trained_here(const std::string& path, torch::nn::Sequential& net, const Data<Model>& data) {
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    const auto trained = std::make_unique<Model>(ln::seed{1});
    ln::Trainer trainer{*trained, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.02, .momentum = 0.9},
                        *memory};
    const ln::data::Samples samples{std::span<const typename Model::Input>{data.x},
                                    std::span<const typename Model::Output>{data.t}};
    std::vector<std::uint32_t> all(images);
    for (std::uint32_t i = 0; i < images; ++i)
        all[i] = i;
    for (int step = 0; step < steps; ++step)
        trainer.step(samples, all);
    const std::string own = path + ".lamina";
    ln::save(*trained, own);
    read(own, net);
    std::remove(own.c_str());
    return largest_difference(*trained, *net, data);
}

/// `make` makes PyTorch's network.
template <class Model, class Make>
void check(const std::string& name, const std::string& path, Make make) {
    const Data<Model> data{name};
    torch::manual_seed(1);
    torch::nn::Sequential net = make(), other = make();
    train(*net, [&] { return torch::nn::functional::cross_entropy(net->forward(data.inputs), data.labels); });
    write(path, *net, data.inputs.slice(0, 0, tests));
    const auto model = std::make_unique<Model>();
    ln::load(*model, path, {.tolerance = tolerance});
    const double there = largest_difference(*model, *net, data);

    const double back = trained_here(path, other, data);
    std::cout << name << ": " << Model::parameter_count << " parameters, from PyTorch within " << there
              << ", to PyTorch within " << back << std::endl;
    TORCH_CHECK(there <= tolerance && back <= tolerance, name, ": answers differ by more than ", tolerance);
}

template <class Model>
void check(const std::string& name, const std::string& path) {
    check<Model>(name, path, [] {
        torch::nn::Sequential net;
        for (const ln::LayerInfo& layer : Model::layers)
            add(net, layer);
        return net;
    });
}

/// A state dict with names of its own.
void check_nested(const std::string& path) {
    const Data<SmallNested> data{"small nested"};
    torch::manual_seed(1);
    Nested net;
    train(net, [&] { return net.loss(data.inputs, data.labels); });
    write(path, net, data.inputs.slice(0, 0, tests));
    const auto model = std::make_unique<SmallNested>();
    ln::load(*model, path,
             {.rename = {{"features", ""}, {"classifier.0", "6"}, {"classifier.2", "8"}},
              .ignore = {"head.*", "steps"},
              .tolerance = tolerance});
    const double there = largest_difference(*model, net, data);
    std::cout << "nested: from PyTorch within " << there << std::endl;
    TORCH_CHECK(there <= tolerance, "nested: answers differ by more than ", tolerance);
}

/// Modules in modules, with running statistics and the number of batches, under lamina's own names.
void check_branches(const std::string& path) {
    using Model = BranchModel<ResNet>;
    const Data<Model> data{"resnet"};
    torch::manual_seed(1);
    auto net = branch_network("resnet"), other = branch_network("resnet");
    train(*net, [&] { return torch::nn::functional::cross_entropy(net->forward(data.inputs), data.labels); });
    net->eval();
    other->eval();
    write(path, *net, data.inputs.slice(0, 0, tests));
    const auto model = std::make_unique<Model>();
    ln::load(*model, path, {.tolerance = tolerance});
    const double there = largest_difference(*model, *net, data), back = trained_here(path, other, data);
    std::cout << "resnet: from PyTorch within " << there << ", to PyTorch within " << back << std::endl;
    TORCH_CHECK(there <= tolerance && back <= tolerance, "resnet: answers differ by more than ", tolerance);
}

} // namespace

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::cerr << "usage: oracle_weights <folder>\n";
        return 2;
    }
    torch::set_num_threads(1);
    const std::string folder = std::string(argv[1]) + "/torch_";
    const std::string large = folder + "large.safetensors";
    check<CardModel>("card", large);
    check<LeNet5Model>("lenet5", large);
    check<VGGModel>("vgg-small", large);
    std::remove(large.c_str());
    check<SmallCard>("small card", folder + "card.safetensors");
    check<SmallLeNet5>("small lenet5", folder + "lenet5.safetensors");
    check<SmallVGG>("small vgg", folder + "vgg.safetensors");
    check<SmallActivations>("small activations", folder + "activations.safetensors");
    check<SmallConvolutions>("small convolutions", folder + "convolutions.safetensors", small_convolutions);
    check<SmallSequence>("small sequence", folder + "sequence.safetensors", small_sequence);
    check_nested(folder + "nested.safetensors");
    check_branches(folder + "resnet.safetensors");
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
