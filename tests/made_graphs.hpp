// Networks that branch, made while compiling, by number: every choice is drawn from a random sequence of its
// own.
#pragma once

#include <lamina/core.hpp>

#include <cstdint>

namespace made {

namespace ln = lamina;

/// A random number of what has number `n` in the sequence that begins with `start`.
constexpr std::uint64_t draw(std::uint64_t start, std::uint64_t n) noexcept {
    std::uint64_t z = start + (n + 1) * 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

template <std::uint64_t Seed>
struct value;

/// A block takes an image of 3 channels and gives one of the same shape. At depth 0 it has no join.
constexpr int leaves = 6, blocks = leaves + 10;
template <std::uint64_t Seed, int Depth,
          int Kind = static_cast<int>(draw(Seed, 0) % 64) % (Depth > 0 ? blocks : leaves)>
struct block;

/// Its inner blocks: those at depth 2 are at depth 1 or 0.
template <std::uint64_t Seed, int Depth, int N>
using inner =
    typename block<draw(Seed, 10 + N), Depth - 1 - (Depth > 1 && draw(Seed, 20 + N) % 3 == 0)>::type;
/// From any number of channels to 3.
template <std::uint64_t Seed, int Which = draw(Seed, 1) % 2>
struct narrow {
    using type = ln::Conv<3, 1>;
};
template <std::uint64_t Seed>
struct narrow<Seed, 1> {
    using type = ln::Conv<3, 3, 1, 1>;
};
template <std::uint64_t Seed>
using narrow_t = typename narrow<Seed>::type;

template <std::uint64_t S, int D>
struct block<S, D, 0> {
    using type = ln::Conv<3, 3, 1, 1>;
};
template <std::uint64_t S, int D>
struct block<S, D, 1> {
    using type = ln::Net<ln::Conv<3, 1>, ln::Tanh>;
};
template <std::uint64_t S, int D>
struct block<S, D, 2> {
    using type = ln::Identity;
};
template <std::uint64_t S, int D>
struct block<S, D, 3> {
    using type = ln::SiLU;
};
template <std::uint64_t S, int D>
struct block<S, D, 4> {
    using type = ln::Net<ln::Conv<8, 1>, ln::Tanh, ln::Conv<3, 3, 1, 1>>;
};
template <std::uint64_t S, int D>
struct block<S, D, 5> {
    using type = ln::Net<ln::Conv<1, 3, 1, 1>, ln::Conv<3, 1>, ln::Sigmoid>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 0> {
    using type = ln::Sum<inner<S, D, 0>, inner<S, D, 1>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 1> {
    using type = ln::Sum<inner<S, D, 0>, inner<S, D, 1>, inner<S, D, 2>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 2> {
    using type = ln::Net<inner<S, D, 0>, ln::Residual<inner<S, D, 1>>, ln::Tanh>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 3> {
    using type = ln::Net<ln::Concat<inner<S, D, 0>, inner<S, D, 1>>, narrow_t<S>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 4> {
    using type = ln::Net<ln::Concat<inner<S, D, 0>, ln::Concat<inner<S, D, 1>, inner<S, D, 2>>>, narrow_t<S>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 5> {
    using type = ln::Net<ln::As<value<S>>, inner<S, D, 0>, ln::Sum<ln::From<value<S>>, inner<S, D, 1>>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 6> {
    using type = ln::Net<inner<S, D, 0>, ln::As<value<S>>, inner<S, D, 1>,
                         ln::Concat<inner<S, D, 2>, ln::From<value<S>>, ln::Identity>, narrow_t<S>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 7> {
    using type = ln::Product<inner<S, D, 0>, ln::Net<inner<S, D, 1>, ln::Sigmoid>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 8> { // a dense block
    using type = ln::Net<ln::Concat<ln::Identity, inner<S, D, 0>>,
                         ln::Concat<ln::Identity, ln::Net<narrow_t<S>, inner<S, D, 1>>>, ln::Conv<3, 1>>;
};
template <std::uint64_t S, int D>
struct block<S, D, leaves + 9> {
    using type = ln::Net<inner<S, D, 0>, inner<S, D, 1>>;
};

/// The network of that number, which has an input of 3 x 4 x 6: blocks in blocks, then a head.
template <std::uint64_t Number, int Head = draw(Number, 2) % 3>
struct graph;
template <std::uint64_t Number, int N, int Depth>
using block_of = typename block<draw(Number, 3 + N), Depth, leaves + draw(Number, 5 + N) % 10>::type;
template <std::uint64_t Number>
struct graph<Number, 0> {
    using type = ln::Net<block_of<Number, 0, 2>, ln::MaxPool<2, 2>, block_of<Number, 1, 1>>;
};
template <std::uint64_t Number>
struct graph<Number, 1> {
    using type = ln::Net<ln::Conv<3, 1>, block_of<Number, 0, 1>, block_of<Number, 1, 2>, ln::AvgPool<2, 2>>;
};
template <std::uint64_t Number>
struct graph<Number, 2> {
    using type = ln::Net<block_of<Number, 0, 2>, ln::Flatten,
                         ln::Concat<ln::Dense<3>, ln::Net<ln::Dense<5>, ln::Tanh, ln::Dense<2>>>>;
};
template <std::uint64_t Number>
using Graph = typename graph<Number>::type;
using GraphInput = ln::Shape<3, 4, 6>;

} // namespace made
