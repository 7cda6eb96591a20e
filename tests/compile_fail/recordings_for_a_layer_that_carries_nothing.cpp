// Recordings for a layer that sees earlier steps and carries nothing of them.
// EXPECT: layer<0, Delay>::carries_nothing_from_window_to_window
// EXPECT: must list in `carried` what it keeps of them
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

/// y(c, t) = x(c, t - 1), with 0 before the first step.
struct Delay {
    static constexpr std::string_view name = "Delay";
    static constexpr ln::Sees sees = ln::Sees::past;
    static constexpr int steps_before = 1;
    template <class In>
    using output = In;

#ifdef SHOULD_NOT_COMPILE
    template <ln::StreamShape In, class E>
#else
    template <class In, class E>
#endif
    struct carried {
        ln::View<E, ln::step_of<In>> last;
        static constexpr void fields(auto& list, auto f) {
            f("last", list.last);
        }
    };
    static constexpr void forward(auto x, auto, auto y, [[maybe_unused]] auto pass) {
        using In = typename decltype(x)::shape;
        for (int c = 0; c < ln::step_of<In>::size; ++c) {
            typename decltype(y)::element last(0);
            if constexpr (requires { pass.saved.last; } && (pass.training || ln::StreamShape<In>))
                last = pass.saved.last[c];
            for (int t = 0; t < ln::step_count<In>; ++t) {
                y(c, t) = last;
                last = x(c, t);
            }
            if constexpr (requires { pass.saved.last; } && (pass.training || ln::StreamShape<In>))
                pass.saved.last[c] = last;
        }
    }
    static constexpr void input_gradient(auto x, auto, auto dy, auto, auto dx) {
        using In = typename decltype(x)::shape;
        for (int c = 0; c < ln::step_of<In>::size; ++c)
            for (int t = 0; t < ln::step_count<In>; ++t)
                dx(c, t) = t + 1 < ln::step_count<In> ? dy(c, t + 1) : 0;
    }
};
using Model = ln::Model<ln::Net<Delay, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

constexpr int windows = 1;

#include "what_a_user_does_with_recordings.hpp"
