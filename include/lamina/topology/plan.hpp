// The plan: which operations a model runs, and where in its workspace every activation and gradient lies.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/topology/fuse.hpp>

#include <array>
#include <cstddef>

namespace lamina::inline LAMINA_ABI::topology {

/// Decided while compiling, from nothing but types. Offsets and extents count elements; an element is a
/// number for one sample and a pack for a batch, so the plan is the same for both.
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
    /// In the order of planes, or in the order in which one sample is computed.
    template <int B, Order O>
    using layout_in = Layout<typename activation<B>::shape, activation<B>::template halo<O>, O>;
    template <int B, bool OneSample = false>
    using activation_layout = layout_in<B, OneSample ? activation<B>::one_sample_order : Order::planes>;

    /// The gradient of activation `B`, with the halo that the operation before it wants.
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

    using extents = std::array<int, static_cast<std::size_t>(count + 1)>;

    template <bool OneSample = false>
    static constexpr extents activation_extents = with_indices<count + 1>([](auto... b) {
        return extents{activation_layout<b, OneSample>::extent...};
    });
    static constexpr extents gradient_extents =
        with_indices<count + 1>([](auto... b) { return extents{gradient_layout<b>::extent...}; });
    /// By operation: its scratch in backward, and the choices it keeps from forward to backward.
    template <bool InputGradient>
    static constexpr auto scratch_extents = with_indices<count>([](auto... i) {
        return std::array{operation<i>::template scratch_extent<(i > 0 || InputGradient)>...};
    });
    static constexpr auto choice_counts =
        with_indices<count>([](auto... i) { return std::array{operation<i>::choices...}; });

    /// Two buffers live at a time, neighbours in the chain: even ones start at the front, odd ones end at the
    /// back.
    [[nodiscard]] static constexpr int two_ended(const extents& e, int b, int total) noexcept {
        return b % 2 == 0 ? 0 : total - e[static_cast<std::size_t>(b)];
    }

    /// Inference: the widest two neighbours.
    template <bool OneSample = false>
    static constexpr int inference_extent = [] {
        int widest = 0;
        for (std::size_t b = 0; b < std::size_t{count}; ++b) {
            const int both = activation_extents<OneSample>[b] + activation_extents<OneSample>[b + 1];
            widest = both > widest ? both : widest;
        }
        return widest;
    }();
    template <bool OneSample = false>
    [[nodiscard]] static constexpr int inference_offset(int b) noexcept {
        return two_ended(activation_extents<OneSample>, b, inference_extent<OneSample>);
    }

    /// Training: all activations, one after another, then gradients as two neighbours with the scratch
    /// between them.
    [[nodiscard]] static constexpr int kept_offset(int b) noexcept {
        int offset = 0;
        for (int i = 0; i < b; ++i)
            offset += activation_extents<>[static_cast<std::size_t>(i)];
        return offset;
    }
    /// Elements of the gradients' part. Without the input's gradient, buffer 0 takes no room.
    [[nodiscard]] static constexpr int gradient_extent(bool input_gradient) noexcept {
        int widest = gradient_extents[count];
        for (std::size_t b = 0; b < std::size_t{count}; ++b) {
            const int dx = b == 0 && !input_gradient ? 0 : gradient_extents[b];
            const int scratch = input_gradient ? scratch_extents<true>[b] : scratch_extents<false>[b];
            const int all = dx + scratch + gradient_extents[b + 1];
            widest = all > widest ? all : widest;
        }
        return widest;
    }
    [[nodiscard]] static constexpr int gradient_offset(int b, bool input_gradient) noexcept {
        return kept_offset(count + 1) + two_ended(gradient_extents, b, gradient_extent(input_gradient));
    }
    /// The scratch of operation `i` lies behind whichever of its two gradients is at the front.
    [[nodiscard]] static constexpr int scratch_offset(int i, bool input_gradient) noexcept {
        const int front = i % 2 == 0 ? i : i + 1;
        const int extent =
            front == 0 && !input_gradient ? 0 : gradient_extents[static_cast<std::size_t>(front)];
        return kept_offset(count + 1) + extent;
    }
    [[nodiscard]] static constexpr int choice_offset(int i, bool input_gradient) noexcept {
        int offset = kept_offset(count + 1) + gradient_extent(input_gradient);
        for (int k = 0; k < i; ++k)
            offset += choice_counts[static_cast<std::size_t>(k)];
        return offset;
    }
    [[nodiscard]] static constexpr int training_extent(bool input_gradient) noexcept {
        return choice_offset(count, input_gradient);
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
