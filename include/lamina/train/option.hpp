// Option: a field of `FitOptions` whose errors say what it takes.
#pragma once

#include <lamina/abi.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI {

/// A field of options, made from anything that converts to `Held`. For other values `Problem` says what the
/// field takes, where the compiler would only say that there is no matching `fit`.
template <class Held, template <class> class Problem>
class Option {
  public:
    Option() = default;
    template <class X>
    Option(const X& x) {
        if constexpr (std::is_convertible_v<const X&, Held>)
            held_ = x;
        else
            static_assert(sizeof(typename Problem<X>::is_not_one) > 0);
    }
    [[nodiscard]] operator const Held&() const noexcept { return held_; }

  private:
    Held held_{};
};

} // namespace lamina::inline LAMINA_ABI
