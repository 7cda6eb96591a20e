// PassContext: what a layer may ask for besides its tensors.
#pragma once

#include <lamina/kernels/random_numbers.hpp>
#include <lamina/math/random.hpp>
#include <lamina/pack.hpp>

#include <cstdint>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

/// The samples that pass: which of a batch they are, how many of a pack's lanes count, and what their random
/// numbers begin with.
struct PassSamples {
    std::uint32_t first = 0; ///< the position in the batch of the sample in lane 0
    int count = 1;           ///< lanes that count; the others repeat a sample, and their gradients are zero
    seed start{0};
    std::uint64_t step = 0;
};

/// Memory that a layer asks for while one of its functions runs on a batch, in elements, for an algorithm
/// that needs it: `pass.scratch`. Where there is none, as for a single sample, it does without.
struct Scratch {
    long long forward = 0, backward = 0;
    std::string_view algorithm; ///< its name, for `plan_summary`
};

/// The last argument of a layer's functions, if they take it. `E` is the element that passes.
template <class E, bool Training, class After, class Kept, class Saved, class Gathered,
          class GatheredGradient>
struct PassContext {
    /// Whether backward follows: dropout drops only then.
    static constexpr bool training = Training;
    /// forward of a layer that `takes_activation`: applied to each result before it is stored,
    /// `y(c, i, j) = pass.after(value, c, i, j)`.
    After after;
    Kept kept;         ///< views of the layer's kept tensors, to be read
    Saved saved;       ///< views of its saved tensors: forward writes them, backward reads them
    Gathered gathered; ///< views of the statistics of the whole batch
    GatheredGradient gathered_gradient;
    double count; ///< over how many elements each statistic was gathered
    PassSamples samples;
    int layer; ///< its index in `Model::layers`

    /// Random numbers of these samples in this layer and step: backward draws those of forward again.
    [[nodiscard]] constexpr kernels::RandomNumbers<E> random() const noexcept {
        std::uint32_t positions[static_cast<std::size_t>(lanes_of<E>)] = {};
        for (int r = 0; r < lanes_of<E>; ++r)
            positions[r] = samples.first + static_cast<std::uint32_t>(r);
        return {kernels::LayerKey{samples.start, samples.step, static_cast<std::uint64_t>(layer)}, positions};
    }
};

/// The same for a layer that asks for scratch memory: it can ask for nothing else. `Room` is a pointer, or
/// the `PreparedScratch` of a `Prepared` model.
template <class Room, class After>
struct ScratchContext {
    After after;
    Room scratch;
};

/// What a layer asks for if a `Prepared` model is to compute one sample, in numbers: its parameters in
/// another form, and room while `forward` runs.
struct PreparedExtent {
    long long parameters = 0, room = 0;
};
template <class T>
struct PreparedScratch {
    const T* parameters;
    T* room;
};

namespace detail {

/// The type of a context's scratch memory, a pointer, or void if it has none.
template <class Context>
struct scratch_type {
    using type = void;
};
template <class Context>
concept HasScratch = requires(const Context& context) {
    context.scratch;
};
template <HasScratch Context>
struct scratch_type<Context> {
    using type = decltype(Context::scratch);
};
template <class Context>
using scratch_of = typename scratch_type<Context>::type;
/// Whether a layer has a function `forward_of_two` for two packs of samples. (No member of layers, which those
/// that derive from one would inherit, though they have another `forward`.)
template <class L>
inline constexpr bool computes_two_packs = false;
template <class Room>
inline constexpr bool is_prepared = false;
template <class T>
inline constexpr bool is_prepared<PreparedScratch<T>> = true;

} // namespace detail

} // namespace lamina::inline LAMINA_ABI
