// Topologies made while compiling, by number: every choice is drawn from a random sequence of its own.
#pragma once

#include <lamina/core.hpp>

#include <cstdint>

namespace made {

namespace ln = lamina;

template <class... Nets>
struct join;
template <class... A>
struct join<ln::Net<A...>> {
    using type = ln::Net<A...>;
};
template <class... A, class... B, class... Rest>
struct join<ln::Net<A...>, ln::Net<B...>, Rest...> : join<ln::Net<A..., B...>, Rest...> {};

/// The shape behind a few layers.
template <class Net, class In>
struct behind {
    using type = In;
};
template <class L, class... Rest, class In>
struct behind<ln::Net<L, Rest...>, In> : behind<ln::Net<Rest...>, typename L::template output<In>> {};

/// 1 / (1 + e^x): an activation of a user's own, which decreases, so that no max pool may go before it.
struct Falling : ln::Elementwise<Falling> {
    static constexpr const char* name = "Falling";
    template <ln::Element E>
    [[nodiscard]] static constexpr E value(E x) noexcept {
        return ln::sigmoid(-x);
    }
    template <ln::Element E>
    [[nodiscard]] static constexpr E slope(E y) noexcept {
        return y * (y - E(1));
    }
};

template <int Which>
struct activation {
    using type = ln::Net<>;
};
template <>
struct activation<1> {
    using type = ln::Net<ln::ReLU>;
};
template <>
struct activation<2> {
    using type = ln::Net<ln::LeakyReLU<1, 3>>;
};
template <>
struct activation<3> {
    using type = ln::Net<ln::Tanh>;
};
template <>
struct activation<4> {
    using type = ln::Net<ln::Sigmoid, ln::ReLU>; // the second finds no layer to go along with
};

template <>
struct activation<5> {
    using type = ln::Net<Falling>;
};

template <int Which, int Size, int Stride>
struct pool {
    using type = ln::Net<>;
};
template <int Size, int Stride>
struct pool<1, Size, Stride> {
    using type = ln::Net<ln::AvgPool<Size, Stride>>;
};
template <int Size, int Stride>
struct pool<2, Size, Stride> {
    using type = ln::Net<ln::MaxPool<Size, Stride>>;
};
template <int Size, int Stride>
struct pool<3, Size, Stride> {
    using type = ln::Net<ln::MaxPool<Size, Size>>; // windows that tile are fused
};

template <int Which, int Filters, int Kernel, int Stride, int Padding>
struct second_conv {
    using type = ln::Net<>;
};
template <int Filters, int Kernel, int Stride, int Padding>
struct second_conv<1, Filters, Kernel, Stride, Padding> {
    using type = ln::Net<ln::Conv<Filters, Kernel, Stride, Padding>>;
};

template <int Which, int Outputs>
struct tail {
    using type = ln::Net<ln::Dense<Outputs>, ln::Softmax>;
};
template <int Outputs>
struct tail<1, Outputs> {
    using type = ln::Net<>;
};
template <int Outputs>
struct tail<2, Outputs> {
    using type = ln::Net<ln::Flatten, ln::Dense<Outputs>, ln::Tanh, ln::Dense<3>>;
};
template <int Outputs>
struct tail<3, Outputs> {
    using type = ln::Net<ln::Softmax, ln::Dense<Outputs>, ln::ReLU>;
};
template <int Outputs>
struct tail<4, Outputs> {
    using type = ln::Net<ln::Dense<Outputs>, ln::Softmax, ln::ReLU, ln::Dense<3>>; // not He's weights
};

/// conv, activation?, pool?, (conv, activation?)?, and a tail.
template <int Number>
class Topology {
    /// The `choice`-th choice, below `bound`.
    static constexpr int draw(int choice, int bound) {
        ln::Random random{ln::seed{static_cast<std::uint64_t>(100 * Number + choice)}};
        return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
    }
    static constexpr int least(int a, int b) { return a < b ? a : b; }

    static constexpr int k1 = 1 + draw(0, 5);
    using head = typename join<ln::Net<ln::Conv<1 + draw(1, 10), k1, 1 + draw(2, 2), draw(3, k1)>>,
                               typename activation<draw(4, 6)>::type>::type;

  public:
    using input = ln::Shape<1 + draw(5, 3), 5 + draw(6, 5), 5 + draw(7, 5)>;

  private:
    using after_head = typename behind<head, input>::type;
    static constexpr int side = least(ln::height<after_head>, ln::width<after_head>);
    using pooling = typename pool<draw(8, 4), 1 + draw(9, least(3, side)), 1 + draw(10, 3)>::type;
    using after_pool = typename behind<pooling, after_head>::type;
    static constexpr int side2 = least(ln::height<after_pool>, ln::width<after_pool>);
    static constexpr int k2 = 1 + draw(11, least(4, side2));
    using conv2 = typename second_conv<draw(12, 2), 1 + draw(13, 9), k2, 1 + draw(14, 3), draw(15, k2)>::type;

  public:
    using type = typename join<head, pooling, conv2, typename activation<draw(16, 6)>::type,
                               typename tail<draw(17, 5), 1 + draw(18, 19)>::type>::type;
};

} // namespace made
