// Layer, the base of all layers of a run-time network, and Description, an entry of the list that a network
// is made from.
#pragma once

#include <lamina/dynamic/shape_error.hpp>
#include <lamina/dynamic/view.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/text.hpp>

#include <functional>
#include <memory>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

class Activation;

/// The arguments of `Layer::forward`: for a pack of samples, or for one. `x` has the halo of zeros that the
/// layer asked for.
template <class E>
struct Forward {
    View<const E> x;
    const float* weight;
    const float* bias;
    View<E> y;
    pack<float>* argmax;     ///< of as many as the layer asked for; null where there is no backward
    const Activation* after; ///< to be applied to y, or null
    pack<float>* scratch;    ///< for one sample: of as many as the layer asked for
};

/// The arguments of `Layer::backward`.
struct Backward {
    View<const pack<float>> x, y;
    View<const pack<float>> dz; ///< gradient of y before `after`, with the halo the layer asked for
    const float* weight;
    const float* prepared; ///< what `prepare` has written
    const pack<float>* argmax;
    View<pack<float>> dx;     ///< empty where nobody wants it
    const Activation* before; ///< the activation whose result x is, or null: dx is taken before it
    float* dweight;           ///< to be added to, or to be overwritten
    float* dbias;
    bool overwrite;
};

/// A layer on its input shape. It is immutable: parameters and activations are passed to its functions.
class Layer {
  public:
    Layer(const Text& name_, const dims& input_, const dims& output_) noexcept
        : name{name_}, input{input_}, output{output_} {}
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    Text name;
    dims input, output;
    int weight_size = 0, bias_size = 0;
    int fan_in = 0, fan_out = 0;
    long long macs = 0;
    /// Number of zeros the layer needs around x, and around dz.
    int input_halo = 0, gradient_halo = 0;
    /// Packs kept from forward to backward; numbers prepared from the weights once a step.
    int argmax_size = 0, prepared_size = 0;
    int scratch = 0; ///< packs, for one sample
    bool only_reshapes = false;
    bool is_max_pool = false;
    bool is_pool = false; ///< initial weights look through it
    /// Whether backward does without y, so that an activation may overwrite it.
    bool forgets_output = true;

    virtual void forward(const Forward<pack<float>>& pass) const = 0;
    virtual void forward(const Forward<float>& pass) const = 0;
    virtual void backward(const Backward& pass) const = 0;
    virtual void prepare(const float* /*weight*/, float* /*prepared*/) const {}
    [[nodiscard]] virtual const Activation* as_activation() const { return nullptr; }
};

/// An element-wise layer. Layers before and after it run it on what they have just written.
class Activation : public Layer {
  public:
    explicit Activation(const Where& where) noexcept : Layer{where.name, where.input, where.input} {
        forgets_output = false;
    }
    /// y = value(y); of one sample's numbers, too.
    virtual void apply(pack<float>* y, int count) const = 0;
    virtual void apply(float* y, int count) const = 0;
    /// g = g * slope(y).
    virtual void multiply_slope(pack<float>* g, const pack<float>* y, int count) const = 0;
    /// If so, value(max x) = max value(x), and a max pool after it may be computed first.
    [[nodiscard]] virtual bool never_decreases() const { return false; }
    /// Of a rectifier; below 0 for all others.
    [[nodiscard]] virtual double negative_slope() const { return -1; }
    [[nodiscard]] const Activation* as_activation() const override { return this; }
};

/// The epilogue that applies an activation, or none, to each row.
struct ActivateRows : kernels::AsItIs {
    explicit ActivateRows(const Activation* after_) noexcept : after{after_} {}

    const Activation* after;

    template <class E>
    void finish_row(const View<E>& y, int c, int i) const noexcept {
        if (after != nullptr)
            after->apply(y.at(c, i, 0), y.geometry().width);
    }
};
/// The epilogue that multiplies each row by the slopes of an activation, or none, at its results.
struct MultiplySlopes : kernels::AsItIs {
    MultiplySlopes(const Activation* before_, const View<const pack<float>>& results_) noexcept
        : before{before_}, results{results_} {}

    const Activation* before;
    View<const pack<float>> results;

    void finish_row(const View<pack<float>>& dx, int c, int i) const noexcept {
        if (before != nullptr)
            before->multiply_slope(dx.at(c, i, 0), results.at(c, i, 0), dx.geometry().width);
    }
};

/// A layer as listed by the user, such as `conv(16, 3)`, from which the layer is made once its input is
/// known.
class Description {
  public:
    using Make = std::function<std::shared_ptr<const Layer>(const Where&)>;

    Description(const Text& name, Make make) : name_{name}, make_{std::move(make)} {}

    /// Throws `shape_error` if the layer does not fit.
    [[nodiscard]] std::shared_ptr<const Layer> make(int index, const dims& input) const {
        return make_(Where{index, name_, input});
    }

  private:
    Text name_;
    Make make_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
