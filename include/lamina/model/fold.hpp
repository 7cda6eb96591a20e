// fold: a trained network for inference, with batch norm as part of the layers before it.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/model.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/topology/folded.hpp>
#include <lamina/topology/tensors.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// Writes the parameters of a folded model, element by element.
template <class From, class To>
class Folding {
    using T = typename From::scalar;
    static constexpr auto& fates = topology::element_fates<From>;
    static_assert(fates.count == From::count && fates.stay == To::count);

  public:
    constexpr Folding(const T* from, T* to) noexcept : from_{from}, to_{to} {}

    template <int E>
    constexpr void element() const noexcept {
        if constexpr (fates.fates[E] == topology::Fate::stays) {
            constexpr auto& e = From::table.elements[E];
            constexpr auto& f = To::table.elements[fates.folded[E]];
            copy(from_ + e.trained_offset, to_ + f.trained_offset, e.trained);
            for (long long i = e.trained; i < f.trained; ++i) // a bias that it did not have
                to_[f.trained_offset + i] = T(0);
            copy(from_ + From::table.trained + e.kept_offset, to_ + To::table.trained + f.kept_offset,
                 e.kept);
            if constexpr (fates.joining(E) > 0)
                scale_outputs<E>();
        }
    }

  private:
    static constexpr void copy(const T* from, T* to, long long count) noexcept {
        for (long long i = 0; i < count; ++i)
            to[i] = from[i];
    }

    /// What element `E` does to a channel, after what was done to it before.
    template <int E>
    [[nodiscard]] constexpr ScaleAndShift after(ScaleAndShift before, int channel) const noexcept {
        using P = typename From::template at<E>;
        constexpr auto& e = From::table.elements[E];
        const ScaleAndShift own = typename From::template layer_at<E>{}.scale_and_shift(
            channel, P::parameters(from_ + e.trained_offset),
            P::kept_at(from_ + From::table.trained + e.kept_offset));
        return {own.scale * before.scale, own.scale * before.shift + own.shift};
    }
    /// Scales the weight and the bias of an element by those that join it, and rounds once.
    template <int E>
    constexpr void scale_outputs() const noexcept {
        using P = typename To::template at<fates.folded[E]>;
        const auto p = P::parameters(to_ + To::table.elements[fates.folded[E]].trained_offset);
        constexpr int outputs = decltype(p.bias)::size, inputs = decltype(p.weight)::size / outputs;
        for (int o = 0; o < outputs; ++o) {
            ScaleAndShift to;
            for_each_index<fates.joining(E)>([&](auto k) { to = after<fates.joining(E, k)>(to, o); });
            p.bias[o] = static_cast<T>(to.scale * static_cast<double>(p.bias[o]) + to.shift);
            for (int i = 0; i < inputs; ++i) {
                T& w =
                    p.weight[topology::EndsInOutputs<typename P::layer> ? i * outputs + o : o * inputs + i];
                w = static_cast<T>(to.scale * static_cast<double>(w));
            }
        }
    }

    const T* from_;
    T* to_;
};

/// Whether element `E` has what is needed to join the layer before, or to take what joins it.
template <class Inferred, int E>
[[nodiscard]] consteval bool can_fold() noexcept {
    constexpr auto& fates = topology::element_fates<Inferred>;
    if constexpr (fates.fates[E] == topology::Fate::joins_the_layer_before) {
        using P = typename Inferred::template at<E>;
        using T = typename Inferred::scalar;
        return requires(typename P::template trained<const T> p, typename P::template kept<const T> kept) {
            ScaleAndShift{typename Inferred::template layer_at<E>{}.scale_and_shift(0, p, kept)};
        };
    } else if constexpr (fates.fates[E] == topology::Fate::stays && fates.joining(E) > 0) {
        using P = typename Inferred::template at<E>;
        if constexpr (requires { typename Inferred::template layer_at<E>::with_bias; })
            return true;
        return requires(typename P::template trained<typename Inferred::scalar> p) {
            p.weight[0] = p.bias[0];
            requires decltype(p.bias)::size == channels_in(P::output::extents) &&
                decltype(p.weight)::size % decltype(p.bias)::size == 0;
        };
    } else {
        return true;
    }
}
template <class Inferred>
[[nodiscard]] consteval auto find_fold_fault() noexcept {
    constexpr int first = with_indices<Inferred::count>([](auto... e) {
        int found = -1;
        ((found = found < 0 && !can_fold<Inferred, e>() ? int{e} : found), ...);
        return found;
    });
    if constexpr (first < 0)
        return fault<none>{};
    else if constexpr (topology::element_fates<Inferred>.fates[first] == topology::Fate::stays)
        return fault<
            typename topology::place_of_element<Inferred, first>::takes_a_scale_without_weight_and_bias>{};
    else
        return fault<typename topology::place_of_element<Inferred, first>::has_no_scale_and_shift>{};
}

/// The type of a folded model; it shows the problem if there is one. A model that has a problem itself is its
/// own folded one, so that the problem stays the only error.
template <class M>
struct folded_model {
    using type = M;
    using problem = none;
};
template <class Topology, class In, class T>
    requires(!Broken<Model<Topology, In, T>>)
struct folded_model<Model<Topology, In, T>> {
    using type = Model<Folded<Topology>, In, T>;
    using problem = typename decltype(find_fold_fault<typename Model<Topology, In, T>::inferred>())::type;
};

} // namespace detail

/// Writes a trained network into a folded one, which gives the same outputs from fewer layers: each batch
/// norm that directly follows a convolution or a dense layer becomes part of it, and dropout is gone.
///
///     w'(o, ...) = a(o) w(o, ...)        a(o) = gamma(o) / sqrt(var(o) + epsilon)
///     b'(o) = a(o) b(o) + beta(o) - a(o) mean(o)
///
/// mean and var are the running statistics, epsilon is that of the batch norm. Each number is computed in
/// double and rounded once; layers that stay are copied. The result is an ordinary model, for inference,
/// files and `embed`. To go on training, keep the one that it was made of.
template <class Topology, class In, class T>
constexpr void fold(const Model<Topology, In, T>& model,
                    typename detail::folded_model<Model<Topology, In, T>>::type& folded) noexcept {
    using From = Model<Topology, In, T>;
    using problem = typename detail::folded_model<From>::problem;
    static_assert(sizeof(problem) > 0);
    using To = std::remove_reference_t<decltype(folded)>;
    if constexpr (!Broken<From> && !Broken<To> && std::is_same_v<problem, none>) {
        const detail::Folding<typename From::inferred, typename To::inferred> folding{
            model.numbers().data(), folded.numbers().data()};
        for_each_index<From::inferred::count>([&](auto e) { folding.template element<e>(); });
    }
}
/// Returns the folded network. One that is too large for the stack is static or in a std::unique_ptr, and
/// written by the form above.
///
///     const auto deployed = ln::fold(model); // a Model<Folded<Topology>, In>
template <class Topology, class In, class T>
[[nodiscard]] constexpr auto fold(const Model<Topology, In, T>& model) noexcept {
    using M = detail::folded_model<Model<Topology, In, T>>;
    static_assert(sizeof(typename M::problem) > 0);
    typename M::type folded;
    fold(model, folded);
    return folded;
}
// clang-format off
template <class X> requires(!IsModel<X>)
void fold(const X&) = delete; // takes a Model: of a trainer, trainer.model()
// clang-format on

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
