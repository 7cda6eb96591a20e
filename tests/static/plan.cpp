// The plan of a workspace: what is live at the same time does not overlap, and no more room is taken than
// that needs.
#include "../../benchmarks/runtime/networks.hpp"

#include <algorithm>

namespace {

namespace ln = lamina;

struct Range {
    long long begin;
    long long size;
    [[nodiscard]] constexpr bool apart_from(Range other) const {
        return begin + size <= other.begin || other.begin + other.size <= begin;
    }
    [[nodiscard]] constexpr bool inside(long long first, long long end) const {
        return begin >= first && begin + size <= end;
    }
};

/// Inference: each operation reads one activation and writes the next, and only these two are live.
template <class Plan, bool OneSample>
consteval bool inference_is_sound() {
    constexpr long long extent = Plan::template inference_extent<OneSample>;
    long long widest = 0;
    for (int i = 0; i < Plan::count; ++i) {
        const auto buffer = [](int b) {
            return Range{Plan::template inference_offset<OneSample>(b),
                         Plan::template activation_extents<OneSample>[static_cast<std::size_t>(b)]};
        };
        if (!buffer(i).apart_from(buffer(i + 1)) || !buffer(i).inside(0, extent) ||
            !buffer(i + 1).inside(0, extent))
            return false;
        widest = std::max(widest, buffer(i).size + buffer(i + 1).size);
    }
    return extent == widest;
}

/// Training: all activations and choices are kept; an operation going backward has its two gradients and its
/// scratch beside them.
template <class Plan>
consteval bool training_is_sound(bool input_gradient) {
    const long long kept = Plan::kept_offset(Plan::count + 1);
    const long long choices = Plan::choice_offset(0, input_gradient),
                    end = Plan::training_extent(input_gradient);
    for (int i = 0; i < Plan::count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto activation = [](int b) {
            return Range{Plan::kept_offset(b),
                         Plan::template activation_extents<false>[static_cast<std::size_t>(b)]};
        };
        const auto gradient = [&](int b) {
            const long long size =
                b == 0 && !input_gradient ? 0 : Plan::gradient_extents[static_cast<std::size_t>(b)];
            return Range{Plan::gradient_offset(b, input_gradient), size};
        };
        const Range scratch{Plan::scratch_offset(i, input_gradient),
                            input_gradient ? Plan::template scratch_extents<true>[at]
                                           : Plan::template scratch_extents<false>[at]};
        const Range chosen{Plan::choice_offset(i, input_gradient), Plan::choice_counts[at]};
        const Range next{Plan::choice_offset(i + 1, input_gradient), 0};
        if (!activation(i).apart_from(activation(i + 1)) || !activation(i + 1).inside(0, kept) ||
            !scratch.apart_from(gradient(i)) || !scratch.apart_from(gradient(i + 1)) ||
            !gradient(i).apart_from(gradient(i + 1)) || !scratch.inside(kept, choices) ||
            (gradient(i).size > 0 && !gradient(i).inside(kept, choices)) ||
            !gradient(i + 1).inside(kept, choices) || !chosen.inside(choices, end) ||
            chosen.begin + chosen.size != next.begin)
            return false;
    }
    return true;
}

/// Buffers have room for their halo, and those of channels-last images for a vector at the last pixel.
template <class Plan, bool OneSample>
consteval bool halos_fit() {
    return ln::with_indices<Plan::count + 1>([](auto... b) {
        const auto fits = [](auto index) {
            using S = typename Plan::template activation<index>::shape;
            using L = typename Plan::template activation_layout<index, OneSample>;
            constexpr bool last = L::order == ln::Order::channels_last;
            const int extent =
                Plan::template activation_extents<OneSample>[static_cast<std::size_t>(index())];
            if constexpr (S::rank == 3) {
                const int halo = 2 * L::halo;
                return extent ==
                       ln::channels<S> * (ln::height<S> + halo) * (ln::width<S> + halo) + (last ? 16 : 0);
            } else {
                return extent == S::size;
            }
        };
        return (fits(b) && ...);
    });
}

template <class Plan>
consteval bool sound() {
    return inference_is_sound<Plan, false>() && inference_is_sound<Plan, true>() &&
           training_is_sound<Plan>(false) && training_is_sound<Plan>(true) && halos_fit<Plan, false>() &&
           halos_fit<Plan, true>();
}
template <class Net, class In>
consteval bool sound() {
    using Fused = typename ln::Model<Net, In>::plan;
    using Plain = ln::topology::Plan<ln::topology::Inferred<Net, In, float>, false>;
    return sound<Fused>() && sound<Plain>() &&
           Fused::template inference_extent<> <= Plain::template inference_extent<>;
}

static_assert(sound<bench::Card, ln::Shape<1, 28, 28>>());
static_assert(sound<bench::Lenet5, ln::Shape<1, 28, 28>>());
static_assert(sound<bench::Mlp, ln::Shape<784>>());
static_assert(sound<bench::VggSmall, ln::Shape<3, 32, 32>>());
static_assert(sound<ln::Net<ln::ReLU>, ln::Shape<5>>());
static_assert(sound<ln::Net<ln::Flatten, ln::Dense<3>, ln::Softmax>, ln::Shape<2, 3, 4>>());
static_assert(
    sound<ln::Net<ln::Conv<2, 3, 1, 2>, ln::Conv<3, 3, 2, 1>, ln::Sigmoid, ln::MaxPool<3, 3>, ln::Tanh>,
          ln::Shape<1, 11, 13>>());
static_assert(sound<ln::Net<ln::MaxPool<3, 2>, ln::Conv<4, 5, 3, 4>, ln::MaxPool<2, 2>, ln::Conv<8, 1>>,
                    ln::Shape<3, 17, 9>>());

// Fusion: what the table of a plan holds for the network of the first page, and for one that fuses nothing.
static_assert(bench::CardModel::plan::count == 2);
static_assert(bench::Lenet5Model::plan::count == 7);
static_assert(ln::Model<ln::Net<ln::Softmax, ln::MaxPool<2, 2>>, ln::Shape<1, 4, 4>>::plan::count == 2);

} // namespace
