// JoinOf<Operation>: a join of branches in a run-time network.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/dynamic/shape_error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/topology/facts.hpp>

#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

template <class Operation>
class JoinOf final : public Layer {
  public:
    JoinOf(const Where& where, const std::vector<dims>& in) {
        inputs = in;
        Operation::require_fit(in.data(), count(), where);
        output = Operation::outputs(in.data(), count());
        where.require_tensor(output);
        name = std::string{std::string_view{Operation::name}};
        facts = topology::facts_of_join<Operation>;
        facts.name = name;
        adds = true;
    }

    void infer(const Call<E>& call) const override { forward(call); }
    void infer(const Call<float>& call) const override { forward(call); }
    void train(const Call<E>& call) const override { forward(call); }
    void input_gradient(const BackwardCall& call, int k, const View<E>& dx, bool add) const override {
        kernels::has_effects();
        if (add)
            Operation::template gradient_of<kernels::Store::add>(k, call.dy, dx, call.x, count());
        else
            Operation::template gradient_of<kernels::Store::overwrite>(k, call.dy, dx, call.x, count());
    }

  private:
    [[nodiscard]] int count() const noexcept { return static_cast<int>(inputs.size()); }
    template <class Element>
    void forward(const Call<Element>& call) const {
        kernels::has_effects();
        Operation::forward_all(call.y, call.x, count());
    }
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
