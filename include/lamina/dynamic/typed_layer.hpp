// TypedLayer<L, In>: a layer of a run-time network from any layer, on the shape that it is written for.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/topology/carried.hpp>
#include <lamina/topology/operation.hpp>

#include <string>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// It runs the code of a `Model` with such a layer, on views with constant extents. Values whose halo is not
/// the one of these views are copied.
template <class L, class In>
class TypedLayer final : public Layer {
    using P = topology::Placed<L, In, float>;
    using Out = typename P::output;
    struct WithoutParameters : P {
        static constexpr bool learns = false;
    };
    using Code = topology::Single<P, topology::NoActivation>;
    using InputCode = topology::Single<WithoutParameters, topology::NoActivation>;
    static constexpr const topology::Facts& own_facts = topology::facts_of<L, In>;
    // (g++ 12 takes a copy of a pad in own_facts for a modification of it.)
    static constexpr pad input_halo = covering({}, own_facts.input_halo[0]),
                         gradient_halo = covering({}, own_facts.gradient_halo);
    template <class List>
    [[nodiscard]] static std::vector<ListedTensor> listed() {
        const ListedTensors list = topology::tensors_of<List>;
        return {list.all, list.all + list.count};
    }
    template <class S, pad Halo>
    static constexpr long long extent_with_halo = lamina::Layout<S, Halo>::extent;

  public:
    TypedLayer() {
        name = std::string{std::string_view{L::name}};
        inputs = {In::extents};
        output = Out::extents;
        facts = own_facts;
        facts.takes_activation = facts.takes_addend = facts.takes_max_pool = facts.is_activation = false;
        facts.tiling_max_pool = 0;
        facts.any_order = false;
        facts.gradient_in_place = facts.computed_again = false; // scratch memory is that of backward
        facts.input_halo[1] = input_halo;
        trained = listed<typename P::template trained<const float>>();
        kept = listed<typename P::template kept<const float>>();
        saved = listed<typename P::template saved<E>>();
        gathered = listed<typename P::gathered>();
        gathered_gradient = listed<typename P::gathered_gradient>();
        scratch =
            extent_with_halo<In, input_halo> + extent_with_halo<Out, gradient_halo> + In::size + Out::size;
        gather_scratch = P::gathers ? In::size : 0;
        adds = true;
        if constexpr (requires { L::sees; }) {
            looks_ahead = L::sees == Sees::all;
            goes_on = L::sees == Sees::step;
        }
    }

    void infer(const Call<E>& call) const override { forward<false>(call); }
    void infer(const Call<float>& call) const override { forward<false>(call); }
    void train(const Call<E>& call) const override { forward<true>(call); }
    void prepare_gradients(const BackwardCall& call) const override {
        if constexpr (topology::PreparesGradients<P>) {
            Room<E> room{call.scratch};
            const auto y = flat<Out>(call.y, room);
            const auto dy = gradient(call, room);
            L{}.prepare_gradients(
                input(call, room), y, dy, P::parameters(call.memory.trained),
                topology::context_of<P, true>(
                    call.memory, topology::Epilogue<topology::NoActivation, topology::Unwanted>{}));
        }
    }
    void input_gradient(const BackwardCall& call, int, const View<E>& dx, bool add) const override {
        kernels::has_effects();
        Room<E> room{call.scratch};
        const lamina::View<E, In> part{room.take(In::size)};
        backward<InputCode>(call, room, nullptr, false, topology::Overwritten<lamina::View<E, In>>{part});
        for (int i = 0; i < In::size; ++i)
            dx[i] = add ? dx[i] + part[i] : part[i];
    }
    void parameter_gradient(const BackwardCall& call, float* gradients, bool overwrite) const override {
        kernels::has_effects();
        Room<E> room{call.scratch};
        backward<Code>(call, room, gradients, overwrite, topology::Unwanted{});
    }

