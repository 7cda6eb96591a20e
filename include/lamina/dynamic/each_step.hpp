// EachStep: a layer of a run-time network on each step of a sequence.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/shape_error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// A layer on vectors or images as one on sequences of them, with the same parameters for each step.
class EachStep final : public Layer {
  public:
    EachStep(std::shared_ptr<const Layer> layer, const Where& where, const dims& in)
        : inner_{std::move(layer)} {
        where.expect(
            inner_->output.rank == 1 || inner_->output.rank == 3,
            "each step of a sequence is a vector or an image: what a layer gives for a step is one as "
            "well",
            "gives<", inner_->output, ">::at_each_step_of_a_sequence");
        name = inner_->name;
        inputs = {in};
        output = detail::sequence_like(in, steps_in(in), inner_->output);
        where.require_tensor(output);
        facts = inner_->facts;
        facts.name = name;
        facts.takes_activation = facts.takes_addend = facts.gradient_in_place = false;
        facts.tiling_max_pool = 0;
        if (image_count(in) == 0) { // its steps are copied
            facts.takes_halo = true;
            facts.input_halo[0] = facts.input_halo[1] = facts.gradient_halo = pad{};
        }
        facts.macs *= steps_in(in);
        trained = inner_->trained;
        kept = inner_->kept;
        saved_of_step_ = extent_of(inner_->saved);
        if (saved_of_step_ > 0) {
            saved = {{"all", dims{saved_of_step_ * steps_in(in)}, {}}};
            where.require_tensor(saved[0].shape);
        }
        // x, dx, y and dy of a step, and room behind each for the rest of a vector.
        const long long size = static_cast<long long>(step_in(in).size() + inner_->output.size());
        scratch = inner_->scratch + 2 * size + 4LL * room;
        gathered = inner_->gathered;
        gathered_gradient = inner_->gathered_gradient;
        statistics_ = static_cast<int>(1 + extent_of(gathered)); // and how many numbers they are of
        sums_ = static_cast<int>(1 + extent_of(gathered_gradient));
        if (facts.gathers) {
            gather_scratch = inner_->gather_scratch + size + 2LL * room + room_for(statistics_);
            scratch += room_for(sums_);
        }
        prepared = inner_->prepared;
        prepares_forward = inner_->prepares_forward;
        adds = true;
    }

    void infer(const Call<E>& call) const override {
        forward(call, [&](const auto& c) { inner_->infer(c); });
    }
    void infer(const Call<float>& call) const override {
        forward(call, [&](const auto& c) { inner_->infer(c); });
    }
    void train(const Call<E>& call) const override {
        forward(call, [&](const auto& c) { inner_->train(c); });
    }
    void input_gradient(const BackwardCall& call, int, const View<E>& dx, bool add) const override {
        backward(call, [&](const BackwardCall& own, int t, const View<E>& part) {
            inner_->input_gradient(own, 0, part, false);
            for_step(dx, t, part, [&](E& to, const E& from) {
                if (add)
                    to += from;
                else
                    to = from;
            });
        });
    }
    using Layer::parameter_gradient;
    void parameter_gradient(const BackwardCall& call, float* gradients, bool overwrite) const override {
        backward(call, [&](const BackwardCall& own, int t, const View<E>&) {
            inner_->parameter_gradient(own, gradients, overwrite && t == steps_in(inputs[0]) - 1);
        });
    }
    void prepare(const float* tensors, float* to) const override { inner_->prepare(tensors, to); }

    void gather(const View<const E>& x, int samples, double* own, E* memory) const override {
        const View<E> room_of_x = reserve(memory, step_in(inputs[0]));
        double* const more = doubles(memory, statistics_);
        for (int t = 0; t < steps_in(inputs[0]); ++t) {
            inner_->gather(step_at(x, t, room_of_x, true), samples, t == 0 ? own : more, memory);
            if (t > 0)
                inner_->merge(own, more);
        }
    }
    void merge(double* into, const double* more) const override { inner_->merge(into, more); }
    void finish(double* batch, float* own_kept) const override { inner_->finish(batch, own_kept); }
    void gather_gradient(const BackwardCall& call) const override {
        BackwardCall first = call;
        double* const sum = doubles(first.scratch, sums_);
        for (int i = 0; i < sums_; ++i)
            sum[i] = 0;
        backward(first, [&](const BackwardCall& own, int, const View<E>&) {
            inner_->gather_gradient(own);
            for (int i = 1; i < sums_; ++i)
                sum[i] += own.memory.gathered_gradient[i];
        });
        for (int i = 1; i < sums_; ++i)
            call.memory.gathered_gradient[i] = sum[i];
    }
    void parameter_gradient(double* batch, float* gradients) const override {
        inner_->parameter_gradient(batch, gradients);
    }

