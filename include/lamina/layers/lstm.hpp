// LSTM: long short-term memory.
#pragma once

#include <lamina/layers/recurrent.hpp>

namespace lamina {

template <int Units>
struct LSTM : layer_bases::Recurrent<kernels::LstmCell, Units> {};

} // namespace lamina
