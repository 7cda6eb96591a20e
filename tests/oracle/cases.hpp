// The cases the references cover, listed once: the generator runs them in PyTorch, the tests in lamina.
// Everything here is constexpr, so that a row can be a test's template arguments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace oracle {

struct Image {
    int channels, height, width;
};

inline std::string name(const Image& i) {
    return std::to_string(i.channels) + 'x' + std::to_string(i.height) + 'x' + std::to_string(i.width);
}

// Layers: records y, dx and, where there are parameters, dweight and dbias.

struct ConvCase {
    Image input;
    int filters, kernel, stride, padding;
};

inline constexpr std::array conv_cases{
    ConvCase{{1, 5, 5}, 1, 1, 1, 0},   ConvCase{{1, 9, 11}, 6, 5, 1, 2},  ConvCase{{3, 11, 9}, 16, 3, 2, 0},
    ConvCase{{5, 7, 7}, 17, 3, 1, 0},  ConvCase{{17, 6, 5}, 16, 3, 1, 1}, ConvCase{{17, 4, 9}, 17, 1, 1, 0},
    ConvCase{{5, 13, 8}, 6, 7, 1, 2},  ConvCase{{3, 7, 7}, 1, 7, 1, 0},   ConvCase{{1, 10, 7}, 10, 3, 3, 1},
    ConvCase{{3, 9, 14}, 6, 5, 2, 2},  ConvCase{{5, 6, 6}, 16, 1, 2, 0},  ConvCase{{1, 3, 3}, 17, 5, 1, 1},
    ConvCase{{3, 10, 10}, 6, 3, 3, 2}, ConvCase{{4, 6, 6}, 32, 3, 1, 1},  ConvCase{{5, 8, 11}, 17, 7, 3, 2},
};

inline std::string name(const ConvCase& c) {
    return "conv/" + name(c.input) + " f" + std::to_string(c.filters) + " k" + std::to_string(c.kernel) +
           " s" + std::to_string(c.stride) + " p" + std::to_string(c.padding);
}

struct Extent {
    int height, width;
};
struct Sides {
    int top, bottom, left, right;
};
enum class Convolution { image, depthwise, sequence, transposed };

// A convolution with arguments of any kind. `padding` is in numbers, also where lamina is told `same`: these
// are TensorFlow's, worked out by hand. A sequence is an image of one row. A transposed convolution cuts them
// off its output.
struct ConvolutionCase {
    Convolution kind;
    Image input;
    int filters;
    Extent kernel, stride;
    Sides padding;
    Extent dilation = {1, 1};
    int groups = 1;
    bool is_same = false, has_bias = true;
};