    void gather(const View<const E>& x, int samples, double* own, E* memory) const override {
        if constexpr (P::gathers) {
            Room<E> room{memory};
            own[0] = L{}.gather(lamina::View<const E, In>{typed<In, 0>(x, room)}, samples,
                                topology::list_at<typename P::gathered, false>(own + 1));
        }
    }
    void merge(double* into, const double* more) const override {
        if constexpr (P::gathers)
            into[0] =
                L{}.merge(into[0], topology::list_at<typename P::gathered, false>(into + 1), more[0],
                          topology::list_at<typename P::gathered, false>(const_cast<double*>(more) + 1));
    }
    void finish(double* batch, float* own_kept) const override {
        if constexpr (P::gathers)
            L{}.finish(batch[0], topology::list_at<typename P::gathered, false>(batch + 1),
                       P::kept_at(own_kept));
    }
    void gather_gradient(const BackwardCall& call) const override {
        if constexpr (P::gathers) {
            Room<E> room{call.scratch};
            topology::NoTurns turns;
            Code::template backward<topology::Part::to_layer>(
                topology::Backward{call.memory, static_cast<float*>(nullptr), false, flat<Out>(call.y, room),
                                   gradient(call, room), topology::Unwanted{}, static_cast<E*>(nullptr),
                                   &turns, 0},
                input(call, room), topology::Unwanted{});
        }
    }
    void parameter_gradient(double* batch, float* gradients) const override {
        if constexpr (P::gathers && P::learns)
            L{}.parameter_gradient(topology::list_at<typename P::gathered_gradient, false>(batch + 1),
                                   P::parameters(gradients));
    }

  private:
    /// Scratch memory, part by part.
    template <class T>
    struct Room {
        T* next;
        [[nodiscard]] T* take(long long count) noexcept {
            T* const own = next;
            next += count;
            return own;
        }
    };
    /// A view with constant extents of the same numbers, or of a copy.
    template <class S, pad Halo, class T>
    [[nodiscard]] static lamina::View<T, S, Halo> typed(const View<const T>& v, Room<T>& room) noexcept {
        T* const own = const_cast<T*>(v.data());
        if (v.geometry().halo == Halo)
            return lamina::View<T, S, Halo>{own};
        using Layout = lamina::Layout<S, Halo>;
        const lamina::View<T, S, Halo> copy{room.take(Layout::extent) + Layout::origin};
        for (int i = 0; i < S::size; ++i)
            copy[i] = v[i];
        kernels::fill_halo_with_zeros(copy);
        return copy;
    }
    template <class S, class T>
    [[nodiscard]] static lamina::View<const T, S> flat(const View<T>& v, Room<T>& room) noexcept {
        return typed<S, 0>(View<const T>{v}, room);
    }
    template <class T>
    [[nodiscard]] static auto input(const Call<T>& call, Room<T>& room) noexcept {
        return typed<In, input_halo>(call.x[0], room);
    }
    [[nodiscard]] static auto gradient(const BackwardCall& call, Room<E>& room) noexcept {
        return typed<Out, gradient_halo>(View<const E>{call.dy}, room);
    }

    template <bool Training, class T>
    void forward(const Call<T>& call) const {
        kernels::has_effects();
        Room<T> room{call.scratch};
        const auto x = input(call, room);
        if constexpr (Training) // what is carried begins as zero
            for (int k = Code::saved - topology::carried_elements<P>; k < Code::saved; ++k)
                call.memory.saved[k] = T(0);
        if (call.y.flat) {
            Code::template forward<Training>(call.memory, lamina::View<T, Out>{call.y.data()},
                                             topology::Unwanted{}, x);
        } else {
            const lamina::View<T, Out> y{room.take(Out::size)};
            Code::template forward<Training>(call.memory, y, topology::Unwanted{}, x);
            for (int i = 0; i < Out::size; ++i)
                call.y[i] = y[i];
        }
    }
    template <class AnyCode>
    static void backward(const BackwardCall& call, Room<E>& room, float* gradients, bool overwrite,
                         auto dx) noexcept {
        topology::NoTurns turns;
        const auto y = flat<Out>(call.y, room);
        const auto dy = gradient(call, room);
        const auto x = input(call, room);
        AnyCode::template backward<topology::Part::through_layer>(
            topology::Backward{call.memory, gradients, overwrite, y, dy, topology::Unwanted{},
                               static_cast<E*>(nullptr), &turns, 0},
            x, dx);
    }
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
