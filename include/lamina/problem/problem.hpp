// Problems are types that read as sentences:
//     layer<2, Conv<16,5>>::kernel<5,5>::does_not_fit_its_input<4,4>
// While shapes are inferred, a problem is only named. Asking for its size instantiates it, and its
// static_assert is then the only error the user sees. Problems have their own namespace, so that ordinary
// words such as `model` and `layer` remain free for the user, even after `using namespace lamina`.
#pragma once

namespace lamina {

/// No problem.
struct none {};

/// Carries a problem's type without instantiating it. A layer's `find_fault` returns it to refuse an input.
template <class Problem>
struct fault {
    using type = Problem;
};

/// A model or trainer whose problem was reported. Functions that take models or trainers take it too and
/// report nothing more.
template <class X>
concept Broken = requires {
    typename X::broken;
};

namespace problem {

/// A false that depends on a problem, so that compilers print the problem: Clang in the line of the error.
template <class Problem>
inline constexpr bool never = false;

/// A type that derives from `report<Problem>` shows the problem: asking for its size instantiates it.
template <class Problem>
struct report {
    static_assert(sizeof(Problem) > 0);
};

} // namespace problem
} // namespace lamina
