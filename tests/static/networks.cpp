// Shapes, names, parameters and work of the networks that the benchmarks measure, worked out by hand.
#include "../../benchmarks/runtime/networks.hpp"

namespace {

namespace ln = lamina;
using ln::dims;

template <class Model>
constexpr bool is_layer(std::size_t index, std::string_view name, dims output, int parameters,
                        long long macs) {
    const ln::LayerInfo& l = Model::layers[index];
    const dims input = index == 0 ? Model::input_shape::extents : Model::layers[index - 1].output;
    return l.name == name && l.input == input && l.output == output && l.parameters == parameters &&
           l.macs == macs &&
           l.bytes == static_cast<long long>(output.size() * sizeof(typename Model::scalar));
}

using Card = bench::CardModel;
static_assert(Card::layers.size() == 4);
static_assert(is_layer<Card>(0, "Conv<16,3,1>", {16, 26, 26}, 160, 97'344));
static_assert(is_layer<Card>(1, "LeakyReLU<>", {16, 26, 26}, 0, 0));
static_assert(is_layer<Card>(2, "MaxPool<2,2>", {16, 13, 13}, 0, 0));
static_assert(is_layer<Card>(3, "Dense<10>", {10}, 27'050, 27'040));
static_assert(Card::parameter_count == 27'210 && Card::macs == 124'384);

using Lenet5 = bench::Lenet5Model;
static_assert(Lenet5::layers.size() == 11);
static_assert(is_layer<Lenet5>(0, "Conv<6,5,1,2>", {6, 28, 28}, 156, 117'600));
static_assert(is_layer<Lenet5>(1, "Tanh", {6, 28, 28}, 0, 0));
static_assert(is_layer<Lenet5>(2, "AvgPool<2,2>", {6, 14, 14}, 0, 0));
static_assert(is_layer<Lenet5>(3, "Conv<16,5,1>", {16, 10, 10}, 2'416, 240'000));
static_assert(is_layer<Lenet5>(5, "AvgPool<2,2>", {16, 5, 5}, 0, 0));
static_assert(is_layer<Lenet5>(6, "Dense<120>", {120}, 48'120, 48'000));
static_assert(is_layer<Lenet5>(8, "Dense<84>", {84}, 10'164, 10'080));
static_assert(is_layer<Lenet5>(10, "Dense<10>", {10}, 850, 840));
static_assert(Lenet5::parameter_count == 61'706 && Lenet5::macs == 416'520);

using Mlp = bench::MlpModel;
static_assert(is_layer<Mlp>(0, "Dense<128>", {128}, 100'480, 100'352));
static_assert(is_layer<Mlp>(1, "ReLU", {128}, 0, 0));
static_assert(is_layer<Mlp>(2, "Dense<64>", {64}, 8'256, 8'192));
static_assert(is_layer<Mlp>(4, "Dense<10>", {10}, 650, 640));
static_assert(Mlp::parameter_count == 109'386 && Mlp::macs == 109'184);

using Vgg = bench::VggSmallModel;
static_assert(Vgg::layers.size() == 18);
static_assert(is_layer<Vgg>(0, "Conv<32,3,1,1>", {32, 32, 32}, 896, 884'736));
static_assert(is_layer<Vgg>(2, "Conv<32,3,1,1>", {32, 32, 32}, 9'248, 9'437'184));
static_assert(is_layer<Vgg>(4, "MaxPool<2,2>", {32, 16, 16}, 0, 0));
static_assert(is_layer<Vgg>(5, "Conv<64,3,1,1>", {64, 16, 16}, 18'496, 4'718'592));
static_assert(is_layer<Vgg>(12, "Conv<128,3,1,1>", {128, 8, 8}, 147'584, 9'437'184));
static_assert(is_layer<Vgg>(14, "MaxPool<2,2>", {128, 4, 4}, 0, 0));
static_assert(is_layer<Vgg>(15, "Dense<128>", {128}, 262'272, 262'144));
static_assert(Vgg::parameter_count == 550'570 && Vgg::macs == 38'896'896);

// Where parameters lie in the flat array: weight then bias, layer after layer, each rounded up to 16 floats.
template <class Model, int I>
consteval bool lies_at(std::ptrdiff_t weight, std::ptrdiff_t bias) {
    const Model m;
    return m.template weight<I>().data() - m.parameters().data() == weight &&
           m.template bias<I>().data() - m.parameters().data() == bias;
}
static_assert(lies_at<Card, 0>(0, 144));
static_assert(lies_at<Card, 3>(160, 27'200));
static_assert(Card::parameter_extent == 27'216);
static_assert(lies_at<Lenet5, 0>(0, 160)); // 150 weights
static_assert(lies_at<Lenet5, 3>(176, 2'576));
static_assert(lies_at<Lenet5, 6>(2'592, 50'592));
static_assert(lies_at<Lenet5, 8>(50'720, 60'800));
static_assert(lies_at<Lenet5, 10>(60'896, 61'744));
static_assert(Lenet5::parameter_extent == 61'760);

// A view has the shape that the layer's documentation says.
static_assert(std::is_same_v<decltype(Lenet5{}.weight<3>())::shape, ln::Shape<6, 5, 5, 16>>);
static_assert(std::is_same_v<decltype(Lenet5{}.bias<3>())::shape, ln::Shape<16>>);
static_assert(std::is_same_v<decltype(Lenet5{}.weight<6>())::shape, ln::Shape<120, 400>>);

// Folding batch norms changes no multiply-adds.
static_assert(bench::Resnet8Model::macs == 12'501'632 &&
              bench::FoldedModel<bench::Resnet8Model>::macs == 12'501'632);

} // namespace

// A signal of many samples: what is worked out of its width while compiling does not count every one of them.
using Signal =
    ln::Model<ln::Net<ln::Conv<2, 3, 1, 1>, ln::ReLU, ln::Conv<2, 5, 3, 2>, ln::ReLU, ln::Dense<2>>,
              ln::Shape<1, 3, 1'500'000>>;
static_assert(Signal::inference_bytes > 0 && Signal::training_bytes<ln::SGD> > 0);

// Names are the shortest that say the same.
static_assert(ln::MaxPool<ln::size{2, 2}, 2, ln::pad{}>::name == std::string_view{"MaxPool<2,2>"});
static_assert(ln::MaxPool<3, 2, ln::pad{0, 1, 0, 1}>::name == std::string_view{"MaxPool<3,2,pad{0,1,0,1}>"});
static_assert(ln::AvgPool<ln::size{3, 1}, 2, ln::same>::name ==
              std::string_view{"AvgPool<size{3,1},2,same>"});
static_assert(ln::AvgPool<3, ln::size{2, 1}, 1, false>::name ==
              std::string_view{"AvgPool<3,size{2,1},1,false>"});
static_assert(ln::AvgPool<2, 2, 0, false>::name == std::string_view{"AvgPool<2,2>"});

// A convolution takes along the max pools whose windows are squares that tile its output, and no others.
template <class Pool>
constexpr int operations =
    ln::Model<ln::Net<ln::Conv<4, 3>, Pool>, ln::Shape<1, 11, 11>>::plan::Training::operations.count;
static_assert(operations<ln::MaxPool<3, 3>> == 1 && operations<ln::MaxPool<ln::size{3, 3}, 3, 0>> == 1);
static_assert(operations<ln::MaxPool<3, 3, 1>> == 2 && operations<ln::MaxPool<3, 3, ln::same>> == 2);
static_assert(operations<ln::MaxPool<ln::size{3, 1}, ln::size{3, 1}>> == 2 &&
              operations<ln::MaxPool<3, 2>> == 2);
