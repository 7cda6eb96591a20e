// What whole.cpp does, as dlib's own examples write it (dnn_introduction_ex.cpp, dnn_introduction2_ex.cpp).
// NETWORK is Card or VggSmall.
#include <dlib/data_io.h>
#include <dlib/dnn.h>

#include <cstdio>

namespace {

using dlib::relu, dlib::fc, dlib::max_pool;

template <int Filters, int Padding, class Below>
using conv3 = dlib::add_layer<dlib::con_<Filters, 3, 3, 1, 1, Padding, Padding>, Below>;
template <int Filters, class Below>
using block = max_pool<2, 2, 2, 2, relu<conv3<Filters, 1, relu<conv3<Filters, 1, Below>>>>>;

struct Card {
    using Image = dlib::matrix<unsigned char>;
    using Net = dlib::loss_multiclass_log<
        fc<10, max_pool<2, 2, 2, 2, dlib::leaky_relu<conv3<16, 0, dlib::input<Image>>>>>>;
    static constexpr auto load = dlib::load_mnist_dataset;
};
struct VggSmall {
    using Image = dlib::matrix<dlib::rgb_pixel>;
    using Net = dlib::loss_multiclass_log<
        fc<10, relu<fc<128, block<128, block<64, block<32, dlib::input<Image>>>>>>>>;
    static constexpr auto load = dlib::load_cifar_10_dataset;
};

} // namespace

int main(int, char** arguments) {
    std::vector<NETWORK::Image> images, test_images;
    std::vector<unsigned long> labels, test_labels;
    NETWORK::load(arguments[1], images, labels, test_images, test_labels);

    NETWORK::Net net;
    dlib::dnn_trainer trainer{net, dlib::sgd{0, 0.9F}};
    trainer.set_learning_rate(0.05);
    trainer.set_mini_batch_size(64);
    trainer.set_max_num_epochs(5);
    trainer.train(images, labels);

    const std::vector<unsigned long> found = net(test_images);
    std::size_t right = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
        right += found[i] == test_labels[i] ? 1 : 0;
    std::printf("%.4f of %zu test images\n", static_cast<double>(right) / static_cast<double>(found.size()),
                found.size());
    net.clean();
    dlib::serialize(arguments[2]) << net;
    dlib::deserialize(arguments[2]) >> net;
}
