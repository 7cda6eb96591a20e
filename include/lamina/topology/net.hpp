// Net: a network's topology as a type.
#pragma once

namespace lamina {

/// An ordered list of layers, without sizes of its own: `Net<Conv<16, 3, 1>, ReLU, Dense<10>>`.
template <class... Layers>
struct Net {};

} // namespace lamina
