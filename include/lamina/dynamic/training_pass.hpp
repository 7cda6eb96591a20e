// A pass for training of a run-time network, forward and backward, segment by segment.
#pragma once

#include <lamina/dynamic/structure.hpp>
#include <lamina/dynamic/workspace.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/pass_context.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// A pass for training, as `topology::TrainingPass` is, with numbers of segments as arguments.
class TrainingPass {
    using E = pack<float>;
    static constexpr PassSamples all{0, lanes_of<E>};

  public:
    explicit TrainingPass(std::shared_ptr<const Structure> structure)
        : s_{std::move(structure)}, flow_{s_->training.flow(s_->table)} {
        s_->require_room(s_->training,
                         topology::too_many_in_training(flow_, s_->training.workspace, most_elements));
        long long gather_scratch = 0;
        for (const auto& layer : s_->layers)
            gather_scratch = (std::max)(gather_scratch, layer->gather_scratch);
        workspace_ = {*s_, s_->training, gather_scratch};
        statistics_.resize(static_cast<std::size_t>(s_->training.workspace.gathered_extent));
        uses_.resize(static_cast<std::size_t>(s_->table.input_count), Use::none);
        for (int op = 0; op < operations().count; ++op)
            for (int k = 0; k < flow_.inputs(op); ++k) {
                const int v = flow_.input(op, k);
                const bool wanted = topology::computes_gradient(flow_, s_->training.workspace, op, v, false);
                uses_[place_of_use(op, k)] =
                    wanted ? flow_.adds(op, k) ? Use::add : Use::overwrite : Use::none;
            }
        for (int segment = 0; segment <= segments(); ++segment)
            starts_.push_back(flow_.start_of(segment));
        long long prepared = 0;
        for (int op = 0; op < operations().count; ++op) {
            prepared_at_.push_back(prepared);
            prepared += topology::aligned<float>(needs_prepared(op) ? layer(op).prepared : 0);
        }
        prepared_.resize(static_cast<std::size_t>(prepared));
    }

    [[nodiscard]] View<E> input() noexcept { return workspace_.value(0); }
    [[nodiscard]] View<E> output() noexcept { return workspace_.value(s_->table.result); }
    [[nodiscard]] View<E> output_gradient() noexcept { return workspace_.gradient(s_->table.result); }
    /// See `topology::TrainingPass`.
    void share(TrainingPass& other) noexcept { workspace_.share(other.workspace_); }
    /// The statistics that this pack has gathered.
    [[nodiscard]] double* statistics() noexcept { return statistics_.data(); }
    [[nodiscard]] int segments() const noexcept { return flow_.segments(); }

    /// Before forward, when numbers have changed. (`forward` calls it, `forward_segment` does not.)
    void prepare(const float* numbers) noexcept {
        for (int op = 0; op < operations().count; ++op)
            if (needs_prepared(op))
                layer(op).prepare(numbers + s_->table.elements[operations().all[op].element].trained_offset,
                                  prepared_.data() + prepared_at_[static_cast<std::size_t>(op)]);
    }
    /// Forward, of a batch that is this pack.
    void forward(const float* numbers, const PassSamples& samples = all) noexcept {
        prepare(numbers);
        for (int segment = 0; segment < segments(); ++segment) {
            if (segment > 0)
                finish_statistics(segment, statistics(), nullptr);
            forward_segment(segment, numbers, statistics(), samples);
        }
    }
    /// Adds to `gradients`, which have the layout of the parameters, or overwrites them. Overwrites the
    /// output's gradient.
    void backward(const float* numbers, float* gradients, bool overwrite = false,
                  const PassSamples& samples = all) noexcept {
        topology::NoTurns turns;
        for (int segment = segments() - 1; segment >= 0; --segment) {
            backward_segment(segment, numbers, gradients, overwrite, turns, statistics(), samples);
            if (segment > 0)
                finish_gradients(segment, statistics(), gradients, overwrite);
        }
    }

    /// One segment; `batch` are the statistics of the whole batch. It ends with the gathering of those that
    /// the next segment needs.
    void forward_segment(int segment, const float* numbers, double* batch,
                         const PassSamples& samples) noexcept {
        kernels::has_effects();
        for (int op = start(segment); op < start(segment + 1); ++op)
            forward_operation(op, numbers, batch, samples);
        if (segment + 1 < segments()) {
            const int op = start(segment + 1);
            workspace_.copy_input(*s_, op);
            layer(op).gather(workspace_.input(*s_, op), samples.count,
                             statistics() + memory(op).gathered_offset,
                             workspace_.data() + s_->training.workspace.extent);
        }
    }
    /// One segment of backward, the last first. It begins with the input gradient of the layer that needed
    /// the batch, and ends with the gathering for that before it.
    void backward_segment(int segment, const float* numbers, float* gradients, bool overwrite, auto& turns,
                          double* batch, const PassSamples& samples) noexcept {
        using topology::Part;
        const int first = start(segment), end = start(segment + 1);
        if (segment + 1 < segments())
            backward_operation(end, Part::through_layer, numbers, gradients, overwrite, turns, batch, batch,
                               samples);
        if (segment > 0 && is_computed_again(first))
            forward_operation(first, numbers, batch, samples);
        for (int op = end - 1; op >= (segment > 0 ? first + 1 : first); --op)
            backward_operation(op, Part::whole, numbers, gradients, overwrite, turns, batch, batch, samples);
        if (segment > 0)
            backward_operation(first, Part::to_layer, numbers, gradients, overwrite, turns, batch,
                               statistics(), samples);
    }

