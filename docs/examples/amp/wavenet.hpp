// WaveNet as Neural Amp Modeler (NAM) has it, as types: https://github.com/sdatkinson/NeuralAmpModelerCore.
#pragma once

#include <lamina/core.hpp>

#include <type_traits>
#include <utility>

namespace amp {

namespace ln = lamina;

/// Layers of an array: a causal convolution for each dilation, with that kernel.
template <int Kernel, int... Dilations>
struct Dilated {};

/// An array of layers, each of `Channels` channels:
///
///     x = A u                                      u: what the array before gives, or the input; no bias
///     for each layer:
///         z = activation(convolution(x) + B c)     c: the input of the network; no bias
///         x = x + C z
///     head = Head(head of the array before + sum of all z)
///
/// `Head` is a layer, `Layers` are `Dilated`.
template <int Channels, class Activation, class Head, class... Layers>
struct Array {};

namespace detail {

// The values that are needed further on.
struct input;
template <int Array, int Layer>
struct x;
template <int Array, int Layer>
struct z;
template <int Array>
struct rest; // x behind the last layer
template <int Array>
struct head;

/// One Net with the layers of several. (Names are known in the Net where they are given: all stand in one.)
template <class... Nets>
struct joined;
template <class... Layers>
struct joined<ln::Net<Layers...>> {
    using type = ln::Net<Layers...>;
};
template <class... First, class... Second, class... More>
struct joined<ln::Net<First...>, ln::Net<Second...>, More...>
    : joined<ln::Net<First..., Second...>, More...> {};
template <class... Nets>
using Joined = typename joined<Nets...>::type;

template <int Channels, class Layers>
struct convolutions;
template <int Channels, int Kernel, int... Dilations>
struct convolutions<Channels, Dilated<Kernel, Dilations...>> {
    using type = ln::Net<ln::CausalConv<Channels, Kernel, Dilations>...>;
};

/// A layer, and what it adds to x, unless nothing reads that.
template <int A, int I, int Channels, class Conv, class Activation>
using Layer = ln::Net<ln::Sum<Conv, ln::Net<ln::From<input>, ln::NoBias<ln::Dense<Channels>>>>, Activation,
                      ln::As<z<A, I>>>;
template <int A, int I, int Channels, class Layer, bool IsRead>
struct residual {
    using type = Layer;
};
template <int A, int I, int Channels, class Layer>
struct residual<A, I, Channels, Layer, true> {
    using type =
        Joined<ln::Net<ln::As<x<A, I>>>, Layer, ln::Net<ln::Sum<ln::Dense<Channels>, ln::From<x<A, I>>>>>;
};

/// What the head reads: its sum begins with the head of the array before.
template <int A, class... Values>
struct head_sum {
    using type = ln::Sum<ln::From<head<A - 1>>, Values...>;
};
template <class... Values>
struct head_sum<0, Values...> {
    using type = ln::Sum<Values...>;
};

template <int A, bool IsLast, class Array, class Convs, class Numbers>
struct array;
template <int A, bool IsLast, int C, class Activation, class Head, class... Layers, class... Convs, int... I>
struct array<A, IsLast, Array<C, Activation, Head, Layers...>, ln::Net<Convs...>,
             std::integer_sequence<int, I...>> {
    static constexpr int last = sizeof...(I) - 1;
    using layers =
        Joined<ln::Net<ln::NoBias<ln::Dense<C>>>,
               typename residual<A, I, C, Layer<A, I, C, Convs, Activation>, (I < last || !IsLast)>::type...>;
    using sum = typename head_sum<A, ln::From<z<A, I>>...>::type;
    using end = std::conditional_t<IsLast, ln::Net<sum, Head>,
                                   ln::Net<ln::As<rest<A>>, sum, Head, ln::As<head<A>>, ln::From<rest<A>>>>;
    using type = Joined<layers, end>;
};

template <class Net>
inline constexpr int length = 0;
template <class... Layers>
inline constexpr int length<ln::Net<Layers...>> = sizeof...(Layers);
template <int A, bool IsLast, class Array>
struct whole_array;
template <int A, bool IsLast, int C, class Activation, class Head, class... Layers>
struct whole_array<A, IsLast, Array<C, Activation, Head, Layers...>> {
    using convs = Joined<typename convolutions<C, Layers>::type...>;
    using type = typename array<A, IsLast, Array<C, Activation, Head, Layers...>, convs,
                                std::make_integer_sequence<int, length<convs>>>::type;
};

template <class Scale, class Numbers, class... Arrays>
struct wavenet;
template <class Scale, int... A, class... Arrays>
struct wavenet<Scale, std::integer_sequence<int, A...>, Arrays...> {
    using type = Joined<ln::Net<ln::As<input>>,
                        typename whole_array<A, A + 1 == sizeof...(A), Arrays>::type..., ln::Net<Scale>>;
};

} // namespace detail

/// A WaveNet of arrays on a `Sequence` of single numbers: the last one's head times a constant, which is a
/// `Scale`. It is a `Net`, a list of plain layers.
template <class Scale, class... Arrays>
using WaveNet =
    typename detail::wavenet<Scale, std::make_integer_sequence<int, sizeof...(Arrays)>, Arrays...>::type;

/// The sizes that NAM offers. Of the last layer, which nothing but the head reads, NAM has C all the same.
using Standard =
    WaveNet<ln::Scale<1, 50>,
            Array<16, ln::Tanh, ln::NoBias<ln::Dense<8>>, Dilated<3, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512>>,
            Array<8, ln::Tanh, ln::Dense<1>, Dilated<3, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512>>>;
template <int Channels>
using Smaller = WaveNet<
    ln::Scale<1, 50>,
    Array<Channels, ln::Tanh, ln::NoBias<ln::Dense<Channels / 2>>, Dilated<3, 1, 2, 4, 8, 16, 32, 64>>,
    Array<Channels / 2, ln::Tanh, ln::Dense<1>,
          Dilated<3, 128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512>>>;
using Lite = Smaller<12>;
using Feather = Smaller<8>;
using Nano = Smaller<4>;
/// The second generation, of 8 channels, or 3.
template <int Channels>
using A2 = WaveNet<ln::Scale<1, 100>, Array<Channels, ln::LeakyReLU<>, ln::CausalConv<1, 16>,
                                            Dilated<6, 1, 3, 7, 17, 41, 101, 239, 1, 3, 7, 17, 41, 101, 239>,
                                            Dilated<15, 1, 13>, Dilated<6, 1, 3, 7, 17, 41, 101, 239>>>;

} // namespace amp
