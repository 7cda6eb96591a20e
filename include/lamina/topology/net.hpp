// Topologies as types: Net, and what makes it branch. They only describe; `Model` infers shapes.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/layers/append.hpp>
#include <lamina/layers/join.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace lamina {

/// A network's layers in order: `Net<Conv<16, 3>, ReLU, Dense<10>>`. Shapes are not repeated here; `Model`
/// infers them. A Net is itself a layer: it may stand in another Net, and be a branch.
template <class... Layers>
struct Net {};

/// The same network with a check that every stride divides evenly: `Model<Strict<Net<...>>, In>` does not
/// compile if a convolution or a pooling window drops rows or columns at the far edge. A plain `Net` drops
/// them silently, as PyTorch does. Source: O'Shea & Nash, arXiv:1511.08458, section 2.2.
template <class Topology>
struct Strict {};

/// The same network with each convolution computed as the sum that defines it: `Model<Exact<Net<...>>, In>`.
/// Other models compute batches of float by Winograd's algorithm where that is faster, which rounds
/// otherwise: see docs/limits.md. It may stand around or within `Strict`.
template <class Topology>
struct Exact {};

/// The input, unchanged: the shortcut of a residual block.
struct Identity {};

/// The sum of branches, each of which sees the same input: `Sum<Identity, Net<Conv<16, 3, 1, 1>, ReLU>>`. All
/// have outputs of the same shape.
template <class... Branches>
struct Sum : joins::Join<joins::Add, Branches...> {};

/// The product of branches, element by element.
template <class... Branches>
struct Product : joins::Join<joins::Multiply, Branches...> {};

/// The outputs of branches one behind the other: channels of images, elements of vectors.
template <class... Branches>
struct Concat : joins::Join<joins::Append, Branches...> {};

/// The outputs of a network that has several, its heads: the last member of the Net of a Model, each branch a
/// head. `Net<..., Outputs<Named<"policy", Dense<9>>, Named<"value", Net<Dense<1>, Tanh>>>>`. The output of
/// the model is one vector that has those of the heads one behind the other, flattened: `Model::heads` says
/// where, `Model::head<0>(y)` is that of the first head. Each head has a loss in `Losses`.
template <class... Branches>
struct Outputs : joins::Join<joins::AppendFlat, Branches...> {};

/// A residual block: y = x + f(x), with f the given layers. Source: He et al., arXiv:1512.03385.
template <class... Layers>
using Residual = Sum<Identity, Net<Layers...>>;

/// The same layers `Count` times, one after another, each time with parameters of their own. They must give
/// the shape that they take.
template <int Count, class... Layers>
struct Repeat {};

/// The text of a template argument: `Named<"features", ...>`.
template <std::size_t N>
struct Word {
    char characters[N] = {};

    consteval Word(const char (&text)[N]) noexcept {
        for (std::size_t i = 0; i < N; ++i)
            characters[i] = text[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, N - 1}; }
};

/// A layer or a Net whose parameters have that name in files instead of a number: "features.0.weight".
template <Word Name, class Layer>
struct Named {};

/// Names the value that came last, for a `From` further on: `As<struct skip>`. The name is known up to the
/// end of the Net that it stands in, and in what that Net contains.
template <class Name>
struct As {};

/// Goes on from the value that `As<Name>` has named. It can be a branch, too.
template <class Name>
struct From {};

} // namespace lamina