    /// The layer whose statistics a segment needs, and over how many elements they were gathered.
    [[nodiscard]] int layer_of(int segment) const noexcept {
        return s_->layer_of[static_cast<std::size_t>(operations().all[start(segment)].element)];
    }
    [[nodiscard]] double count_of(int segment, const double* batch) const noexcept {
        return batch[memory(start(segment)).gathered_offset];
    }
    /// Merges what another pack has gathered for a segment. The order of merging is part of the result.
    void merge_statistics(int segment, double* into, const double* more) const noexcept {
        const int op = start(segment), offset = memory(op).gathered_offset;
        layer(op).merge(into + offset, more + offset);
    }
    /// When all are merged: moves `kept`, the kept tensors of the network, unless it is null.
    void finish_statistics(int segment, double* batch, float* kept) noexcept {
        const int op = start(segment);
        const topology::Element& element = s_->table.elements[operations().all[op].element];
        float* own = kept != nullptr ? kept + element.kept_offset : nullptr;
        if (own == nullptr) {
            unused_.assign(static_cast<std::size_t>(element.kept), 0);
            own = unused_.data();
        }
        layer(op).finish(batch + memory(op).gathered_offset, own);
    }
    /// The same for the statistics of gradients, which are sums.
    void merge_gradients(int segment, double* into, const double* more) const noexcept {
        const int op = start(segment), offset = memory(op).gathered_gradient_offset;
        for (long long i = 1; i <= extent_of(layer(op).gathered_gradient); ++i)
            into[offset + i] += more[offset + i];
    }
    void finish_gradients(int segment, double* batch, float* gradients, bool overwrite) const noexcept {
        const int op = start(segment);
        const topology::Element& element = s_->table.elements[operations().all[op].element];
        float* const own = gradients + element.trained_offset;
        for (long long i = 0; overwrite && i < element.trained; ++i)
            own[i] = 0;
        layer(op).parameter_gradient(batch + memory(op).gathered_gradient_offset, own);
    }

  private:
    enum class Use : unsigned char { none, overwrite, add };

    [[nodiscard]] const topology::Operations<run_time>& operations() const noexcept {
        return s_->training.operations;
    }
    [[nodiscard]] const topology::OperationMemory& memory(int op) const noexcept {
        return s_->training.workspace.operations[op];
    }
    [[nodiscard]] const Layer& layer(int op) const noexcept { return s_->layer(operations().all[op]); }
    [[nodiscard]] int start(int segment) const noexcept { return starts_[static_cast<std::size_t>(segment)]; }
    [[nodiscard]] Call<E> call(int op, const float* numbers, double* batch, double* gradient_statistics,
                               const PassSamples& samples) noexcept {
        Call<E> call = workspace_.call(*s_, op, numbers, workspace_.data() + memory(op).saved_offset,
                                       workspace_.data() + memory(op).scratch_offset, batch,
                                       gradient_statistics, samples);
        call.prepared = prepared_.data() + prepared_at_[static_cast<std::size_t>(op)];
        return call;
    }

    [[nodiscard]] bool is_computed_again(int op) const noexcept {
        return s_->training.workspace.values[operations().all[op].output].is_computed_again;
    }
    void forward_operation(int op, const float* numbers, double* batch, const PassSamples& samples) noexcept {
        workspace_.copy_input(*s_, op);
        layer(op).train(call(op, numbers, batch, batch, samples));
        if (is_computed_again(op)) // where others were
            kernels::fill_halo_with_zeros(workspace_.value(operations().all[op].output));
    }
    void backward_operation(int op, topology::Part part, const float* numbers, float* gradients,
                            bool overwrite, auto& turns, double* batch, double* gradient_statistics,
                            const PassSamples& samples) noexcept {
        using topology::Part;
        kernels::has_effects();
        const topology::Operation& own = operations().all[op];
        const topology::Element& element = s_->table.elements[own.element];
        const Layer& layer = s_->layer(own);
        const BackwardCall call{this->call(op, numbers, batch, gradient_statistics, samples),
                                workspace_.gradient(own.output)};
        if (part == Part::whole && !element.facts.is_join)
            kernels::fill_halo_with_zeros(call.dy);
        if (part != Part::through_layer && call.after != nullptr)
            for_runs(call.dy, call.y,
                     [&](E* dy, const E* y, int count) { call.after->multiply_slope(dy, y, count); });
        if (part == Part::to_layer)
            return layer.gather_gradient(call);
        layer.prepare_gradients(call);
        for (int k = 0; k < element.inputs; ++k)
            if (const Use use = uses_[place_of_use(op, k)]; use != Use::none)
                layer.input_gradient(call, k, workspace_.gradient(s_->table.input(own.element, k)),
                                     use == Use::add);
        if (!layer.trained.empty() && !element.facts.gathers) {
            turns.wait(op);
            layer.parameter_gradient(call, gradients + element.trained_offset, overwrite);
            turns.pass_on(op);
        }
    }
    [[nodiscard]] bool needs_prepared(int op) const noexcept {
        return layer(op).prepared > 0 &&
               (layer(op).prepares_forward || uses_[place_of_use(op, 0)] != Use::none);
    }
    /// Where the use of an operation's input stands: where the input does in the table.
    [[nodiscard]] std::size_t place_of_use(int op, int k) const noexcept {
        return static_cast<std::size_t>(s_->table.elements[operations().all[op].element].first_input + k);
    }

    std::shared_ptr<const Structure> s_;
    Flow flow_;
    Workspace<E> workspace_;
    std::vector<double> statistics_;
    std::vector<Use> uses_;
    std::vector<long long> prepared_at_;
    std::vector<float> prepared_;
    std::vector<int> starts_;
    std::vector<float> unused_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
