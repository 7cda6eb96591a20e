// EachStep: a layer of a run-time network on each step of a sequence.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/shape_error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// A layer on vectors as one on sequences of them, with the same parameters for each step.
class EachStep final : public Layer {
  public:
    EachStep(std::shared_ptr<const Layer> layer, const Where& where, const dims& in)
        : inner_{std::move(layer)} {
        where.expect(
            !inner_->facts.gathers,
            "a layer with statistics of the whole batch must take a sequence as a whole: it has to say "
            "what it `sees`",
            "needs_the_whole_batch_and_takes_no_sequence");
        where.expect(inner_->output.rank == 1,
                     "each step of a sequence is a vector: what a layer gives for a step is one as well",
                     "gives<", inner_->output, ">::at_each_step_of_a_sequence");
        name = inner_->name;
        inputs = {in};
        output = detail::sequence_like(in, in.extent[1], inner_->output.extent[0]);
        facts = inner_->facts;
        facts.name = name;
        facts.takes_activation = facts.takes_addend = facts.gradient_in_place = false;
        facts.takes_halo = true;
        facts.input_halo[0] = facts.input_halo[1] = facts.gradient_halo = pad{};
        facts.macs *= in.extent[1];
        trained = inner_->trained;
        kept = inner_->kept;
        saved_of_step_ = extent_of(inner_->saved);
        if (saved_of_step_ > 0)
            saved = {{"all", dims{saved_of_step_ * in.extent[1]}, {}}};
        // x, dx, y and dy of a step, and room behind each for the rest of a vector.
        scratch = inner_->scratch + 2LL * (in.extent[0] + output.extent[0]) + 4LL * room;
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
            for (int c = 0; c < part.size; ++c) {
                E& to = *dx.at(c, 0, t);
                if (add)
                    to += part[c];
                else
                    to = part[c];
            }
        });
    }
    using Layer::parameter_gradient;
    void parameter_gradient(const BackwardCall& call, float* gradients, bool overwrite) const override {
        backward(call, [&](const BackwardCall& own, int t, const View<E>&) {
            inner_->parameter_gradient(own, gradients, overwrite && t == inputs[0].extent[1] - 1);
        });
    }
    void prepare(const float* tensors, float* to) const override { inner_->prepare(tensors, to); }

  private:
    static constexpr int room = 16;

    /// Scratch memory for a vector.
    template <class T>
    [[nodiscard]] static View<T> vector(T*& scratch_, int size) noexcept {
        const View<T> v{scratch_, Layout<AnyShape>{dims{size}}};
        scratch_ += size + room;
        return v;
    }
    template <class T>
    static void copy_step(const View<T>& sequence, int t, const auto& to) noexcept {
        for (int c = 0; c < to.size; ++c)
            to[c] = *sequence.at(c, 0, t);
    }
    template <class T>
    void forward(const Call<T>& call, auto run) const {
        kernels::has_effects();
        Call<T> own = call;
        const View<T> x = vector(own.scratch, inputs[0].extent[0]);
        own.y = vector(own.scratch, output.extent[0]);
        const View<const T> in = x;
        own.x = &in;
        own.after = nullptr;
        for (int t = 0; t < inputs[0].extent[1]; ++t) {
            copy_step(call.x[0], t, x);
            run(own);
            for (int c = 0; c < own.y.size; ++c)
                *call.y.at(c, 0, t) = own.y[c];
            own.memory.saved += saved_of_step_;
        }
    }
    /// f(the call of step t, t, room for a gradient of its input), the last step first.
    void backward(const BackwardCall& call, auto f) const {
        kernels::has_effects();
        BackwardCall own = call;
        const View<E> x = vector(own.scratch, inputs[0].extent[0]), dx = vector(own.scratch, x.size);
        own.y = vector(own.scratch, output.extent[0]);
        own.dy = vector(own.scratch, output.extent[0]);
        const View<const E> in = x;
        own.x = &in;
        own.after = nullptr;
        for (int t = inputs[0].extent[1] - 1; t >= 0; --t) {
            own.memory.saved = call.memory.saved + t * saved_of_step_;
            copy_step(call.x[0], t, x);
            copy_step(call.y, t, own.y);
            copy_step(call.dy, t, own.dy);
            f(own, t, dx);
        }
    }

    std::shared_ptr<const Layer> inner_;
    long long saved_of_step_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
