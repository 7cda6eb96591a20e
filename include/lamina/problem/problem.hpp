// Problems are types that read as sentences:
//     layer<2, Conv<16,5>>::kernel<5,5>::does_not_fit_its_input<4,4>
// A problem is only named while shapes are inferred. Asking for its size instantiates it, and its own
// static_assert is then the one error the user sees. They have a namespace of their own, since ordinary words
// such as `model` and `layer` are the user's, even after `using namespace lamina`.
#pragma once

namespace lamina {

/// No problem.
struct none {};

/// Carries a problem's type without instantiating it: what a layer's `find_fault` returns when it refuses its
/// input.
template <class Problem>
struct fault {
    using type = Problem;
};

namespace problem {

/// A false that depends on the problem it is given, which compilers therefore print: Clang on the very line
/// of the error.
template <class Problem>
inline constexpr bool never = false;

/// Derive from `report<Problem>` to show the problem: asking for its size instantiates it.
template <class Problem>
struct report {
    static_assert(sizeof(Problem) > 0);
};

} // namespace problem
} // namespace lamina
