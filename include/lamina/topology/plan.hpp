// The plan: the operations of a model, and the position of every activation and gradient in its workspace.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/problem/network.hpp>
#include <lamina/topology/fuse.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace lamina::inline LAMINA_ABI::topology {

/// The largest number of elements of a pass: an int can count them, and one object can hold them.
template <class E>
inline constexpr long long most_elements = PTRDIFF_MAX / sizeof(E) < 2'147'483'647
                                               ? static_cast<long long>(PTRDIFF_MAX / sizeof(E))
                                               : 2'147'483'647;

/// The plan is made while compiling, from types alone. Offsets and extents count elements. An element is a
/// number for one sample and a pack for a batch, so both have the same plan.
template <class Inferred, bool Fusion = true>
struct Plan {
    using fused = Fused<Inferred, Fusion>;
    static constexpr int count = fused::count;

    template <int I>
    using operation = typename fused::template at<I>;

    /// Activation `B`: the input for 0, else the output of operation B - 1.
    template <int B>
    struct activation {
        using consumer = operation<(B < count ? B : count - 1)>;
        using shape = typename consumer::input;
        template <Order O>
        static constexpr int halo = consumer::template input_halo<O>;
        static constexpr Order one_sample_order = consumer::one_sample_order;
    };
    template <int B>
        requires(B == count)
    struct activation<B> {
        using shape = typename operation<count - 1>::output;
        template <Order>
        static constexpr int halo = 0;
        static constexpr Order one_sample_order = Order::planes;
    };
    /// Its layout in the order of planes, or in the order for one sample.
    template <int B, Order O>
    using layout_in = Layout<typename activation<B>::shape, activation<B>::template halo<O>, O>;
    template <int B, bool OneSample = false>
    using activation_layout = layout_in<B, OneSample ? activation<B>::one_sample_order : Order::planes>;

    /// The layout of the gradient of activation `B`, with the halo that the previous operation needs.
    template <int B>
    struct gradient {
        static constexpr int halo = operation<B - 1>::gradient_halo;
    };
    template <int B>
        requires(B == 0)
    struct gradient<B> {
        static constexpr int halo = 0;
    };
    template <int B>
    using gradient_layout = Layout<typename activation<B>::shape, gradient<B>::halo>;

    using extents = std::array<long long, static_cast<std::size_t>(count + 1)>;

    template <bool OneSample = false>
    static constexpr extents activation_extents = with_indices<count + 1>([](auto... b) {
        return extents{activation_layout<b, OneSample>::extent...};
    });
    static constexpr extents gradient_extents =
        with_indices<count + 1>([](auto... b) { return extents{gradient_layout<b>::extent...}; });
    /// For each operation: the size of its scratch memory in backward, and of the choices that it keeps from
    /// forward to backward.
    template <bool InputGradient>
    static constexpr auto scratch_extents = with_indices<count>([](auto... i) {
        return std::array{operation<i>::template scratch_extent<(i > 0 || InputGradient)>...};
    });
    static constexpr auto choice_counts =
        with_indices<count>([](auto... i) { return std::array{operation<i>::choices...}; });

    /// Only two neighbouring buffers are needed at a time: those with even numbers start at the front, those
    /// with odd numbers end at the back.
    [[nodiscard]] static constexpr long long two_ended(const extents& e, int b, long long total) noexcept {
        return b % 2 == 0 ? 0 : total - e[static_cast<std::size_t>(b)];
    }

    /// Inference: room for the largest two neighbours.
    template <bool OneSample = false>
    static constexpr long long inference_extent = [] {
        long long widest = 0;
        for (std::size_t b = 0; b < std::size_t{count}; ++b) {
            const long long both = activation_extents<OneSample>[b] + activation_extents<OneSample>[b + 1];
            widest = both > widest ? both : widest;
        }
        return widest;
    }();
    template <bool OneSample = false>
    [[nodiscard]] static constexpr long long inference_offset(int b) noexcept {
        return two_ended(activation_extents<OneSample>, b, inference_extent<OneSample>);
    }

