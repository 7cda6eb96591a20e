// EachStep: a layer that knows no time on each step of a sequence.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/check.hpp>
#include <lamina/topology/placed.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// Step t of a sequence as a vector: where it lies, if its numbers lie side by side, or a copy.
template <class V>
struct StepOf {
    using element = typename V::element;
    using shape = step_of<typename V::shape>;
    static constexpr bool is_there = V::layout::pixel == shape::size || shape::size == 1;
    using storage = std::conditional_t<is_there, NoTensors, Tensor<element, shape>>;

    V sequence;
    int t;
    [[no_unique_address]] storage copy;

    [[nodiscard, gnu::always_inline]] constexpr auto view() noexcept {
        if constexpr (is_there)
            return View<std::remove_pointer_t<decltype(sequence.data())>, shape>{
                sequence.data() + std::ptrdiff_t{t} * V::layout::pixel};
        else
            return copy.view();
    }
    [[gnu::always_inline]] constexpr void read() noexcept {
        if constexpr (!is_there)
            for (int c = 0; c < shape::size; ++c)
                copy[c] = sequence(c, t);
    }
    [[gnu::always_inline]] constexpr void write() noexcept {
        if constexpr (!is_there)
            for (int c = 0; c < shape::size; ++c)
                sequence(c, t) = copy[c];
    }
};
template <class V>
[[nodiscard]] constexpr auto step_at(V sequence, int t) noexcept {
    return StepOf<V>{sequence, t, {}};
}
template <class V>
[[nodiscard]] constexpr auto read_step(V sequence, int t) noexcept {
    auto step = step_at(sequence, t);
    step.read();
    return step;
}

/// One sample with the channels of a step side by side. In float only: what computes all steps together adds
/// up in another order than for a single step, and a stream in double gives the bits of the sequence.
template <class X, class Y>
inline constexpr bool steps_lie_in_rows = std::is_same_v<typename Y::element, float>&& X::order ==
                                              Order::channels_last&& StepOf<X>::is_there &&
                                          (native_lanes<float> > 1);
/// Layers that compute all steps of such a sample together.
template <class L, class X, class Y>
concept TakesSteps = steps_lie_in_rows<X, Y> && requires {
    requires L::template takes_steps<X, Y>;
};

/// What is applied to the results of a sequence, for those of step t.
template <class After>
struct AfterStep {
    After after;
    int t;

    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(const E& e, int o) const noexcept {
        return after(e, o, t);
    }
};

template <class After>
AfterStep(const After&, int) -> AfterStep<After>;

/// Layer `L` on each step of a sequence, with the same parameters.
template <class L>
struct EachStep {
    static constexpr auto name = L::name;
    static constexpr bool takes_halo = true, saves_for_backward_alone = true;
    static constexpr bool takes_activation = requires { requires L::takes_activation; };
    static constexpr bool takes_addend = takes_activation;
    static constexpr bool asks_for_after_alone = requires { requires L::asks_for_after_alone; };
    static constexpr bool normalizes = requires { requires L::normalizes; };
    static constexpr bool weight_ends_in_outputs = requires { requires L::weight_ends_in_outputs; };
    static constexpr Sees sees = Sees::step;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using of_step = typename L::template output<step_of<In>>;
    template <class In>
    using output = detail::with_channels<In, of_step<In>::size>;

    template <class In, class T>
        requires(HasWeight<L, step_of<In>> || ListsTrained<L, step_of<In>>)
    using trained = typename parameters_of<L, step_of<In>, T>::type;
    template <class In, class T>
        requires ListsKept<L, step_of<In>>
    using kept = typename kept_of<L, step_of<In>, T>::type;
    /// What the layer saves of each step, one step behind the other.
    template <class In, class E>
    using saved_of_step = typename saved_of<L, step_of<In>, E>::type;
    template <class In, class E>
    struct SavedOfSteps {
        View<E, Shape<step_count<In> * elements_of<saved_of_step<In, float>>>> all;

        static constexpr void fields(auto& list, auto f) { f("all", list.all); }
    };
    template <class In, class E>
        requires(elements_of<saved_of_step<In, float>> > 0)
    using saved = SavedOfSteps<In, E>;

