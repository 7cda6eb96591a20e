// OptimizerState: the state of an optimiser for tensors whose sizes are known at run time.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/ieee.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/files.hpp>
#include <lamina/train/flat_array.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// An optimiser's `State` has a constant number of elements, so each tensor is moved in parts of 256
/// elements, every part with a State of its own. An optimiser that moves all tensors at once gets parts of
/// the whole array.
template <class O>
class OptimizerState {
    static constexpr int most = 256;
    static constexpr bool by_tensor = lamina::detail::MovesTensors<O, float>;
    using State = optimizer_state<O, float, most, 1>;

    struct Part {
        int tensor, from, size;
    };
    std::vector<Part> parts_;
    std::vector<State> states_;

  public:
    /// `extent` is the number of elements of the whole array.
    void make_room(ModelTensors tensors, int extent) {
        const auto cut = [this](int tensor, int from, int to) {
            for (; from < to; from += most)
                parts_.push_back({tensor, from, to - from < most ? to - from : most});
        };
        parts_.clear();
        if constexpr (by_tensor)
            list_trained(tensors, [&](const ParameterTensor& t) { cut(t.index, t.from, t.to); });
        else
            cut(0, 0, extent);
        states_.resize(parts_.size());
    }

    /// One step of the optimiser, part by part.
    void update(const O& optimizer, float* parameters, const float* gradients, double rate,
                const std::vector<ParameterTensor>& tensors) {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const Part& part = parts_[i];
            if constexpr (by_tensor) {
                const ParameterTensor& whole = tensors[static_cast<std::size_t>(part.tensor)];
                const ParameterTensor own{
                    0, whole.layer, 0, part.size, part.size, whole.is_weight, whole.is_frozen};
                optimizer.update(parameters + part.from, gradients + part.from, states_[i], rate,
                                 MovingTensors{&own, 1});
            } else { // the last part may be smaller
                float p[most] = {}, g[most] = {};
                std::copy_n(parameters + part.from, part.size, p);
                std::copy_n(gradients + part.from, part.size, g);
                optimizer.update(p, g, states_[i], rate);
                std::copy_n(p, part.size, parameters + part.from);
            }
        }
    }

    /// Calls f(name, array or number) for each field that a State for the whole array would have, an array as
    /// a vector.
    template <class Self>
    static void fields(Self& self, auto f) {
        const auto nothing = [](const char*, auto&) {};
        if constexpr (requires { State::fields(self.states_[0], nothing); }) {
            int field = 0;
            State::fields(self.states_[0], [&]<class X>(const char* name, X& of_first) {
                self.template field<std::remove_const_t<X>>(self, field++, name, of_first, f);
            });
        } else if constexpr (!std::is_empty_v<State>) {
            static_assert(sizeof(typename problem::optimizer_state<State>::has_no_fields) > 0);
        }
    }

  private:
    /// One field, of type `X` in the State of a part.
    template <class X, class Self>
    static void field(Self& self, int number, const char* name, auto& of_first, auto f) {
        const auto in_each_part = [&](auto g) {
            for (std::size_t i = 0; i < self.parts_.size(); ++i) {
                int n = 0;
                State::fields(self.states_[i], [&]<class Y>(const char*, Y& y) {
                    if constexpr (std::is_same_v<std::remove_const_t<Y>, X>)
                        if (n == number)
                            g(self.parts_[i], y);
                    ++n;
                });
            }
        };
        if constexpr (std::is_array_v<X> && (std::extent_v<X> == most || is_of_tensors<X>)) {
            std::vector<std::remove_extent_t<X>> all;
            const auto in_each_place = [&](auto g) {
                in_each_part([&](const Part& part, auto& own) {
                    const int count = is_of_tensors<X> ? 1 : part.size,
                              from = is_of_tensors<X> ? part.tensor : part.from;
                    const auto first = static_cast<std::size_t>(from), size = static_cast<std::size_t>(count);
                    if (all.size() < first + size)
                        all.resize(first + size);
                    for (std::size_t i = 0; i < size; ++i)
                        g(all[first + i], own[i]);
                });
            };
            in_each_place([](auto& in_all, const auto& own) { in_all = own; });
            f(name, all);
            if constexpr (!std::is_const_v<Self>)
                in_each_place([](const auto& in_all, auto& own) { own = in_all; });
        } else { // the same in all parts
            f(name, of_first);
            if constexpr (!std::is_const_v<Self>)
                in_each_part([&](const Part&, X& own) {
                    if constexpr (std::is_array_v<X>)
                        std::copy(std::begin(of_first), std::end(of_first), std::begin(own));
                    else
                        own = of_first;
                });
        }
    }
    /// Whether a State has an `X` for each tensor.
    template <class X>
    static constexpr bool is_of_tensors = std::extent_v<X> == 1 && requires {
        typename O::template State<float, most, 1>;
    };
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
