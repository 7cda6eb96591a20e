// Layer, the base of all layers of a run-time network, and what its functions are called with.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/parameters.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/run_time_view.hpp>
#include <lamina/topology/operation_arguments.hpp>
#include <lamina/topology/table.hpp>

#include <string>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

template <class E>
using View = lamina::View<E, AnyShape>;

class Layer;

/// A layer on its values. Samples lie in the lanes of packs, or a number each is one sample.
template <class E>
struct Call {
    topology::FullMemory<float, E> memory; ///< its tensors, and its numbers for this pass
    const View<const E>* x;                ///< of each input
    View<E> y;
    const Layer* after;              ///< the activation to be applied to y, or null
    E* scratch;                      ///< as many as it has asked for
    bool is_exact = false;           ///< computes what defines it, although it has asked for them
    const float* prepared = nullptr; ///< what `prepare` has written: in backward, or if forward needs it
};
/// Its way back.
struct BackwardCall : Call<pack<float>> {
    View<pack<float>> dy; ///< the gradient before the activation
};

/// A layer on its input shapes. It is immutable: numbers are handed to its functions.
class Layer {
  public:
    using E = pack<float>;

    Layer() = default;
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    std::string name;
    std::vector<dims> inputs;
    dims output;
    topology::Facts facts;
    bool is_max_pool = false;
    /// Whether a stream can have it: it sees no later step, and where it sees earlier ones it goes on from
    /// them.
    bool looks_ahead = false, goes_on = true;
    std::vector<ListedTensor> trained, kept, saved, gathered, gathered_gradient;
    /// Elements of scratch memory for a call, and whether it can add to the gradient of its input.
    long long scratch = 0;
    /// The same for gather, when other operations still need what lies in `scratch`.
    long long gather_scratch = 0;
    /// Numbers that it makes from its tensors once a step, for the gradient of its input, or for forward.
    long long prepared = 0;
    bool adds = false, prepares_forward = false;

    virtual void infer(const Call<E>& call) const = 0;
    virtual void infer(const Call<float>& call) const = 0;
    virtual void train(const Call<E>& call) const = 0;
    /// The gradient of input `k`, which is overwritten or added to.
    virtual void input_gradient(const BackwardCall& call, int k, const View<E>& dx, bool add) const = 0;
    /// The gradients of its tensors.
    virtual void parameter_gradient(const BackwardCall& /*call*/, float* /*gradients*/,
                                    bool /*overwrite*/) const {}

    /// Comes before both of its gradients.
    virtual void prepare_gradients(const BackwardCall& /*call*/) const {}

    virtual void prepare(const float* /*tensors*/, float* /*prepared*/) const {}

    // Of an activation: y = value(y), and g = g slope(y).
    virtual void apply(E* /*y*/, int /*count*/) const {}
    virtual void apply(float* /*y*/, int /*count*/) const {}
    virtual void multiply_slope(E* /*g*/, const E* /*y*/, int /*count*/) const {}

    // Of a layer that needs the whole batch: see the concept `lamina::Layer`. Statistics begin with the
    // number of elements that they are of.
    virtual void gather(const View<const E>& /*x*/, int /*samples*/, double* /*own*/, E* /*scratch*/) const {}
    virtual void merge(double* /*into*/, const double* /*more*/) const {}
    virtual void finish(double* /*batch*/, float* /*kept*/) const {}
    virtual void gather_gradient(const BackwardCall& /*call*/) const {}
    virtual void parameter_gradient(double* /*batch*/, float* /*gradients*/) const {}
};

/// Number of elements in a list, each tensor of which begins at a multiple of `step`.
[[nodiscard]] inline long long extent_of(const std::vector<ListedTensor>& list, long long step = 1) noexcept {
    return ListedTensors{list.data(), static_cast<int>(list.size())}.extent(step);
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
