// A pass for inference of two packs of samples at a time.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/topology/fuse.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/inference_pass.hpp>
#include <lamina/topology/net.hpp>
#include <lamina/topology/operation.hpp>
#include <lamina/topology/plan.hpp>

#include <cstddef>
#include <span>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// As many samples from number `first` on as a pack has lanes; the lanes beyond the last repeat one.
template <class Input, class Pass>
void load_samples(std::span<const Input> x, std::size_t first, Pass& pass) noexcept {
    using T = typename Input::value_type;
    constexpr std::size_t lanes = native_lanes<T>;
    const T* rows[lanes];
    for (std::size_t r = 0; r < lanes; ++r)
        rows[r] = x[r < x.size() - first ? first + r : first].data();
    kernels::load_lanes(rows, pass.input(), [](auto v) { return pack<T>{v}; });
}
template <class Output, class Pass>
void store_samples(Pass& pass, std::span<Output> y, std::size_t first) noexcept {
    using T = typename Output::value_type;
    constexpr std::size_t lanes = native_lanes<T>;
    const std::size_t count = y.size() - first < lanes ? y.size() - first : lanes;
    T* rows[lanes];
    for (std::size_t r = 0; r < count; ++r)
        rows[r] = y[first + r].data();
    kernels::store_lanes(pass.output(), rows, static_cast<int>(count));
}

/// Two packs at a time take less time where three quarters of the multiply-adds or more are those of weights
/// that a sample uses once, as dense layers do on a vector or an image.
[[nodiscard]] constexpr Samples samples_of_batch(const auto& table) noexcept {
    long long once = 0, all = 0;
    for (int e = 0; e < table.count; ++e) {
        const auto& element = table.elements[e];
        all += element.facts.macs;
        if (!element.on_each_step && element.facts.one_sample_order == Order::planes &&
            element.facts.macs == static_cast<long long>(element.input.size() * element.output.size()))
            once += element.facts.macs;
    }
    return vector_registers >= 16 && native_lanes<float> > 1 && 4 * once >= 3 * all && all > 0
               ? Samples::two_packs
               : Samples::pack;
}

/// An operation of two packs, if its layer has a function for them: a layer that derives from one has a
/// `forward` of its own.
template <class Code>
struct OfTwoPacks {
    static constexpr bool exists = false;
};
template <class P, class Activation>
    requires detail::computes_two_packs<typename P::layer>
struct OfTwoPacks<Single<P, Activation>> {
    static constexpr bool exists = true;

    [[gnu::noinline]] static void forward(const auto* parameters, auto y, auto other_y, auto x, auto other_x,
                                          auto load) noexcept {
        kernels::has_effects();
        typename P::layer{}.forward_of_two(as_const(x), as_const(other_x), P::parameters(parameters), y,
                                           other_y, Epilogue<Activation, Unwanted>{}, load);
    }
};

/// One of the two, and the operations of both. (It is a friend of its base, so that passes which have no
/// other need no `protected`, which costs every program debug information.)
template <class Plan, class E>
struct PassInPair : InferencePass<Plan, E> {
    using Pass = InferencePass<Plan, E>;

    /// What operation `I` reads, a copy without halo if need be.
    template <int I>
    [[nodiscard]] auto input_for() noexcept {
        const typename Pass::template input_view<I> x{this->values_ + Pass::template input_start<I>};
        if constexpr (Pass::template reads_copy<I>)
            kernels::copy(as_const(this->template value<Pass::flow.input(I)>()), x);
        return x;
    }
    template <int I>
    static constexpr bool of_both =
        OfTwoPacks<typename Plan::Inference::template at<I>>::exists&& Pass::operations.all[I].addend < 0;
    template <int I>
    void forward_with(PassInPair& other, const scalar_of<E>* parameters, auto load) noexcept {
        constexpr Operation op = Pass::operations.all[I];
        if constexpr (of_both<I>) {
            OfTwoPacks<typename Plan::Inference::template at<I>>::forward(
                parameters + Pass::table.elements[op.element].trained_offset,
                this->template value<op.output>(), other.template value<op.output>(),
                this->template input_for<I>(), other.template input_for<I>(), load);
        } else {
            this->template operation_forward<I>(parameters, nullptr, {});
            other.template operation_forward<I>(parameters, nullptr, {});
        }
    }
    /// Operation 0 of samples `first` on and, in the other pass, `second` on. If it can, it reads them before
    /// they are in lanes.
    template <class Sample>
    void forward_first(PassInPair& other, const scalar_of<E>* parameters, std::span<const Sample> x,
                       std::size_t first, std::size_t second) noexcept {
        using Load = kernels::IntoLanes<Sample>;
        if constexpr (Load::can && of_both<0> && !Pass::template reads_copy<0>) {
            forward_with<0>(other, parameters,
                            Load{&x[first], &x[second], this->input().data(), other.input().data()});
        } else {
            load_samples(x, first, *this);
            load_samples(x, second, other);
            forward_with<0>(other, parameters, kernels::InLanes{});
        }
    }
};

/// Two passes, of which the first can be used alone.
template <class Plan, class E>
class InferencePass<Plan, E, Samples::two_packs> : public PassInPair<Plan, E> {
  public:
    [[nodiscard]] PassInPair<Plan, E>& other() noexcept requires(!IsOversized<Plan, E>) { return other_; }
    /// Of as many samples as a pack has lanes from number `first` on, and as many from `second` on.
    template <class Sample>
    void forward_both(const scalar_of<E>* parameters, std::span<const Sample> x, std::size_t first,
                      std::size_t second) noexcept {
        this->forward_first(other_, parameters, x, first, second);
        with_indices<Plan::Inference::operations.count - 1>([&](auto... i) {
            (this->template forward_with<i + 1>(other_, parameters, kernels::InLanes{}), ...);
        });
    }

  private:
    PassInPair<Plan, E> other_;
};

/// The pass for batches that takes at most so many bytes: `Batch`, a pack, or a pack without memory for
/// Winograd's algorithm; or else a pack.
template <class Network, class Batch, long long Bytes>
[[nodiscard]] consteval auto pass_within() noexcept {
    using T = typename Network::scalar;
    using OnePack = InferencePass<Plan<Network>, pack<T>>;
    using Exactly = Inferred<Exact<typename Network::topology>, typename Network::input, T>;
    if constexpr (sizeof(Batch) <= Bytes)
        return std::type_identity<Batch>{};
    else if constexpr (sizeof(OnePack) <= Bytes)
        return std::type_identity<OnePack>{};
    else if constexpr (sizeof(InferencePass<Plan<Exactly>, pack<T>>) <= Bytes)
        return std::type_identity<InferencePass<Plan<Exactly>, pack<T>>>{};
    else
        return std::type_identity<OnePack>{};
}

/// The outputs for many samples, as many at a time as one pack or two have lanes.
template <class Input, class Output, class T, class Pass>
void forward_samples(std::span<const Input> x, std::span<Output> y, const T* numbers, Pass& pass) {
    constexpr std::size_t lanes = native_lanes<T>;
    y = y.first(x.size());
    for (std::size_t first = 0; first < x.size(); first += lanes) {
        if constexpr (requires { pass.other(); })
            if (x.size() - first > lanes) { // if too few are left for two packs, they overlap
                const std::size_t second = first + 2 * lanes < x.size() ? first + lanes : x.size() - lanes;
                pass.forward_both(numbers, x, first, second);
                store_samples(pass, y, first);
                store_samples(pass.other(), y, second);
                first += lanes;
                continue;
            }
        load_samples(x, first, pass);
        pass.forward(numbers);
        store_samples(pass, y, first);
    }
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
