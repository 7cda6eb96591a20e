// EachStep: a layer that knows no time on each step of a sequence.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/facts.hpp>
#include <lamina/topology/placed.hpp>
#include <lamina/topology/step_view.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// One sample with the channels of a step side by side. In float only: what computes all steps together adds
/// up in another order than for a single step, and a stream in double gives the bits of the sequence.
template <class X, class Y>
inline constexpr bool steps_lie_in_rows = std::is_same_v<typename Y::element, float>&& X::order ==
                                              Order::channels_last&& StepOf<X, StepWish{}>::is_there &&
                                          (native_lanes<float> > 1);
/// Layers that compute all steps of such a sample together.
template <class L, class X, class Y>
concept TakesSteps = steps_lie_in_rows<X, Y> && requires {
    requires L::template takes_steps<X, Y>;
};

/// Layer `L` on each step of a sequence, with the same parameters.
template <class L>
struct EachStep {
    static constexpr auto name = L::name;
    static constexpr bool saves_for_backward_alone = true;
    /// Vectors whose numbers do not lie side by side are copied. Images are read where they are.
    template <class In>
    static constexpr bool takes_halo_on = !ImageShape<step_of<In>> || facts_of<L, step_of<In>>.takes_halo;
    template <class In, Order O>
        requires(ImageShape<step_of<In>>&& requires { L::template input_halo<step_of<In>, O>; })
    static constexpr pad input_halo = L::template input_halo<step_of<In>, O>;
    template <class In>
        requires(ImageShape<step_of<In>>&& requires { L::template gradient_halo<step_of<In>>; })
    static constexpr pad gradient_halo = L::template gradient_halo<step_of<In>>;
    static constexpr bool takes_activation = requires { requires L::takes_activation; };
    static constexpr bool takes_addend = takes_activation;
    static constexpr bool asks_for_after_alone = requires { requires L::asks_for_after_alone; };
    static constexpr bool normalizes = requires { requires L::normalizes; };
    static constexpr bool computed_again = requires { requires L::computed_again; };
    static constexpr bool weight_ends_in_outputs = requires { requires L::weight_ends_in_outputs; };
    static constexpr Sees sees = Sees::step;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using of_step = typename L::template output<step_of<In>>;
    template <class In>
    using output = detail::with_steps<In, of_step<In>>;

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
        requires detail::Gathers<L, step_of<In>>
    using gathered = typename gathered_of<L, step_of<In>>::type;
    template <class In>
        requires detail::Gathers<L, step_of<In>>
    using gathered_gradient = typename gathered_gradient_of<L, step_of<In>>::type;

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
        // Fast kernels, which constant expressions cannot use, read an image with the channels last: a copy.
        // In float only, as above.
        constexpr bool of_one_sample = std::is_same_v<E, float> && native_lanes<float> != 1;
        if constexpr (TakesSteps<L, decltype(x), decltype(y)>)
            if (!std::is_constant_evaluated())
                return L{}.forward_of_steps(x, p, y, kernels::with_indices_of_image<decltype(y)>(pass.after));
        if constexpr (of_one_sample && wish_of_one_sample<In>().order == Order::channels_last)
            if (!std::is_constant_evaluated())
                return forward_each<wish_of_one_sample<In>()>(x, p, y, pass);
        forward_each<StepWish{}>(x, p, y, pass);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto x, auto y, auto dy, auto p, auto dx, auto pass) noexcept
        requires(How == kernels::Store::overwrite || EndsInTime<typename decltype(dx)::shape>) {
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
                for (int i = 0; i < part.size; ++i)
                    kernels::store<How>(at_step(dx, t, i), part[i]);
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

    /// Statistics of the batch are those of all steps of all samples.
    static constexpr double gather(auto x, int samples, auto own) noexcept {
        using In = typename decltype(x)::shape;
        auto first = read_step(x, 0);
        double count = L{}.gather(first.view(), samples, own);
        for (int t = 1; t < step_count<In>; ++t) {
            double numbers[std::size_t{1 + elements_of<decltype(own)>}];
            const auto more = list_at<decltype(own), false>(static_cast<double*>(numbers));
            auto step = read_step(x, t);
            const double more_count = L{}.gather(step.view(), samples, more);
            count = L{}.merge(count, own, more_count, more);
        }
        return count;
    }
    static constexpr double merge(double count, auto own, double more_count, auto more) noexcept {
        return L{}.merge(count, own, more_count, more);
    }
    static constexpr void finish(double count, auto all, auto own_kept) noexcept {
        L{}.finish(count, all, own_kept);
    }
    static constexpr void gather_gradient(auto x, auto dy, auto all, auto own) noexcept {
        using In = typename decltype(x)::shape;
        double numbers[std::size_t{1 + elements_of<decltype(own)>}];
        double sum[std::size_t{1 + elements_of<decltype(own)>}] = {};
        const auto part = list_at<decltype(own), false>(static_cast<double*>(numbers));
        for (int t = 0; t < step_count<In>; ++t) {
            auto in = read_step(x, t);
            auto g = read_step(dy, t);
            if constexpr (requires { L{}.gather_gradient(in.view(), g.view(), all, part); })
                L{}.gather_gradient(in.view(), g.view(), all, part);
            else
                L{}.gather_gradient(in.view(), g.view(), all, part, kernels::AsItIs{});
            for (int k = 0; k < elements_of<decltype(own)>; ++k)
                sum[k] += numbers[k];
        }
        int i = 0;
        decltype(own)::fields(own, [&](auto&&, auto& tensor) {
            for (int k = 0; k < tensor.size; ++k)
                tensor[k] = sum[i++];
        });
    }
    static constexpr void parameter_gradient(auto all, auto dp) noexcept { L{}.parameter_gradient(all, dp); }

  private:
    /// How the layer wants a step of one sample: fast kernels read a copy with the channels last, if that is
    /// small enough for the stack. (All else reads images where they are.)
    static constexpr long long largest_copy = 256 * 1024;
    template <class In>
    [[nodiscard]] static consteval StepWish wish_of_one_sample() noexcept {
        if constexpr (ImageShape<step_of<In>>) {
            constexpr Facts facts = facts_of<L, step_of<In>>;
            constexpr long long extent =
                stored_extent(step_of<In>::extents, facts.input_halo[1], Order::channels_last);
            if (facts.one_sample_order == Order::channels_last &&
                extent * static_cast<long long>(sizeof(float)) <= largest_copy)
                return {facts.input_halo[1], Order::channels_last};
        }
        return {};
    }
    template <StepWish Wish>
    static constexpr void forward_each(auto x, auto p, auto y, auto pass) noexcept {
        using In = typename decltype(x)::shape;
        using E = typename decltype(y)::element;
        using Saved = saved_of_step<In, E>;
        using After = AfterStep<decltype(pass.after), of_step<In>>;
        for (int t = 0; t < step_count<In>; ++t) {
            auto in = read_step<Wish>(x, t);
            auto out = step_at(y, t);
            if constexpr (requires { L{}.forward(in.view(), p, out.view()); }) {
                L{}.forward(in.view(), p, out.view());
            } else if constexpr (pass.training) {
                L{}.forward(in.view(), p, out.view(),
                            context<true, E>(pass, saved_at<In, E>(pass, t), After{pass.after, t}));
            } else {
                E without_backward[std::size_t{1 + extent_of_step<In>}];
                const auto own = list_at<Saved, false>(static_cast<E*>(without_backward));
                L{}.forward(in.view(), p, out.view(), context<false, E>(pass, own, After{pass.after, t}));
            }
            out.write();
        }
    }
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
        return PassContext<E, Training, After, decltype(pass.kept), Saved, decltype(pass.gathered),
                           decltype(pass.gathered_gradient)>{
            after,      pass.kept,    own,       pass.gathered, pass.gathered_gradient,
            pass.count, pass.samples, pass.layer};
    }
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
