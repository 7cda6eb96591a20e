// LayerOf<L>: a layer of a run-time network from any layer whose functions take run-time views.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/layer_context.hpp>
#include <lamina/dynamic/shape_error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/by_numbers.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/tensor_lists.hpp>
#include <lamina/topology/facts.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

template <class L>
class LayerOf final : public Layer {
    template <class T>
    using Trained = typename parameters_of<L, AnyShape, T>::type;
    using Kept = typename kept_of<L, AnyShape, float>::type;
    using Gathered = typename gathered_of<L, AnyShape>::type;
    using GatheredGradient = typename gathered_gradient_of<L, AnyShape>::type;

  public:
    LayerOf(const L& layer, const Where& where, const dims& in) : layer_{layer} {
        if constexpr (requires { layer_.require_fit(in, where); })
            layer_.require_fit(in, where);
        inputs = {in};
        if constexpr (requires { layer_.outputs(in); })
            output = layer_.outputs(in);
        else
            output = in;
        where.require_tensor(output);
        if constexpr (requires { layer_.spelled(); })
            name = std::string{std::string_view{layer_.spelled()}};
        else
            name = std::string{std::string_view{L::name}};
        collect<Trained<float>>(trained, where);
        collect<Kept>(kept, where);
        collect<typename saved_of<L, AnyShape, E>::type>(saved, where);
        collect<Gathered>(gathered, where);
        collect<GatheredGradient>(gathered_gradient, where);
        set_facts();
    }

    void infer(const Call<E>& call) const override { forward<false>(call); }
    void infer(const Call<float>& call) const override { forward<false>(call); }
    void train(const Call<E>& call) const override { forward<true>(call); }
    void prepare_gradients(const BackwardCall& call) const override {
        if constexpr (requires(const Context<true, E>& pass, const View<const E>& x, const View<E>& dy,
                               const Trained<const float>& p) {
                          layer_.prepare_gradients(x, x, dy, p, pass);
                      }) {
            kernels::has_effects();
            layer_.prepare_gradients(call.x[0], View<const E>{call.y}, call.dy,
                                     list_at<Trained<const float>, true>(trained, call.memory.trained),
                                     context<true>(call, AfterRows{}));
        }
    }
    void input_gradient(const BackwardCall& call, int, const View<E>& dx, bool add) const override {
        kernels::has_effects();
        using kernels::Store;
        if constexpr (can_add) {
            add ? gradient<Store::add>(call, dx) : gradient<Store::overwrite>(call, dx);
        } else if (add) {
            const View<E> part{call.scratch, Layout<AnyShape>{inputs[0]}};
            gradient<Store::overwrite>(call, part);
            kernels::map<Store::add>(dx, topology::Unchanged{}, part);
        } else {
            gradient<Store::overwrite>(call, dx);
        }
    }
    void parameter_gradient(const BackwardCall& call, float* gradients, bool overwrite) const override {
        kernels::has_effects();
        const auto dp = list_at<Trained<float>, true>(trained, gradients);
        const auto pass = context<true>(call, AfterRows{});
        const View<const E>&x = call.x[0], y = call.y;
        constexpr bool takes_pass = requires {
            layer_.parameter_gradient(x, y, call.dy, dp, pass);
        };
        const topology::NoTurns none;
        if constexpr (requires { layer_.parameter_gradient(x, y, call.dy, dp, overwrite, pass, none); }) {
            layer_.parameter_gradient(x, y, call.dy, dp, overwrite, pass, none);
        } else if constexpr (!takes_pass &&
                             requires { layer_.parameter_gradient(x, y, call.dy, dp, overwrite); }) {
            layer_.parameter_gradient(x, y, call.dy, dp, overwrite);
        } else {
            if (overwrite)
                std::fill_n(gradients, extent_of(trained, topology::aligned<float>(1)), 0.F);
            if constexpr (requires { layer_.parameter_gradient(x, y, call.dy, dp); })
                layer_.parameter_gradient(x, y, call.dy, dp);
            else if constexpr (takes_pass)
                layer_.parameter_gradient(x, y, call.dy, dp, pass);
        }
    }

    void prepare(const float* tensors, float* to) const override {
        if constexpr (requires { layer_.prepared_extent(inputs[0]); })
            layer_.prepare(list_at<Trained<const float>, true>(trained, tensors), to);
    }

