// A network seen as plain numbers, whatever it computes in and however its layers are fused. Only the classes
// here are compiled for every network, the laws themselves once.
#pragma once

#include "checks.hpp"

#include <lamina/model.hpp>

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace laws {

namespace ln = lamina;
using ln::topology::Fusion;

/// Numbers of samples, one after another, into the lanes of a view, and back.
template <class V>
void put(V view, const double* from) {
    using E = typename V::element;
    for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
        for (int i = 0; i < V::size; ++i)
            ln::set_lane(view[i], lane, static_cast<ln::scalar_of<E>>(*from++));
}
template <class V>
void take(V view, double* to) {
    using E = typename V::element;
    for (int lane = 0; lane < ln::lanes_of<E>; ++lane)
        for (int i = 0; i < V::size; ++i)
            *to++ = double{ln::lane(E(view[i]), lane)};
}

/// A training pass on `lanes` samples at a time.
struct Pass {
    explicit Pass(int lanes_) noexcept : lanes{lanes_} {}
    virtual ~Pass() = default;

    const int lanes;

    virtual void set_parameters(const Numbers& parameters) = 0;
    virtual void forward(const double* x, double* y) = 0;

    /// What backward adds the parameters' gradients to, or where it begins them.
    virtual void set_gradients(const Numbers& gradients) = 0;
    [[nodiscard]] virtual Numbers gradients() const = 0;
    /// `r` is the gradient of the output. dx is written where the pass computes it.
    virtual void backward(const double* r, double* dx, bool overwrite) = 0;
};

/// Its parameters and their gradients: arrays on 64 bytes, as a model's are, and exactly as long, so that
/// sanitizers see who leaves them.
template <class T>
class PassIn : public Pass {
  public:
    PassIn(int lanes_, int extent);
    void set_parameters(const Numbers& parameters) override;
    void set_gradients(const Numbers& gradients) override;
    [[nodiscard]] Numbers gradients() const override;

  protected:
    struct Free {
        void operator()(T* array) const noexcept;
    };
    std::size_t extent_;
    std::unique_ptr<T, Free> parameters_, gradients_;
};

/// `Plan` run in elements `E`. `garbage` fills the workspace before: bytes 0xFF are NaN in any format, so
/// that whatever is read before it is written shows. One that `GoesOn` begins where another window ended.
template <class Plan, class E, bool InputGradient, bool GoesOn = false>
class PassOf final : public PassIn<ln::scalar_of<E>> {
  public:
    PassOf(int extent, int garbage) : PassIn<ln::scalar_of<E>>{ln::lanes_of<E>, extent} {
        std::memset(static_cast<void*>(&pass_), garbage, sizeof pass_);
        pass_.share(pass_); // the members that are no numbers
        pass_.carry(nullptr, nullptr);
        if constexpr (GoesOn) { // what some window has left, with some parameters
            const auto number = [](int k) { return ln::scalar_of<E>(0.0625 * (k * 7 % 16) - 0.4); };
            const auto x = pass_.input();
            for (int k = 0; k < x.size; ++k)
                x[k] = E(number(k));
            for (int k = 0; k < extent; ++k)
                this->parameters_.get()[k] = number(k);
            static E carried[2][ln::topology::carried_plan<Plan, InputGradient>.extent];
            pass_.carry(nullptr, carried[0]);
            pass_.forward(this->parameters_.get());
            std::memset(static_cast<void*>(&pass_), garbage, sizeof pass_);
            pass_.share(pass_);
            pass_.carry(carried[0], carried[1]);
        }
    }
    void forward(const double* x, double* y) override {
        put(pass_.input(), x);
        pass_.forward(this->parameters_.get());
        take(pass_.output(), y);
    }
    void backward(const double* r, double* dx, bool overwrite) override {
        put(pass_.output_gradient(), r);
        pass_.backward(this->parameters_.get(), this->gradients_.get(), overwrite);
        if constexpr (InputGradient)
            take(pass_.input_gradient(), dx);
    }

  private:
    using Pass = ln::topology::TrainingPass<Plan, E, InputGradient>;
    Pass pass_;
};

struct OnlyForward : Pass {
    using Pass::Pass;
    void set_gradients(const Numbers&) override {}
    [[nodiscard]] Numbers gradients() const override { return {}; }
    void backward(const double*, double*, bool) override {}
};
/// A model that only answers. What it keeps, as running statistics, is moved from where it starts, or
/// mistakes could hide.
template <class Model>
class Answers : public OnlyForward {
  public:
    explicit Answers(int lanes_) : OnlyForward{lanes_} {
        double more = 0;
        for (int i = Model::parameter_extent; i < Model::extent; ++i)
            model_.numbers().data()[i] += static_cast<typename Model::scalar>(more += 0.0625);
    }
    void set_parameters(const Numbers& parameters) override {
        for (std::size_t i = 0; i < parameters.size(); ++i)
            model_.numbers().data()[i] = static_cast<typename Model::scalar>(parameters[i]);
    }

  protected:
    Model model_;
};

/// The model's own ways forward, with one sample or with `Lanes`.
template <class Model, int Lanes>
class ModelForward final : public Answers<Model> {
    using Answers<Model>::model_;

  public:
    explicit ModelForward(int garbage) : Answers<Model>{Lanes} {
        std::memset(static_cast<void*>(&workspace_), garbage, sizeof workspace_);
    }
    void forward(const double* x, double* y) override {
        for (typename Model::Input& sample : x_)
            for (auto& e : sample)
                e = static_cast<typename Model::scalar>(*x++);
        if constexpr (Lanes == 1)
            y_[0] = model_.forward(x_[0], workspace_);
        else
            model_.forward(x_, y_, workspace_);
        for (const typename Model::Output& sample : y_)
            for (const auto e : sample)
                *y++ = double{e};
    }

  private:
    typename Model::Input x_[static_cast<std::size_t>(Lanes)];
    typename Model::Output y_[static_cast<std::size_t>(Lanes)];
    std::conditional_t<Lanes == 1, typename Model::Workspace, typename Model::BatchWorkspace> workspace_;
};

/// A pass of inference by another plan than the model's own.
template <class Model, class Plan>
class InferenceOf final : public Answers<Model> {
  public:
    explicit InferenceOf(int garbage) : Answers<Model>{1} {
        std::memset(static_cast<void*>(&pass_), garbage, sizeof pass_);
    }
    void forward(const double* x, double* y) override {
        put(pass_.input(), x);
        pass_.forward(this->model_.numbers().data());
        take(pass_.output(), y);
    }

  private:
    ln::topology::InferencePass<Plan, typename Model::scalar> pass_;
};

/// A network's sizes, where its weights and biases lie, and parameters to start with (the flat array).
struct Network {
    std::string name; // "Conv<4,3,1>, ReLU on 1x7x9"
    std::size_t in, out;
    std::vector<Range> views;
    Numbers parameters;
};

/// A model's. `out` is the size of its output.
template <class T>
[[nodiscard]] Network network_of(std::span<const ln::LayerInfo> layers, ln::dims input, int out,
                                 std::span<const ln::ModelTensor> tensors, const T* parameters, int extent);

/// Makes a pass over a workspace full of such bytes.
using MakePass = std::unique_ptr<Pass> (*)(int garbage);

/// A topology on an input shape, computed in `T`.
template <class Topology, class In, class T>
struct Of {
    using Model = ln::Model<Topology, In, T>;
    using Unfused = ln::topology::Plan<typename Model::inferred, Fusion::off>;

    [[nodiscard]] static Network network() {
        // On the heap, since large ones do not fit on the stack; without a unique_ptr of each type, whose
        // functions would be a third of those that a suite compiles.
        const auto* model = new Model{ln::seed{3}};
        Network n = network_of({Model::layers.data(), Model::layers.size()}, In::extents,
                               Model::output_shape::size, {Model::tensors.data(), Model::tensors.size()},
                               model->parameters().data(), Model::parameter_extent);
        delete model;
        return n;
    }

    template <class E, Fusion On = Fusion::on, bool InputGradient = true>
    [[nodiscard]] static std::unique_ptr<Pass> pass(int garbage) {
        using Plan = ln::topology::Plan<typename Model::inferred, On>;
        return std::unique_ptr<Pass>{new PassOf<Plan, E, InputGradient>{Model::parameter_extent, garbage}};
    }
    template <int Lanes>
    [[nodiscard]] static std::unique_ptr<Pass> model_forward(int garbage) {
        return std::unique_ptr<Pass>{new ModelForward<Model, Lanes>{garbage}};
    }
    [[nodiscard]] static std::unique_ptr<Pass> unfused_inference(int garbage) {
        return std::unique_ptr<Pass>{new InferenceOf<Model, Unfused>{garbage}};
    }
};

/// An element of a topology as a network of its own, or a join of branches, which has no pass.
struct Alone {
    Network network;
    MakePass pass;
    std::vector<std::size_t> reads; // the numbers of values: 0 is the input, n + 1 what element n computes
    ln::topology::Facts facts;
    std::size_t images = 1; // of a sequence of images: a concat joins each with its own
};
/// Without its network and pass. `inputs` are those of the table that has the element.
[[nodiscard]] Alone element_alone(const ln::topology::Element& element, const int* inputs);
/// All elements of a topology so: nothing is fused, none writes into a halo that another has asked for, and
/// none into the memory of another.
template <class Topology, class In>
[[nodiscard]] std::vector<Alone> alone() {
    using Inferred = typename Of<Topology, In, double>::Model::inferred;
    std::vector<Alone> all;
    ln::for_each_index<Inferred::count>([&](auto i) {
        constexpr int I = i;
        Alone own = element_alone(Inferred::table.elements[I], &Inferred::table.inputs[0]);
        if constexpr (!Inferred::table.elements[I].facts.is_join) {
            using One = Of<ln::Net<typename Inferred::template layer_at<I>>,
                           typename Inferred::template at<I>::input, double>;
            own.network = One::network();
            own.pass = &One::template pass<double>;
        }
        all.push_back(own);
    });
    return all;
}

/// What a network is tried on: parameters, samples, and the gradients that come from above.
struct Trial {
    Network network;
    std::size_t samples;
    Numbers x, r;

    Trial(const Network& network_, int samples_);
};

/// Runs the samples forward and backward, as many at a time as the pass has lanes. The parameters' gradients
/// begin as a trainer's do: the first call of backward overwrites what is there. Allocations are counted,
/// padding is looked at.
[[nodiscard]] Results run(const Trial& trial, MakePass make, int garbage = 0xFF);
/// The same through layers that do not know of each other.
[[nodiscard]] Results run(const Trial& trial, const std::vector<Alone>& layers);
/// Only forward: the outputs.
[[nodiscard]] Numbers run_forward(const Trial& trial, MakePass make);
/// Gradients of the loss sum over i of r(i) y(i), found by moving each number of a sample by `step`.
[[nodiscard]] Results central_differences(Trial trial, MakePass make, double step);

} // namespace laws
