// BatchPass: the samples of a step forward and backward, pack by pack.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/topology/paired_training.hpp>
#include <lamina/train/check.hpp>
#include <lamina/train/training_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// From the first pack to the last, or back.
enum class PackOrder { up, down };

/// Processes one pack after another. (`Team` has the same member, for several threads.)
template <class Memory>
struct SingleThread {
    Memory* memory;

    void make_room(const auto& model) { memory->make_room(model); }
    void for_each(int packs, PackOrder order, auto work) noexcept {
        topology::NoTurns turns;
        for (int n = 0; n < packs; ++n)
            work(*memory, order == PackOrder::up ? n : packs - 1 - n, turns, 0);
    }
};
template <class Memory> // Clang 14 does not make it
SingleThread(Memory*)->SingleThread<Memory>;

/// Data whose samples go on where others end, and are preceded by some that only pass forward: see
/// `CarriedWindows`.
template <class Data>
concept GoesOn = requires(const Data& data) {
    data.before();
};
/// The turns of a pack that passes several windows: it takes its own before the first, and passes them on
/// after the last.
template <class Turns>
struct TurnsOfWindows {
    Turns& turns;
    bool is_first, is_last;

    void wait(int operation) noexcept {
        if (is_first)
            turns.wait(operation);
    }
    void pass_on(int operation) noexcept {
        if (is_last)
            turns.pass_on(operation);
    }
};

/// Data whose samples are several windows, one behind the other.
template <class Data>
concept PassesSeveral = requires {
    requires(Data::windows > 1);
};

/// Throws `std::invalid_argument`: a layer that needs statistics of the batch has one number. (A template,
/// because most programs need not compile it.)
template <class Layer>
[[noreturn, gnu::cold]] void fail_with_one_number(const Layer& layer) {
    raise(std::invalid_argument{
        "a training step: layer " + std::string{std::string_view{layer.path}} + ", " +
        std::string{layer.name} + " on " + to_string(layer.input) +
        ", needs at least 2 numbers of each channel in a batch, found 1: train with larger batches"});
}

/// The samples `indices` of `data`: computes their losses, and the gradients of the sum of losses times
/// `share` by all parameters.
template <class M, class L, class Data>
struct BatchPass {
    using T = typename M::scalar;

    const M& model;
    const L& loss;
    const Data& data;
    std::span<const std::uint32_t> indices;
    T share;
    PassSamples random; ///< what random numbers begin with
    T* gradients;

    [[nodiscard]] int packs() const noexcept {
        return static_cast<int>((indices.size() + native_lanes<T> - 1) / native_lanes<T>);
    }