    template <class In>
    static constexpr long long macs = [] {
        if constexpr (requires { L::template macs<step_of<In>>; })
            return step_count<In> * static_cast<long long>(L::template macs<step_of<In>>);
        else
            return 0LL;
    }();

    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        using In = typename decltype(x)::shape;
        using E = typename decltype(y)::element;
        using Saved = saved_of_step<In, E>;
        if constexpr (TakesSteps<L, decltype(x), decltype(y)>)
            if (!std::is_constant_evaluated())
                return L{}.forward_of_steps(x, p, y, kernels::with_indices_of_image<decltype(y)>(pass.after));
        for (int t = 0; t < step_count<In>; ++t) {
            auto in = read_step(x, t);
            auto out = step_at(y, t);
            if constexpr (requires { L{}.forward(in.view(), p, out.view()); }) {
                L{}.forward(in.view(), p, out.view());
            } else if constexpr (pass.training) {
                L{}.forward(in.view(), p, out.view(),
                            context<true, E>(pass, saved_at<In, E>(pass, t), AfterStep{pass.after, t}));
            } else {
                E without_backward[std::size_t{1 + extent_of_step<In>}];
                const auto own = list_at<Saved, false>(static_cast<E*>(without_backward));
                L{}.forward(in.view(), p, out.view(), context<false, E>(pass, own, AfterStep{pass.after, t}));
            }
            out.write();
        }
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto x, auto y, auto dy, auto p, auto dx, auto pass) noexcept {
        using In = typename decltype(x)::shape;
        for (int t = 0; t < step_count<In>; ++t) {
            auto in = read_step(x, t);
            auto out = read_step(y, t);
            auto g = read_step(dy, t);
            const auto to = [&](auto dx_of_step) {
                if constexpr (requires {
                                  L{}.input_gradient(in.view(), out.view(), g.view(), p, dx_of_step);
                              })
                    L{}.input_gradient(in.view(), out.view(), g.view(), p, dx_of_step);
                else
                    L{}.input_gradient(in.view(), out.view(), g.view(), p, dx_of_step,
                                       context<true, typename decltype(dy)::element>(
                                           pass, saved_at<In, typename decltype(dy)::element>(pass, t)));
            };
            auto d = step_at(dx, t);
            if constexpr (d.is_there && How == kernels::Store::overwrite) {
                to(d.view());
            } else {
                Tensor<typename decltype(dx)::element, step_of<In>> part;
                to(part.view());
                for (int c = 0; c < part.size; ++c)
                    kernels::store<How>(dx(c, t), part[c]);
            }
        }
    }
    static constexpr void parameter_gradient(auto x, auto y, auto dy, auto dp, auto pass) noexcept {
        using In = typename decltype(x)::shape;
        for (int t = 0; t < step_count<In>; ++t) {
            auto in = read_step(x, t);
            auto out = read_step(y, t);
            auto g = read_step(dy, t);
            constexpr bool takes_pass = requires(const detail::AnyContext<L, step_of<In>>& own) {
                L{}.parameter_gradient(in.view(), out.view(), g.view(), dp, own);
            };
            if constexpr (!takes_pass &&
                          requires { L{}.parameter_gradient(in.view(), out.view(), g.view(), dp, false); })
                L{}.parameter_gradient(in.view(), out.view(), g.view(), dp, false);
            else if constexpr (requires { L{}.parameter_gradient(in.view(), out.view(), g.view(), dp); })
                L{}.parameter_gradient(in.view(), out.view(), g.view(), dp);
            else
                L{}.parameter_gradient(in.view(), out.view(), g.view(), dp,
                                       context<true, typename decltype(dy)::element>(
                                           pass, saved_at<In, typename decltype(dy)::element>(pass, t)));
        }
    }

  private:
    template <class In>
    static constexpr int extent_of_step = elements_of<saved_of_step<In, float>>;
    template <class In>
    static constexpr bool saves = extent_of_step<In> != 0;
    /// What was saved of step t.
    template <class In, class E>
    [[nodiscard]] static constexpr auto saved_at(const auto& pass, int t) noexcept {
        if constexpr (saves<In>)
            return list_at<saved_of_step<In, E>, false>(pass.saved.all.data() +
                                                        std::ptrdiff_t{t} * extent_of_step<In>);
        else
            return NoTensors{};
    }
    /// The layer's context of a step.
    template <bool Training, class E, class Pass, class Saved, class After = kernels::AsItIs>
    [[nodiscard]] static constexpr auto context(const Pass& pass, const Saved& own,
                                                const After& after = {}) noexcept {
        return PassContext<E, Training, After, decltype(pass.kept), Saved, NoTensors, NoTensors>{
            after, pass.kept, own, {}, {}, 0, pass.samples, pass.layer};
    }
};

/// A layer that takes a sequence as a whole.
template <class L>
concept TakesSequence = requires {
    L::sees;
}
|| requires {
    requires L::is_activation;
};
/// The layer that computes `L`: itself, or, on a sequence, one that runs it on each step.
template <bool OnEachStep>
struct computed_as {
    template <class L>
    using of = L;
};
template <>
struct computed_as<true> {
    template <class L>
    using of = EachStep<L>;
};
/// Whether a layer fits a sequence, or a step of it.
template <class L, class In, class Where, bool Strictly>
[[nodiscard]] consteval auto check_on_sequence() {
    if constexpr (TakesSequence<L>) {
        if constexpr (StreamShape<In> && requires { requires L::sees == Sees::all; })
            return fault<typename Where::looks_ahead>{};
        else
            return check_layer<L, In, Where, Strictly>();
    } else if constexpr (requires {
                             typename decltype(check_layer<L, step_of<In>, Where, Strictly>())::type;
                         }) {
        return check_layer<L, step_of<In>, Where, Strictly>();
    } else if constexpr (detail::Gathers<L, step_of<In>>) {
        return fault<typename Where::needs_the_whole_batch_and_takes_no_sequence>{};
    } else {
        using Out = typename L::template output<step_of<In>>;
        if constexpr (Out::rank != 1)
            return fault<typename Where::template gives<Out>::at_each_step_of_a_sequence>{};
        else
            return none{};
    }
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