inline constexpr std::array convolution_cases{
    // Rectangular kernels, strides and padding.
    ConvolutionCase{Convolution::image, {3, 5, 9}, 5, {1, 3}, {1, 2}, {0, 0, 0, 0}},
    ConvolutionCase{Convolution::image, {2, 7, 4}, 17, {3, 1}, {2, 1}, {1, 1, 0, 0}},
    ConvolutionCase{Convolution::image, {2, 9, 8}, 4, {5, 2}, {3, 2}, {0, 2, 1, 0}},
    ConvolutionCase{Convolution::image, {3, 8, 6}, 16, {3, 3}, {2, 2}, {0, 1, 0, 1}},
    ConvolutionCase{Convolution::image, {2, 4, 5}, 3, {3, 3}, {1, 1}, {2, 0, 0, 0}},
    // TensorFlow's `same`. Rows: 11 windows over 21 rows reach 20 + 10, columns: 5 over 10 reach 8 + 4.
    ConvolutionCase{Convolution::image, {1, 21, 10}, 6, {10, 4}, {2, 2}, {4, 5, 1, 1}, {1, 1}, 1, true},
    // 4 over 7 rows reach 6 + 3, 4 over 8 columns 6 + 3.
    ConvolutionCase{Convolution::image, {2, 7, 8}, 4, {3, 3}, {2, 2}, {1, 1, 0, 1}, {1, 1}, 1, true},
    // 3 over 8 rows reach 6 + 2, 3 over 7 columns 6 + 2.
    ConvolutionCase{Convolution::image, {1, 8, 7}, 3, {2, 2}, {3, 3}, {0, 0, 0, 1}, {1, 1}, 1, true},
    // 4 over 7 rows reach 6 + 1: no padding.
    ConvolutionCase{Convolution::image, {3, 7, 6}, 5, {1, 1}, {2, 2}, {0, 0, 0, 0}, {1, 1}, 1, true},
    // Dilation.
    ConvolutionCase{Convolution::image, {3, 9, 8}, 6, {3, 3}, {1, 1}, {2, 2, 2, 2}, {2, 2}},
    ConvolutionCase{Convolution::image, {2, 11, 12}, 3, {3, 3}, {1, 1}, {4, 4, 4, 4}, {4, 4}},
    ConvolutionCase{Convolution::image, {2, 11, 10}, 17, {3, 3}, {2, 1}, {0, 3, 0, 0}, {4, 2}},
    // 5 over 10 rows reach 8 + 5, 6 over 11 columns 10 + 5.
    ConvolutionCase{Convolution::image, {1, 10, 11}, 4, {3, 2}, {2, 2}, {1, 2, 2, 2}, {2, 4}, 1, true},
    // Groups.
    ConvolutionCase{Convolution::image, {4, 6, 5}, 6, {3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 2},
    ConvolutionCase{Convolution::image, {6, 4, 4}, 34, {1, 1}, {1, 1}, {0, 0, 0, 0}, {1, 1}, 2},
    ConvolutionCase{Convolution::image, {5, 6, 7}, 5, {3, 2}, {2, 1}, {0, 1, 1, 0}, {1, 2}, 5},
    ConvolutionCase{Convolution::image, {3, 5, 5}, 4, {3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 1, false, false},
    ConvolutionCase{Convolution::depthwise, {17, 6, 5}, 17, {3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, 17},
    ConvolutionCase{Convolution::depthwise, {3, 7, 8}, 6, {3, 3}, {2, 2}, {1, 1, 0, 1}, {1, 1}, 3, true},
    ConvolutionCase{
        Convolution::depthwise, {4, 12, 1}, 4, {10, 1}, {1, 1}, {0, 0, 0, 0}, {1, 1}, 4, false, false},
    // Sequences.
    ConvolutionCase{Convolution::sequence, {3, 1, 11}, 5, {1, 3}, {1, 1}, {0, 0, 1, 1}},
    // 5 over 9 reach 8 + 4.
    ConvolutionCase{Convolution::sequence, {2, 1, 9}, 17, {1, 4}, {1, 2}, {0, 0, 1, 2}, {1, 1}, 1, true},
    ConvolutionCase{Convolution::sequence, {4, 1, 12}, 6, {1, 3}, {1, 1}, {0, 0, 6, 0}, {1, 3}, 2},
    ConvolutionCase{
        Convolution::sequence, {3, 1, 14}, 4, {1, 2}, {1, 3}, {0, 0, 0, 1}, {1, 4}, 1, false, false},
    // Transposed: as in decoders, odd sizes, PyTorch's output padding, groups, dilation.
    ConvolutionCase{Convolution::transposed, {3, 4, 5}, 6, {4, 4}, {2, 2}, {1, 1, 1, 1}},
    ConvolutionCase{Convolution::transposed, {5, 5, 7}, 3, {3, 3}, {2, 2}, {1, 0, 1, 0}},
    ConvolutionCase{
        Convolution::transposed, {4, 5, 3}, 6, {3, 3}, {2, 2}, {1, 1, 1, 1}, {1, 1}, 2, false, false},
    ConvolutionCase{Convolution::transposed, {2, 4, 3}, 4, {3, 2}, {3, 1}, {1, 0, 0, 2}, {2, 3}},
    // `same`: of 10 rows, 5 windows reach 8 + 3; of 6 columns, 3 reach 4 + 4.
    ConvolutionCase{Convolution::transposed, {2, 5, 3}, 3, {3, 4}, {2, 2}, {0, 1, 1, 1}, {1, 1}, 1, true},
    // Of 9 rows, 3 windows reach 6 + 2, one less, which PyTorch calls an output padding of 1; columns
    // likewise.
    ConvolutionCase{Convolution::transposed, {3, 3, 2}, 2, {2, 1}, {3, 2}, {0, -1, 0, -1}, {1, 1}, 1, true},
};

constexpr int fan_in(const ConvolutionCase& c) noexcept {
    return c.input.channels / c.groups * c.kernel.height * c.kernel.width;
}

inline std::string name(const Extent& e) {
    return std::to_string(e.height) + 'x' + std::to_string(e.width);
}
inline std::string name(const ConvolutionCase& c) {
    constexpr const char* kinds[]{"image ", "depthwise ", "sequence ", "transposed "};
    std::string sides;
    for (const int side : {c.padding.top, c.padding.bottom, c.padding.left, c.padding.right})
        sides += (sides.empty() ? "" : ",") + std::to_string(side);
    return "convolution/" + std::string(kinds[static_cast<int>(c.kind)]) + name(c.input) + " f" +
           std::to_string(c.filters) + " k" + name(c.kernel) + " s" + name(c.stride) + " p" + sides + " d" +
           name(c.dilation) + " g" + std::to_string(c.groups) + (c.has_bias ? "" : " no bias");
}

// Recurrent layers, one behind the other: records y, dx and the gradients of all parameters of each layer.
struct RecurrentCase {
    bool is_gru;
    int inputs, units, layers, steps;
    bool is_bidirectional = false;
};

inline constexpr std::array recurrent_cases{
    RecurrentCase{false, 3, 5, 1, 1},       RecurrentCase{false, 2, 8, 2, 17},
    RecurrentCase{false, 1, 16, 3, 100},    RecurrentCase{false, 17, 40, 1, 2},
    RecurrentCase{true, 3, 5, 1, 2},        RecurrentCase{true, 2, 17, 2, 17},
    RecurrentCase{true, 4, 8, 3, 100},      RecurrentCase{true, 1, 1, 1, 1},
    RecurrentCase{false, 3, 5, 1, 6, true}, RecurrentCase{true, 2, 4, 2, 9, true},
};

inline std::string name(const RecurrentCase& c) {
    return std::string(c.is_bidirectional ? "bidirectional " : "") + (c.is_gru ? "gru/" : "lstm/") +
           std::to_string(c.inputs) + " units " + std::to_string(c.units) + " layers " +
           std::to_string(c.layers) + " steps " + std::to_string(c.steps);
}

// A recurrent layer and a linear one behind it, "out", trained by SGD on recordings, window by window:
// records the mean loss of each epoch, and the parameters after the last. With `learns_state` a sequence
// begins with the parameters h_0 and c_0. With `carries_state` the recordings run side by side, a step takes
// the next window of each, and the window begins with the state that the one before has left, detached
// (truncated back-propagation); otherwise a step takes all windows.
struct RecordingsCase {
    bool is_gru, learns_state, carries_state;
    int inputs, units, steps, windows, recordings;
};
inline constexpr std::array recordings_cases{
    RecordingsCase{false, false, true, 2, 5, 6, 4, 3}, RecordingsCase{true, false, true, 1, 4, 5, 3, 2},
    RecordingsCase{false, true, true, 1, 3, 7, 3, 9},  RecordingsCase{true, true, true, 2, 6, 4, 4, 3},
    RecordingsCase{false, true, false, 3, 4, 5, 2, 3}, RecordingsCase{true, true, false, 1, 5, 6, 3, 2},
};
inline constexpr int recordings_epochs = 3;
inline constexpr float recordings_rate = 0.125f, recordings_momentum = 0.75f;

inline std::string name(const RecordingsCase& c) {
    return std::string("recordings/") + (c.is_gru ? "gru" : "lstm") +
           (c.learns_state ? " learns state" : "") + (c.carries_state ? " carries state" : "");
}

// The input is the sequence times `scale`; with 0, all elements of a window are the largest.
struct PoolCase {
    Image input;
    int size, stride, scale = 1;
};

// Each is run as max pooling and as average pooling.
inline constexpr std::array pool_cases{
    PoolCase{{3, 7, 9}, 2, 2}, PoolCase{{5, 9, 8}, 3, 2},    PoolCase{{1, 10, 11}, 3, 3},
    PoolCase{{2, 5, 6}, 2, 1}, PoolCase{{17, 6, 4}, 2, 2},   PoolCase{{1, 3, 3}, 3, 3},
    PoolCase{{3, 8, 7}, 2, 3}, PoolCase{{2, 6, 7}, 2, 2, 0}, PoolCase{{2, 6, 7}, 3, 1, 0},
};

inline std::string name(const char* kind, const PoolCase& c) {
    return std::string(kind) + "_pool/" + name(c.input) + " k" + std::to_string(c.size) + " s" +
           std::to_string(c.stride) + " times " + std::to_string(c.scale);
}

// Pools with arguments of any kind, and the layers that give an image another size. `size` is that of the
// window, of the output, or the factor. A sequence is an image of one row.
enum class Pooling {
    max,
    average,
    average_of_cells,
    global_max,
    global_average,
    adaptive,
    nearest,
    bilinear
};

struct PoolingCase {
    Pooling kind;
    Image input;
    Extent size = {1, 1}, stride = {1, 1}, padding = {0, 0};
    bool is_sequence = false;
};

inline constexpr std::array pooling_cases{
    PoolingCase{Pooling::max, {3, 7, 9}, {3, 3}, {2, 2}, {1, 1}},
    PoolingCase{Pooling::max, {17, 5, 6}, {2, 5}, {1, 3}, {1, 2}},
    PoolingCase{Pooling::max, {2, 6, 4}, {4, 1}, {3, 1}, {2, 0}},
    PoolingCase{Pooling::max, {5, 1, 11}, {1, 3}, {1, 2}, {0, 1}, true},
    PoolingCase{Pooling::average, {3, 7, 9}, {3, 3}, {2, 2}, {1, 1}},
    PoolingCase{Pooling::average, {17, 5, 6}, {2, 5}, {1, 3}, {1, 2}},
    PoolingCase{Pooling::average, {5, 1, 11}, {1, 4}, {1, 3}, {0, 2}, true},
    PoolingCase{Pooling::average_of_cells, {3, 7, 9}, {3, 3}, {2, 2}, {1, 1}},
    PoolingCase{Pooling::average_of_cells, {2, 6, 4}, {4, 1}, {3, 1}, {2, 0}},
    PoolingCase{Pooling::average_of_cells, {5, 1, 11}, {1, 4}, {1, 3}, {0, 2}, true},
    PoolingCase{Pooling::global_max, {17, 5, 6}},
    PoolingCase{Pooling::global_max, {3, 1, 9}, {1, 1}, {1, 1}, {0, 0}, true},
    PoolingCase{Pooling::global_average, {17, 5, 6}},
    PoolingCase{Pooling::global_average, {3, 1, 9}, {1, 1}, {1, 1}, {0, 0}, true},
    PoolingCase{Pooling::adaptive, {3, 7, 9}, {3, 4}},
    PoolingCase{Pooling::adaptive, {17, 3, 2}, {5, 2}},
    PoolingCase{Pooling::adaptive, {2, 1, 11}, {1, 4}, {1, 1}, {0, 0}, true},
    PoolingCase{Pooling::nearest, {3, 4, 3}, {2, 2}},
    PoolingCase{Pooling::nearest, {17, 2, 5}, {3, 1}},
    PoolingCase{Pooling::bilinear, {3, 4, 3}, {2, 2}},
    PoolingCase{Pooling::bilinear, {17, 2, 5}, {3, 1}},
    PoolingCase{Pooling::bilinear, {2, 1, 7}, {1, 4}, {1, 1}, {0, 0}, true},
};

inline std::string name(const PoolingCase& c) {
    constexpr const char* kinds[]{"max",      "average", "average of cells", "global max", "global average",
                                  "adaptive", "nearest", "bilinear"};
    return "pooling/" + std::string(kinds[static_cast<int>(c.kind)]) + ' ' + name(c.input) + " k" +
           name(c.size) + " s" + name(c.stride) + " p" + name(c.padding);
}

// An image is flattened first; {n, 1, 1} stands for a vector of n.
struct DenseCase {
    Image input;
    int outputs;
    bool has_bias = true;
};

inline constexpr std::array dense_cases{
    DenseCase{{37, 1, 1}, 11},        DenseCase{{1, 1, 1}, 1},        DenseCase{{128, 1, 1}, 10},
    DenseCase{{17, 1, 1}, 3},         DenseCase{{3, 5, 4}, 7},        DenseCase{{16, 2, 3}, 17},
    DenseCase{{23, 1, 1}, 17, false}, DenseCase{{3, 4, 3}, 5, false},
};

inline std::string name(const DenseCase& c) {
    return "dense/" + name(c.input) + " to " + std::to_string(c.outputs) + (c.has_bias ? "" : " no bias");
}

enum class Activation {
    relu,
    leaky_relu_1_100,
    leaky_relu_1_4,
    tanh,
    sigmoid,
    softmax,
    relu6,
    elu,
    elu_1_2,
    silu,
    gelu,
    gelu_tanh,
    hard_swish,
    scale_1_50,
};

// The input is the sequence times `scale`, which is large where a careless formula overflows; with 0, it is
// whole numbers around 0, at some of which a slope jumps.
struct ActivationCase {
    Activation kind;
    Image input;
    int scale;
};

inline constexpr std::array activation_cases{
    ActivationCase{Activation::relu, {3, 5, 7}, 1},
    ActivationCase{Activation::relu, {3, 1, 1}, 0},
    ActivationCase{Activation::leaky_relu_1_100, {3, 5, 7}, 1},
    ActivationCase{Activation::leaky_relu_1_4, {3, 5, 7}, 1},
    ActivationCase{Activation::leaky_relu_1_4, {3, 1, 1}, 0},
    ActivationCase{Activation::tanh, {3, 5, 7}, 4},
    ActivationCase{Activation::tanh, {23, 1, 1}, 1024},
    ActivationCase{Activation::sigmoid, {3, 5, 7}, 4},
    ActivationCase{Activation::sigmoid, {23, 1, 1}, 1024},
    ActivationCase{Activation::softmax, {10, 1, 1}, 4},
    ActivationCase{Activation::softmax, {17, 1, 1}, 1024},
    ActivationCase{Activation::softmax, {1, 1, 1}, 1},
    ActivationCase{Activation::relu6, {3, 5, 7}, 16},
    ActivationCase{Activation::relu6, {17, 1, 1}, 0},
    ActivationCase{Activation::elu, {3, 5, 7}, 4},
    ActivationCase{Activation::elu, {23, 1, 1}, 1024},
    ActivationCase{Activation::elu_1_2, {3, 5, 7}, 4},
    ActivationCase{Activation::elu_1_2, {17, 1, 1}, 0},
    ActivationCase{Activation::silu, {3, 5, 7}, 4},
    ActivationCase{Activation::silu, {23, 1, 1}, 64},
    ActivationCase{Activation::silu, {23, 1, 1}, 1024},
    ActivationCase{Activation::gelu, {3, 5, 7}, 4},
    ActivationCase{Activation::gelu, {23, 1, 1}, 16},
    ActivationCase{Activation::gelu, {23, 1, 1}, 1024},
    ActivationCase{Activation::gelu_tanh, {3, 5, 7}, 4},
    ActivationCase{Activation::gelu_tanh, {23, 1, 1}, 16},
    ActivationCase{Activation::gelu_tanh, {23, 1, 1}, 1024},
    ActivationCase{Activation::hard_swish, {3, 5, 7}, 8},
    ActivationCase{Activation::hard_swish, {23, 1, 1}, 1024},
    ActivationCase{Activation::scale_1_50, {3, 5, 7}, 1},
};

/// Element i of the input of n elements, which is named for its case.
inline double activation_input(const ActivationCase& c, double of_the_sequence, std::size_t i,
                               std::size_t n) {
    return c.scale == 0 ? static_cast<double>(i) - static_cast<double>(n / 2) : c.scale * of_the_sequence;
}

inline std::string name(const ActivationCase& c) {
    constexpr const char* names[]{
        "relu", "leaky_relu_1_100", "leaky_relu_1_4", "tanh", "sigmoid",   "softmax",    "relu6",
        "elu",  "elu_1_2",          "silu",           "gelu", "gelu_tanh", "hard_swish", "scale_1_50"};
    return std::string(names[static_cast<int>(c.kind)]) + '/' + name(c.input) +
           (c.scale == 0 ? " whole" : " times " + std::to_string(c.scale));
}

// One slope for all channels, or one for each. The slopes are the sequence, so some are negative.
struct PReLUCase {
    Image input;
    int slopes;
};

inline constexpr std::array prelu_cases{PReLUCase{{3, 5, 7}, 1}, PReLUCase{{17, 4, 3}, 17},
                                        PReLUCase{{23, 1, 1}, 1}, PReLUCase{{10, 1, 1}, 10}};

inline std::string name(const PReLUCase& c) {
    return "prelu/" + name(c.input) + " of " + std::to_string(c.slopes);
}

// Normalisation. LayerNorm is over all elements of an image or vector; weight and bias are the sequence.
// BatchNorm records y of inference, where the running mean and variance are the sequence and 1.5 + the
// sequence; what it does in training is in the runs of the net "norms".
inline constexpr std::array norm_cases{Image{3, 5, 7}, Image{17, 4, 3}, Image{37, 1, 1}, Image{5, 1, 1}};

inline std::string name(const char* kind, const Image& c) {
    return std::string(kind) + '/' + name(c);
}

// Answers: records softmax, argmax, and the indices of the three largest (topk), of the sequence "answer/..."
// times `scale`; then argmax and topk again (nan/...), of the same with NaN at index 1.

struct AnswerCase {
    Image shape;
    int scale;
};

inline constexpr std::array answer_cases{AnswerCase{{10, 1, 1}, 4}, AnswerCase{{2, 3, 4}, 1024}};
inline constexpr int answer_top = 3;

inline std::string name(const AnswerCase& c) {
    return "answer/" + name(c.shape) + " times " + std::to_string(c.scale);
}

// Losses: records value (the mean over the batch) and dlogits (of that mean). Labels are bytes of the
// sequence ".../labels" modulo the outputs; the target of regression losses is the sequence ".../target",
// that of the soft cross entropy 1 more, from 0 to 2: classes whose weights do not sum to 1. That of the
// binary cross entropy is 1 where the sequence is above 0, else 0, and in the last sample its magnitude.

// `setting` is the loss's own: label_smoothing, positive_weight or delta. The weight of class i is
// class_weight(i). Settings are exact in float.
struct LossCase {
    int batch, outputs, scale;
    float setting = 0;
};

inline constexpr std::array cross_entropy_cases{LossCase{5, 10, 4}, LossCase{5, 10, 8192}, LossCase{3, 2, 1}};
inline constexpr std::array soft_cross_entropy_cases{LossCase{5, 10, 4}, LossCase{5, 10, 8192},
                                                     LossCase{3, 2, 1}};
// The mean is over all elements, outputs included.
inline constexpr std::array squared_error_cases{LossCase{5, 10, 1}, LossCase{3, 1, 4}};

inline constexpr std::array absolute_error_cases{LossCase{5, 10, 1}, LossCase{3, 1, 4}};
inline constexpr std::array huber_cases{LossCase{5, 10, 2, 1}, LossCase{5, 10, 8192, 0.5f},
                                        LossCase{3, 1, 4, 2.5f}};
inline constexpr std::array binary_cases{LossCase{5, 10, 4, 1}, LossCase{5, 10, 8192, 1},
                                         LossCase{6, 1, 32, 0.25f}, LossCase{5, 4, 128, 3.5f}};
// Both of labels and of soft targets.
inline constexpr std::array smoothed_cases{LossCase{5, 10, 4, 0.125f}, LossCase{5, 10, 8192, 0.125f},
                                           LossCase{3, 2, 1, 1}};
inline constexpr std::array weighted_cases{LossCase{5, 10, 4, 0}, LossCase{5, 10, 4, 0.25f},
                                           LossCase{5, 10, 8192, 0.25f}, LossCase{3, 2, 1, 0}};

constexpr double class_weight(int i) noexcept {
    return i % 3 == 1 ? 2.5 : 0.25 * (1 + i);
}

// Cross entropy at each step of sequences: logits of batch,outputs,steps, labels of batch,steps. Records
// value and dlogits, with label smoothing `setting` and, if weighted, the weights of classes.
struct StepsCase {
    int batch, outputs, steps;
    float setting;
    bool weighted;
};
inline constexpr std::array steps_cases{StepsCase{5, 10, 7, 0, false}, StepsCase{3, 2, 17, 0.25f, false},
                                        StepsCase{5, 4, 6, 0, true}, StepsCase{2, 10, 1, 0.25f, true}};

inline std::string name(const StepsCase& c) {
    return "cross_entropy_of_steps/" + std::to_string(c.batch) + 'x' + std::to_string(c.outputs) + 'x' +
           std::to_string(c.steps) + " with " + std::to_string(static_cast<int>(1000 * c.setting)) + "/1000" +
           (c.weighted ? " weighted" : "");
}

// The loss of spectra of docs/examples/sound: the mean over these short-time Fourier transforms, and over a
// batch of signals, "stft/y" and "stft/t". Records stft/value and stft/dy.
struct StftCase {
    int transform, hop, window;
};
inline constexpr std::array stft_cases{StftCase{32, 8, 32}, StftCase{15, 5, 12}, StftCase{64, 11, 40}};
inline constexpr int stft_batch = 2, stft_steps = 96;
inline constexpr double stft_epsilon = 1e-7;

inline std::string name(const char* kind, const LossCase& c) {
    return std::string(kind) + '/' + std::to_string(c.batch) + 'x' + std::to_string(c.outputs) + " times " +
           std::to_string(c.scale) +
           (c.setting > 0 ? " with " + std::to_string(static_cast<int>(1000 * c.setting)) + "/1000" : "");
}

// Optimisers: record of shape [steps, parameters], the parameters after each step. They start at the sequence
// "optimizer/start"; the gradient of step t (from 0) is the sequence "optimizer/gradient t".

inline constexpr int optimizer_steps = 5;
inline constexpr int optimizer_parameters = 50;

// Hyperparameters are floats, here and in the generator, which widens them: a float and a double model then
// train with the very same numbers.
struct SGDCase {
    const char* name;
    float learning_rate, momentum;
    bool nesterov;
};

inline constexpr std::array sgd_cases{
    SGDCase{"sgd/plain", 0.05f, 0.0f, false},
    SGDCase{"sgd/momentum", 0.05f, 0.9f, false},
    SGDCase{"sgd/nesterov", 0.05f, 0.9f, true},
};

struct AdamCase {
    const char* name;
    float learning_rate, beta1, beta2, epsilon;
};

inline constexpr std::array adam_cases{
    AdamCase{"adam/default", 0.001f, 0.9f, 0.999f, 1e-8f},
    AdamCase{"adam/quick", 0.05f, 0.75f, 0.9f, 1e-3f},
};

struct AdamWCase : AdamCase {
    float weight_decay;
};

inline constexpr std::array adamw_cases{
    AdamWCase{{"adamw/default", 0.001f, 0.9f, 0.999f, 1e-8f}, 0.01f},
    AdamWCase{{"adamw/quick", 0.05f, 0.75f, 0.9f, 1e-3f}, 0.5f},
};

// Training: every step sees the same batch. Pixel i of the batch is byte i of "<net>/pixels" over 255, label
// i is byte i of "<net>/labels" modulo 10; weight and bias of the k-th layer that has any start as the
// sequences
// "<net>/weight k" and "<net>/bias k" times weight_scale(fan in). The loss is the mean cross entropy plus l2
// times the sum of squares of all weights that are not frozen. Records, under name(run): loss (of each step,
// before its update), and, sampled, gradient/weight k, gradient/bias k (of the first step), final/weight k,
// final/bias k. The weights of norms begin at 1 + half of their sequence; final/running_mean k and
// final/running_var k are their statistics after the last step.

struct TrainingRun {
    const char* net;
    Image input;
    int batch, steps;
    float l2;
    float clip_norm = 0; ///< the largest norm of the gradient; 0: any
    /// The first layer is frozen from this step on, up to the other.
    int freeze_at = 0, unfreeze_at = 0;
    bool adamw = false; ///< in place of SGD
};

inline constexpr float training_rate = 0.02f, training_momentum = 0.9f;
// Less, because AdamW's steps along gradients that are almost 0 are as large as others.
inline constexpr float adamw_rate = 0.001f;
inline constexpr int training_classes = 10;

inline constexpr TrainingRun card_64{"card", {1, 28, 28}, 64, 20, 0};
inline constexpr TrainingRun card_23{"card", {1, 28, 28}, 23, 20, 0};
inline constexpr TrainingRun card_l2{"card", {1, 28, 28}, 23, 5, 0.03125f};
inline constexpr TrainingRun card_clip{"card", {1, 28, 28}, 23, 5, 0.03125f, 0.5f};
inline constexpr TrainingRun card_unclipped{"card", {1, 28, 28}, 23, 2, 0, 1000};
inline constexpr TrainingRun card_frozen{"card", {1, 28, 28}, 23, 6, 0.03125f, 0.5f, 2, 4};
inline constexpr TrainingRun card_adamw{"card", {1, 28, 28}, 23, 6, 0, 0, 0, 3, true};
inline constexpr TrainingRun lenet5_64{"lenet5", {1, 28, 28}, 64, 20, 0};
inline constexpr TrainingRun lenet5_23{"lenet5", {1, 28, 28}, 23, 20, 0};
inline constexpr TrainingRun vgg_19{"vgg", {3, 12, 12}, 19, 5, 0};
inline constexpr TrainingRun norms_64{"norms", {1, 12, 12}, 64, 20, 0};
inline constexpr TrainingRun norms_23{"norms", {1, 12, 12}, 23, 20, 0};

inline std::string name(const TrainingRun& r) {
    return std::string(r.net) + " batch " + std::to_string(r.batch) + (r.l2 > 0 ? " l2" : "") +
           (r.clip_norm > 0 ? " clip " + std::to_string(static_cast<int>(10 * r.clip_norm)) : "") +
           (r.unfreeze_at > 0 ? " frozen" : "") + (r.adamw ? " adamw" : "");
}

// Networks that branch, see torch_branches.hpp, are trained so, too, without an l2. Tensors have their names:
// "<net>/3.1.0.weight" and so on are the sequences of parameters, times weight_scale(fan in) of weights with
// an input axis, 1 + half of it of those of norms, a tenth of it of biases. Records: loss, gradient/<name>,
// final/<name>, of running statistics too.

inline constexpr TrainingRun resnet_40{"resnet", {1, 12, 12}, 40, 20, 0};
inline constexpr TrainingRun resnet_23{"resnet", {1, 12, 12}, 23, 20, 0};
inline constexpr TrainingRun concat_64{"concat", {1, 12, 12}, 64, 20, 0};
inline constexpr TrainingRun concat_23{"concat", {1, 12, 12}, 23, 20, 0};
// MLPerf Tiny's, with fewer filters. Dropout's masks are those of lamina: its random numbers depend on the
// trainer's seed (here 0), the step and the position of the layer, of the sample and of the element.
inline constexpr TrainingRun resnet8_40{"resnet8", {3, 16, 16}, 40, 20, 0};
inline constexpr TrainingRun resnet8_23{"resnet8", {3, 16, 16}, 23, 20, 0};
inline constexpr TrainingRun ds_cnn_40{"ds_cnn", {1, 17, 6}, 40, 20, 0};
inline constexpr TrainingRun ds_cnn_23{"ds_cnn", {1, 17, 6}, 23, 20, 0};
// In float some sum near 0 is on ReLU's other side after a few steps, and the runs part. With tanh they do
// not.
inline constexpr TrainingRun ds_cnn_tanh_23{"ds_cnn_tanh", {1, 17, 6}, 23, 20, 0};
// Sequences of five images, one behind the other.
inline constexpr TrainingRun frames_23{"frames", {5 * 2, 6, 8}, 23, 20, 0};
// Wide enough for Winograd's algorithm, forward and back, with and without a pool.
inline constexpr TrainingRun wide_23{"wide", {3, 12, 12}, 23, 20, 0};

// A network with two outputs, a policy and a value, and the loss cross_entropy + value_factor mse_loss. Input
// and values are the sequences "outputs/x" and "outputs/values"; move i is byte i of "outputs/moves" modulo
// the number of moves. Parameters start, at the rate and the momentum above, as the sequences of their names,
// such as "outputs/2.0.weight", times weight_scale(fan in). Records: loss (of each step, before its update),
// gradient/<name> (of the first step), final/<name>.

struct OutputsRun {
    Image input;
    int batch, steps, filters, moves, hidden, values;
    float value_factor;
};
inline constexpr OutputsRun outputs_run{{2, 6, 5}, 23, 20, 6, 4 * 4 * 3, 8, 3, 0.25f};

/// Of a parameter tensor of n elements, in PyTorch's order, every stride-th is stored. Being prime to every
/// extent, the stride meets every position of every axis.
constexpr std::size_t sample_stride(std::size_t n) noexcept {
    return n <= 512 ? 1 : 29;
}

} // namespace oracle