    /// Training: all activations one after another, then two neighbouring gradients with the scratch memory
    /// between them.
    [[nodiscard]] static constexpr long long kept_offset(int b) noexcept {
        long long offset = 0;
        for (int i = 0; i < b; ++i)
            offset += activation_extents<>[static_cast<std::size_t>(i)];
        return offset;
    }
    /// Number of elements for the gradients. If the input's gradient is not computed, buffer 0 takes no
    /// space.
    [[nodiscard]] static constexpr long long gradient_extent(bool input_gradient) noexcept {
        long long widest = gradient_extents[count];
        for (std::size_t b = 0; b < std::size_t{count}; ++b) {
            const long long dx = b == 0 && !input_gradient ? 0 : gradient_extents[b];
            const long long scratch = input_gradient ? scratch_extents<true>[b] : scratch_extents<false>[b];
            const long long all = dx + scratch + gradient_extents[b + 1];
            widest = all > widest ? all : widest;
        }
        return widest;
    }
    [[nodiscard]] static constexpr long long gradient_offset(int b, bool input_gradient) noexcept {
        return kept_offset(count + 1) + two_ended(gradient_extents, b, gradient_extent(input_gradient));
    }
    /// The scratch memory of operation `i` follows the one of its two gradients that is at the front.
    [[nodiscard]] static constexpr long long scratch_offset(int i, bool input_gradient) noexcept {
        const int front = i % 2 == 0 ? i : i + 1;
        const long long extent =
            front == 0 && !input_gradient ? 0 : gradient_extents[static_cast<std::size_t>(front)];
        return kept_offset(count + 1) + extent;
    }
    [[nodiscard]] static constexpr long long choice_offset(int i, bool input_gradient) noexcept {
        long long offset = kept_offset(count + 1) + gradient_extent(input_gradient);
        for (int k = 0; k < i; ++k)
            offset += choice_counts[static_cast<std::size_t>(k)];
        return offset;
    }
    [[nodiscard]] static constexpr long long training_extent(bool input_gradient) noexcept {
        return choice_offset(count, input_gradient);
    }

    /// The problem of a pass that computes in `E`, or `none`: the first layer whose activations, together
    /// with those that are needed at the same time, are too many.
    template <int I, long long Needed, long long Most>
    using too_large =
        typename problem::layer<fused::template first_layer<I>,
                                typename Inferred::template at<fused::template first_layer<I>>::layer>::
            template activations<Needed>::template are_more_than<Most>;
    /// Checks both orders, so that all passes of a model report the same problem and the user sees one error.
    template <class E>
    [[nodiscard]] static consteval auto find_inference_fault() noexcept {
        constexpr auto needed = [](int i) {
            const auto x = static_cast<std::size_t>(i), y = x + 1;
            const long long planes = activation_extents<false>[x] + activation_extents<false>[y],
                            pixels = activation_extents<true>[x] + activation_extents<true>[y];
            return planes > pixels ? planes : pixels;
        };
        constexpr int first = [=] {
            int i = 0;
            while (i < count && needed(i) <= most_elements<E>)
                ++i;
            return i;
        }();
        if constexpr (first == count)
            return none{};
        else
            return fault<too_large<first, needed(first), most_elements<E>>>{};
    }
    template <class E, bool InputGradient>
    [[nodiscard]] static consteval auto find_training_fault() noexcept {
        if constexpr (training_extent(InputGradient) <= most_elements<E>) {
            return none{};
        } else {
            constexpr int first = [] { // or the last, if it takes all gradients and choices too
                int i = 0;
                while (i + 1 < count && kept_offset(i + 2) <= most_elements<E>)
                    ++i;
                return i;
            }();
            constexpr long long activations = kept_offset(first + 2),
                                needed = activations > most_elements<E> ? activations
                                                                        : training_extent(InputGradient);
            return fault<too_large<first, needed, most_elements<E>>>{};
        }
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
