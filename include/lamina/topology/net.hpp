// Net: a network's topology as a type.
#pragma once

#include <lamina/abi.hpp>

namespace lamina {

/// A network's layers in order: `Net<Conv<16, 3>, ReLU, Dense<10>>`. Shapes are not repeated here; `Model`
/// infers them.
template <class... Layers>
struct Net {};

/// The same network with a check that every stride divides evenly: `Model<Strict<Net<...>>, In>` does not
/// compile if a convolution or a pooling window drops rows or columns at the far edge. A plain `Net` drops
/// them silently, as PyTorch does. Source: O'Shea & Nash, arXiv:1511.08458, section 2.2.
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