    void apply(E* y, int count) const override {
        kernels::has_effects();
        if constexpr (is_activation)
            for (int i = 0; i < count; ++i)
                y[i] = layer_.value(y[i]);
    }
    void apply(float* y, int count) const override {
        kernels::has_effects();
        if constexpr (is_activation) {
            int i = 0;
            for (; i + native_lanes<float> <= count; i += native_lanes<float>)
                layer_.value(pack<float>::load(y + i)).store(y + i);
            for (; i < count; ++i)
                y[i] = layer_.value(y[i]);
        }
    }
    void multiply_slope(E* g, const E* y, int count) const override {
        kernels::has_effects();
        if constexpr (has_slope)
            for (int i = 0; i < count; ++i)
                g[i] *= layer_.slope(y[i]);
    }

    void gather(const View<const E>& x, int samples, double* own, E* /*scratch*/) const override {
        if constexpr (gathers)
            own[0] = layer_.gather(x, samples, list_at<Gathered, false>(gathered, own + 1));
    }
    void merge(double* into, const double* more) const override {
        if constexpr (gathers)
            into[0] = layer_.merge(into[0], list_at<Gathered, false>(gathered, into + 1), more[0],
                                   list_at<Gathered, false>(gathered, const_cast<double*>(more) + 1));
    }
    void finish(double* batch, float* own_kept) const override {
        if constexpr (gathers)
            layer_.finish(batch[0], list_at<Gathered, false>(gathered, batch + 1),
                          list_at<Kept, true>(kept, own_kept));
    }
    void gather_gradient(const BackwardCall& call) const override {
        if constexpr (gathers) {
            const auto all = list_at<Gathered, false>(gathered, call.memory.gathered + 1);
            const auto own =
                list_at<GatheredGradient, false>(gathered_gradient, call.memory.gathered_gradient + 1);
            if constexpr (requires { layer_.gather_gradient(call.x[0], call.dy, all, own); })
                layer_.gather_gradient(call.x[0], call.dy, all, own);
            else
                layer_.gather_gradient(
                    call.x[0], call.dy, all, own,
                    [](auto g, auto...) __attribute__((always_inline)) { return g; });
        }
    }
    void parameter_gradient(double* batch, float* gradients) const override {
        if constexpr (gathers && requires(const GatheredGradient& all, const Trained<float>& dp) {
                          layer_.parameter_gradient(all, dp);
                      })
            layer_.parameter_gradient(list_at<GatheredGradient, false>(gathered_gradient, batch + 1),
                                      list_at<Trained<float>, true>(trained, gradients));
    }

  private:
    static constexpr bool is_activation = requires(const L& l, float x) { l.value(x); };
    static constexpr bool has_slope = requires(const L& l, float x) { l.slope(x); };
    static constexpr bool gathers = detail::Gathers<L, AnyShape>;
    template <bool Training, class Element>
    using Context = ContextByNumbers<Element, Training, L>;
    static constexpr bool can_add =
        requires(const L& l, const View<const E>& x, const View<E>& y, const Trained<const float>& p) {
        l.template input_gradient<kernels::Store::add>(x, x, y, p, y);
    }
    || requires(const L& l, const View<const E>& x, const View<E>& y, const Trained<const float>& p,
                const Context<true, E>& pass) {
        l.template input_gradient<kernels::Store::add>(x, x, y, p, y, pass);
    };