    /// The sum of the losses. Each pack passes alone, forward and backward, with the memory of its thread.
    [[nodiscard]] T run(auto& team) const {
        T sum = T(0);
        team.for_each(packs(), PackOrder::up, [&](PackMemory<M>& own, int p, auto& turns, int /*thread*/) {
            if constexpr (GoesOn<Data>)
                for (int before = data.before(); before > 0; --before)
                    own.pass.forward(model.numbers().data(), feed(own, p, before));
            const PassSamples samples = feed(own, p);
            if constexpr (RunTimeModel<M>) // prepared by `make_room`
                own.pass.forward_segment(0, model.numbers().data(), own.pass.statistics(), samples);
            else
                own.pass.forward(model.numbers().data(), samples);
            T losses = take_losses(own, samples.count);
            if constexpr (PassesSeveral<Data>)
                losses += back_through_windows(own, p, turns, samples);
            else if constexpr (RunTimeModel<M>)
                own.pass.backward_segment(0, model.numbers().data(), gradients, p == 0, turns,
                                          own.pass.statistics(), samples);
            else
                own.pass.template backward_segment<0>(model.numbers().data(), gradients, p == 0, turns,
                                                      own.pass.statistics(), samples);
            if constexpr (GoesOn<Data>)
                own.pass.carry(nullptr, nullptr);
            turns.wait(turns.after_all_layers());
            sum += losses;
            turns.pass_on(turns.after_all_layers());
        });
        return sum;
    }
    /// The same, two packs forward at a time: one and the next of its thread.
    [[nodiscard]] T run_in_pairs(auto& team) const {
        T sum = T(0);
        team.for_each(packs(), PackOrder::up, [&](TwoPackMemory<M>& both, int p, auto& turns, int) {
            const T* const numbers = model.numbers().data();
            const int next = p + turns.threads;
            const bool is_first = p / turns.threads % 2 == 0;
            if (is_first && next < packs())
                topology::forward_both(both.pass, both.other.pass, numbers, feed(both, p),
                                       feed(both.other, next));
            else if (is_first)
                both.pass.forward(numbers, feed(both, p));
            PackMemory<M>& own = is_first ? both : both.other;
            const T losses = take_losses(own, samples_of(p).count);
            own.pass.template backward_segment<0>(numbers, gradients, p == 0, turns, own.pass.statistics(),
                                                  samples_of(p));
            turns.wait(turns.after_all_layers());
            sum += losses;
            turns.pass_on(turns.after_all_layers());
        });
        return sum;
    }
    /// The same of a model that needs the whole batch: all packs pass one segment before any passes the next,
    /// in the opposite order: what the last one has left in the cache, it reads first.
    /// What they have gathered is merged in their order, so that the result does not depend on threads. The
    /// statistics of the batch are kept with those of the first pack. Throws `std::invalid_argument` if the
    /// memory is of a smaller batch, or a layer has too few numbers for statistics.
    [[nodiscard]] T run_together(auto& memory, auto& team) const {
        if constexpr (RunTimeModel<M>)
            memory.make_room(model, packs());
        else if (packs() > memory.packs)
            raise<std::invalid_argument>("a training step: the memory is for batches of at most ",
                                         memory.packs * native_lanes<T>, " samples, found ", indices.size(),
                                         ": give the Trainer an ln::TrainingMemory<Model, Optimizer, Batch>");
        auto* const of = &memory.of_batch[0];
        auto& first = of[0].pass;
        const T* const numbers = model.numbers().data();
        double* const batch = first.statistics();
        for (int from = parameter_extent_of(model), i = from; i < extent_of(model); ++i)
            memory.kept.data()[i - from] = numbers[i];
        const int segments = segments_of(first);
        if constexpr (GoesOn<Data>)
            for (int before = data.before(); before > 0; --before)
                forward_together(memory, team, before);
        forward_together(memory, team);
        T sum = T(0);
        for (int p = 0; p < packs(); ++p)
            sum += memory.losses[as_size(p)];
        for (int s = segments - 1; s >= 0; --s) {
            const PackOrder order = order_in(s + 1);
            const int beginning = order == PackOrder::up ? 0 : packs() - 1;
            team.for_each(packs(), order, [&](auto&, int p, auto& turns, int thread) {
                of[p].pass.share(of[thread].pass);
                of[p].pass.backward_segment(s, numbers, gradients, p == beginning, turns, batch,
                                            samples_of(p));
            });
            if (s == 0)
                break;
            for (int p = 1; p < packs(); ++p)
                first.merge_gradients(s, batch, of[p].pass.statistics());
            first.finish_gradients(s, batch, gradients, true);
        }
        if constexpr (GoesOn<Data>)
            for (int p = 0; p < packs(); ++p)
                of[p].pass.carry(nullptr, nullptr);
        return sum;
    }

