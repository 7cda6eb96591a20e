// Function: stores a callable of the user's, as std::function does.
#pragma once

#include <lamina/abi.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// Whether a callable is empty: a null pointer or an empty function object.
template <class F>
[[nodiscard]] constexpr bool is_empty(const F& f) noexcept {
    if constexpr (requires { f == nullptr; })
        return f == nullptr;
    else
        return false;
}

} // namespace detail

template <class Signature>
class Function;

/// Anything that can be called with `Arguments` and returns a `Result`, or nothing. It takes the place of
/// `std::function`, whose header alone would take an eighth of the time in which all of lamina's headers
/// compile.
template <class Result, class... Arguments>
class Function<Result(Arguments...)> {
  public:
    Function() = default;
    Function(std::nullptr_t) noexcept {}
    template <class F>
        requires(!std::same_as<F, Function> && std::is_invocable_r_v<Result, F&, Arguments...>)
    Function(F f) {
        if (!detail::is_empty(f))
            held_ = new Held<F>{std::move(f)};
    }
    Function(const Function& other) : held_{other.held_ ? other.held_->copy() : nullptr} {}
    Function(Function&& other) noexcept : held_{std::exchange(other.held_, nullptr)} {}
    Function& operator=(Function other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
    ~Function() { delete held_; }

    [[nodiscard]] explicit operator bool() const noexcept { return held_ != nullptr; }
    friend bool operator==(const Function& f, std::nullptr_t) noexcept { return !f; }

    /// Calls it; it must not be empty.
    Result operator()(Arguments... arguments) const {
        return held_->call(std::forward<Arguments>(arguments)...);
    }

  private:
    struct Any {
        virtual ~Any() = default;
        [[nodiscard]] virtual Any* copy() const = 0;
        virtual Result call(Arguments... arguments) = 0;
    };
    template <class F>
    struct Held final : Any {
        F f;
        explicit Held(F f_) : f{std::move(f_)} {}
        [[nodiscard]] Any* copy() const override { return new Held{f}; }
        Result call(Arguments... arguments) override {
            return static_cast<Result>(f(std::forward<Arguments>(arguments)...));
        }
    };

    Any* held_ = nullptr;
};

} // namespace lamina::inline LAMINA_ABI