  private:
    static constexpr int room = 16;

    /// Step t, if it is an image.
    template <class T>
    [[nodiscard]] static View<T> image_at(const View<T>& sequence, int t) noexcept {
        auto g = sequence.geometry();
        g.extents = step_in(g.extents);
        g.channels = g.extents.extent[0];
        return View<T>{sequence.data() + std::ptrdiff_t{t} * g.channels * g.plane - g.origin(), g};
    }
    /// f(its element, that of `step`) for all elements of step t.
    template <class T>
    static void for_step(const View<T>& sequence, int t, const auto& step, auto f) noexcept {
        if (image_count(sequence.geometry().extents) > 0) {
            const View<T> image = image_at(sequence, t);
            for (int i = 0; i < step.size; ++i)
                f(image[i], step[i]);
        } else {
            for (int c = 0; c < step.size; ++c)
                f(*sequence.at(c, 0, t), step[c]);
        }
    }
    /// Step t: an image where it lies, a vector as a copy in scratch memory, of that shape.
    template <class T>
    [[nodiscard]] static View<T> step_at(const View<T>& sequence, int t,
                                         const View<std::remove_const_t<T>>& room_, bool read) noexcept {
        if (image_count(sequence.geometry().extents) > 0)
            return image_at(sequence, t);
        if (read)
            for_step(sequence, t, room_, [](const auto& from, auto& to) { to = from; });
        return room_;
    }
    template <class T>
    [[nodiscard]] static View<T> reserve(T*& scratch_, const dims& shape) noexcept {
        const View<T> v{scratch_, Layout<AnyShape>{shape}};
        scratch_ += v.size + room;
        return v;
    }
    /// How many elements so many doubles take, and memory for them.
    [[nodiscard]] static constexpr long long room_for(int count) noexcept {
        return (count * static_cast<long long>(sizeof(double)) - 1) / static_cast<long long>(sizeof(E)) + 1;
    }
    [[nodiscard]] static double* doubles(E*& scratch_, int count) noexcept {
        double* const numbers = ::new (static_cast<void*>(scratch_)) double[static_cast<std::size_t>(count)];
        scratch_ += room_for(count);
        return numbers;
    }
    template <class T>
    void forward(const Call<T>& call, auto run) const {
        kernels::has_effects();
        Call<T> own = call;
        const View<T> room_of_x = reserve(own.scratch, step_in(inputs[0]));
        const View<T> room_of_y = reserve(own.scratch, inner_->output);
        own.after = nullptr;
        own.is_exact = true; // as a typed network's steps
        for (int t = 0; t < steps_in(inputs[0]); ++t) {
            const View<const T> x = step_at(call.x[0], t, room_of_x, true);
            own.x = &x;
            own.y = step_at(call.y, t, room_of_y, false);
            run(own);
            if (image_count(output) == 0)
                for_step(call.y, t, own.y, [](T& to, const T& from) { to = from; });
            own.memory.saved += saved_of_step_;
        }
    }
    /// f(the call of step t, t, room for a gradient of its input), the last step first.
    void backward(const BackwardCall& call, auto f) const {
        kernels::has_effects();
        BackwardCall own = call;
        const View<E> room_of_x = reserve(own.scratch, step_in(inputs[0])),
                      dx = reserve(own.scratch, step_in(inputs[0])),
                      room_of_y = reserve(own.scratch, inner_->output),
                      room_of_dy = reserve(own.scratch, inner_->output);
        own.after = nullptr;
        own.is_exact = true; // as a typed network's steps
        for (int t = steps_in(inputs[0]) - 1; t >= 0; --t) {
            own.memory.saved = call.memory.saved + t * saved_of_step_;
            const View<const E> x = step_at(call.x[0], t, room_of_x, true);
            own.x = &x;
            own.y = step_at(call.y, t, room_of_y, true);
            own.dy = step_at(call.dy, t, room_of_dy, true);
            f(own, t, dx);
        }
    }

    std::shared_ptr<const Layer> inner_;
    long long saved_of_step_;
    int statistics_, sums_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