  private:
    /// Backward of a sample's last window, and of those before it, which are computed again; their losses.
    [[nodiscard]] T back_through_windows(PackMemory<M>& own, int p, auto& turns,
                                         const PassSamples& of_last) const noexcept {
        const T* const numbers = model.numbers().data();
        PassSamples samples = of_last;
        T losses = T(0);
        for (int before = 0; before < Data::windows; ++before) {
            if (before > 0) {
                samples = feed(own, p, before);
                own.pass.forward(numbers, samples);
                losses += take_losses(own, samples.count);
            }
            TurnsOfWindows<std::remove_reference_t<decltype(turns)>> own_turns{turns, before == 0,
                                                                               before + 1 == Data::windows};
            own.pass.template backward_segment<0>(numbers, gradients, p == 0 && before == 0, own_turns,
                                                  own.pass.statistics(), samples);
        }
        return losses;
    }
    /// Forward of all packs, or of the samples so many before theirs.
    void forward_together(auto& memory, auto& team, int before = 0) const {
        auto* const of = &memory.of_batch[0];
        auto& first = of[0].pass;
        const T* const numbers = model.numbers().data();
        double* const batch = first.statistics();
        const int segments = segments_of(first);
        for (int s = 0; s < segments; ++s) {
            team.for_each(packs(), order_in(s), [&](auto&, int p, auto&, int thread) {
                of[p].pass.share(of[thread].pass);
                const PassSamples samples = s == 0 ? feed(of[p], p, before) : samples_of(p);
                if constexpr (RunTimeModel<M>)
                    if (s == 0)
                        of[p].pass.prepare(numbers);
                of[p].pass.forward_segment(s, numbers, batch, samples);
                if (s + 1 == segments && before == 0)
                    memory.losses[as_size(p)] = take_losses(of[p], samples.count);
            });
            if (s + 1 == segments)
                break;
            for (int p = 1; p < packs(); ++p)
                first.merge_statistics(s + 1, batch, of[p].pass.statistics());
            if (first.count_of(s + 1, batch) < 2)
                fail_with_one_number(layers_of(model)[as_size(first.layer_of(s + 1))]);
            first.finish_statistics(s + 1, batch, memory.kept.data());
        }
    }
    [[nodiscard]] static constexpr PackOrder order_in(int segment) noexcept {
        return segment % 2 == 0 ? PackOrder::up : PackOrder::down;
    }
    template <class Pass>
    [[nodiscard]] static constexpr int segments_of([[maybe_unused]] const Pass& pass) noexcept {
        if constexpr (RunTimeModel<M>)
            return pass.segments();
        else
            return Pass::segments;
    }

    [[nodiscard]] PassSamples samples_of(int p) const noexcept {
        const int first = p * native_lanes<T>, left = static_cast<int>(indices.size()) - first;
        return {static_cast<std::uint32_t>(first), left < native_lanes<T> ? left : native_lanes<T>,
                random.start, random.step};
    }
    /// Loads the samples of pack `p`. A partial pack repeats its last sample in the unused lanes. (A subspan
    /// of its samples would cost each program that includes this some 170 instantiations.)
    PassSamples feed(PackMemory<M>& m, int p, [[maybe_unused]] int before = 0) const noexcept {
        const PassSamples samples = samples_of(p);
        std::uint32_t own[std::size_t{native_lanes<T>}];
        for (std::size_t r = 0; r < native_lanes<T>; ++r)
            own[r] = indices[samples.first + (r < as_size(samples.count) ? r : as_size(samples.count) - 1)];
        if constexpr (GoesOn<Data>)
            data.enter(m.pass, p, own, before);
        data.inputs(own, m.pass.input());
        data.targets(own, m.targets.view());
        if constexpr (PassesSeveral<Data>) // each window has random numbers of its own
            return {samples.first + static_cast<std::uint32_t>(before * packs() * native_lanes<T>),
                    samples.count, samples.start, samples.step};
        return samples;
    }
    /// The sum of the losses of a pack; writes the gradient of the outputs, zero in lanes that do not count.
    T take_losses(PackMemory<M>& m, int samples) const noexcept {
        pack<T> weight = T(0);
        for (int r = 0; r < samples; ++r)
            weight.set(r, T(1));
        const auto dy = m.pass.output_gradient();
        pack<T> losses;
        if constexpr (is_losses<L>)
            losses = loss_and_gradient_of_heads(model, loss, m.pass.output(), m.targets.view(), dy);
        else
            losses = loss.loss_and_gradient(m.pass.output(), m.targets.view(), dy);
        for (int i = 0; i < dy.size; ++i)
            dy[i] *= weight * pack<T>(share);
        return lane_sum(losses * weight);
    }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
