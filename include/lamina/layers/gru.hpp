// GRU: gated recurrent unit.
#pragma once

#include <lamina/layers/recurrent.hpp>

namespace lamina {

template <int Units>
struct GRU : layer_bases::Recurrent<kernels::GruCell, Units> {};

} // namespace lamina
