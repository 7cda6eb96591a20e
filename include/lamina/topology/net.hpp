// Net: a network's topology as a type.
#pragma once

#include <lamina/abi.hpp>

namespace lamina {

/// An ordered list of layers, without sizes of its own: `Net<Conv<16, 3, 1>, ReLU, Dense<10>>`.
template <class... Layers>
struct Net {};

/// The same network, in which every stride must come out even: `Model<Strict<Net<...>>, In>` does not compile
/// where a convolution or a pooling window would leave rows or columns at the far edge unseen, which plain
/// networks, as everywhere in the field, do not look at. As O'Shea & Nash want it, arXiv:1511.08458, section
/// 2.2.
template <class Topology>
struct Strict {};

} // namespace lamina

namespace lamina::inline LAMINA_ABI::topology {

/// The `Net` of a topology, strict or not.
template <class Topology>
struct plain {
    using type = Topology;
};
template <class Topology>
struct plain<Strict<Topology>> {
    using type = Topology;
};

} // namespace lamina::inline LAMINA_ABI::topology