    template <class List>
    void collect(std::vector<ListedTensor>& tensors, const Where& where) {
        List list{};
        List::fields(list, [&](const char* tensor, auto& view, Initial start = {}) {
            using V = std::remove_cvref_t<decltype(view)>;
            dims shape = inputs[0];
            if constexpr (kernels::ConstantExtents<V>)
                shape = V::shape::extents;
            else if constexpr (requires { layer_.tensor(tensor, inputs[0]); })
                shape = layer_.tensor(tensor, inputs[0]);
            where.require_tensor(shape);
            if constexpr (!kernels::ConstantExtents<V>) {
                if constexpr (requires { layer_.fans(tensor, inputs[0]); }) {
                    if (start.is_drawn)
                        start = layer_.fans(tensor, inputs[0]);
                } else if constexpr (requires { layer_.tensor(tensor, inputs[0]), layer_.fans(inputs[0]); }) {
                    if (start.is_drawn)
                        start = layer_.fans(inputs[0]);
                }
            }
            tensors.push_back({tensor, shape, start});
        });
    }
    void set_facts() {
        facts = topology::facts_of<L, AnyShape>;
        facts.name = name;
        facts.takes_addend = false; // an epilogue applies an activation, and to whole rows
        facts.slope_of_input = facts.is_activation && !has_slope;
        facts.takes_activation |= facts.is_pool; // which does not need its results for backward
        if constexpr (requires { requires L::is_max_pool; })
            is_max_pool = true;
        if constexpr (requires { layer_.can_decrease(); })
            facts.never_decreases = !layer_.can_decrease();
        if constexpr (requires { layer_.negative_slope; })
            facts.negative_slope = layer_.negative_slope;
        if constexpr (requires { layer_.halo_of_input(inputs[0], Order::planes); }) {
            facts.takes_halo = true;
            facts.input_halo[0] = facts.input_halo[1] = layer_.halo_of_input(inputs[0], Order::planes);
        }
        if constexpr (requires { layer_.halo_of_gradient(inputs[0]); })
            facts.gradient_halo = layer_.halo_of_gradient(inputs[0]);
        if constexpr (requires { layer_.multiply_adds(inputs[0]); })
            facts.macs = layer_.multiply_adds(inputs[0]);
        if constexpr (requires { layer_.prepared_extent(inputs[0]); })
            prepared = layer_.prepared_extent(inputs[0]);
        if constexpr (requires { layer_.scratch_on(inputs[0]); })
            scratch = layer_.scratch_on(inputs[0]);
        prepares_forward = requires {
            requires L::forward_is_prepared;
        };
        adds = can_add;
        if constexpr (requires { layer_.sees_of_sequence(); }) {
            looks_ahead = layer_.sees_of_sequence() == Sees::all; // others read what lies around x
        } else if constexpr (requires { L::sees; }) {
            looks_ahead = L::sees == Sees::all;
            goes_on = L::sees == Sees::step || requires {
                requires L::carries_saved;
            };
        }
    }
    template <bool Training, class Element>
    [[nodiscard]] Context<Training, Element> context(const Call<Element>& call, AfterRows after) const {
        const auto& m = call.memory;
        Context<Training, Element> pass{};
        pass.after = after;
        pass.kept = list_at<typename kept_of<L, AnyShape, const float>::type, true>(kept, m.kept);
        pass.saved = list_at<typename saved_of<L, AnyShape, Element>::type, false>(saved, m.saved);
        if constexpr (gathers && Training) {
            pass.gathered = list_at<Gathered, false>(gathered, m.gathered + 1);
            pass.gathered_gradient =
                list_at<GatheredGradient, false>(gathered_gradient, m.gathered_gradient + 1);
            pass.count = m.gathered[0];
        }
        pass.samples = m.samples;
        pass.layer = m.layer;
        pass.prepared = call.prepared;
        pass.scratch = call.is_exact ? nullptr : call.scratch;
        return pass;
    }

    template <bool Training, class Element>
    void forward(const Call<Element>& call) const {
        kernels::has_effects();
        bool done = false;
        const auto p = list_at<Trained<const float>, true>(trained, call.memory.trained);
        const View<const Element>& x = call.x[0];
        if constexpr (requires { layer_.forward(x, p, call.y); })
            layer_.forward(x, p, call.y);
        else
            layer_.forward(x, p, call.y, context<Training>(call, AfterRows{call.after, &done}));
        if (call.after == nullptr || done)
            return;
        const auto g = call.y.geometry();
        if (lanes_of<Element> == 1) // with all halos, which are zeroed before they are read
            call.after->apply(call.y.data(), static_cast<int>(g.at(g.channels - 1, g.height - 1, g.width)));
        else
            for_runs(call.y, call.y, [&](Element* y, Element*, int count) { call.after->apply(y, count); });
    }
    template <kernels::Store How>
    void gradient(const BackwardCall& call, const View<E>& dx) const {
        const auto p = list_at<Trained<const float>, true>(trained, call.memory.trained);
        const View<const E>&x = call.x[0], y = call.y;
        const auto pass = context<true>(call, AfterRows{});
        if constexpr (requires { layer_.template input_gradient<How>(x, y, call.dy, p, dx, pass); })
            layer_.template input_gradient<How>(x, y, call.dy, p, dx, pass);
        else if constexpr (requires { layer_.template input_gradient<How>(x, y, call.dy, p, dx); })
            layer_.template input_gradient<How>(x, y, call.dy, p, dx);
        else if constexpr (requires { layer_.input_gradient(x, y, call.dy, p, dx); })
            layer_.input_gradient(x, y, call.dy, p, dx);
        else
            layer_.input_gradient(x, y, call.dy, p, dx, pass);
    }

    L layer_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
