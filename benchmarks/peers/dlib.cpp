// lamina and dlib: card and vgg_small. Without dlib's trainer, which feeds from a thread of its own.
#include "compare.hpp"
#include "libraries.hpp"

#include <dlib/dnn.h>

namespace {

using namespace bench;
using dlib::relu, dlib::fc, dlib::max_pool;

template <int Filters, int Padding, class Below>
using conv3 = dlib::add_layer<dlib::con_<Filters, 3, 3, 1, 1, Padding, Padding>, Below>;
template <int Filters, class Below>
using block = max_pool<2, 2, 2, 2, relu<conv3<Filters, 1, relu<conv3<Filters, 1, Below>>>>>;
template <int Channels>
using images = dlib::input<std::array<dlib::matrix<float>, Channels>>;

using CardNet =
    dlib::loss_multiclass_log<fc<10, max_pool<2, 2, 2, 2, dlib::leaky_relu<conv3<16, 0, images<1>>>>>>;
using VggSmallNet =
    dlib::loss_multiclass_log<fc<10, relu<fc<128, block<128, block<64, block<32, images<3>>>>>>>>;

/// Gives dlib's net the weights of `network`, which it holds as one tensor a layer, biases last. Returns a
/// tensor for its input.
template <class Net>
dlib::resizable_tensor prepare(Net& net, const Network& network, int batch) {
    typename Net::input_type sample;
    for (auto& channel : sample)
        channel = dlib::zeros_matrix<float>(network.input[1], network.input[2]);
    const std::vector samples(static_cast<std::size_t>(batch), sample);
    dlib::resizable_tensor x;
    net.to_tensor(samples.begin(), samples.end(), x);
    net.subnet().forward(x); // allocates the weights

    auto layer = network.layers.rbegin(); // dlib counts from the last
    dlib::visit_computational_layers(net, [&](auto& details) {
        const Layer& from = *layer++;
        if (!from.learns())
            return;
        float* to = details.get_layer_params().host();
        if (from.kind == Kind::conv) {
            to = std::copy(from.weight.begin(), from.weight.end(), to);
        } else { // inputs, outputs
            const std::size_t outputs = from.bias.size(), inputs = from.weight.size() / outputs;
            for (std::size_t i = 0; i < inputs; ++i)
                for (std::size_t o = 0; o < outputs; ++o)
                    *to++ = from.weight[o * inputs + i];
        }
        std::copy(from.bias.begin(), from.bias.end(), to);
    });
    return x;
}

template <class Net>
class DlibTrainer {
  public:
    DlibTrainer(const Network& network, int batch)
        : x_{prepare(net_, network, batch)}, labels_(static_cast<std::size_t>(batch)),
          solvers_(Net::num_computational_layers, dlib::sgd{0, static_cast<float>(momentum)}) {}

    /// Bytes go straight into dlib's tensor, which saves its way over matrices.
    float train(const lamina::data::Images& images, std::span<const std::uint32_t> indices) {
        float* to = x_.host_write_only();
        for (std::size_t i = 0; i < indices.size(); ++i) {
            const std::uint8_t* pixels = images.image(indices[i]).pixels();
            for (std::size_t p = 0; p < images.shape().size(); ++p)
                *to++ = static_cast<float>(pixels[p]) * (1.0F / 255.0F);
            labels_[i] = static_cast<unsigned long>(images.label(indices[i]));
        }
        const double loss = net_.compute_parameter_gradients(x_, labels_.begin());
        net_.update_parameters(dlib::make_sstack(solvers_), learning_rate);
        return static_cast<float>(loss);
    }

  private:
    Net net_;
    dlib::resizable_tensor x_;
    std::vector<unsigned long> labels_;
    std::vector<dlib::sgd> solvers_;
};

template <class Net>
class DlibInference {
  public:
    DlibInference(const Network& network, int batch) : x_{prepare(net_, network, batch)} {}

    void infer(const float* x, float* y) {
        std::copy_n(x, x_.size(), x_.host_write_only());
        const dlib::tensor& scores = net_.subnet().forward(x_);
        std::copy_n(scores.host(), scores.size(), y);
    }

  private:
    Net net_;
    dlib::resizable_tensor x_;
};

} // namespace

int main(int count, char** arguments) {
    restart_with_settings(arguments);
    keep_memory();
    add_training<DlibTrainer<CardNet>>("dlib", "card", {16, 64, 256});
    add_inference<DlibInference<CardNet>>("dlib", "card", {16, 64, 256});
    add_training<DlibTrainer<VggSmallNet>>("dlib", "vgg_small", {16, 64});
    add_inference<DlibInference<VggSmallNet>>("dlib", "vgg_small", {16, 64});
    return run_all(count, arguments);
}
