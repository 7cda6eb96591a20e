// Views of packs whose extents are known at run time, by short names.
#pragma once

#include <lamina/kernels/map.hpp>
#include <lamina/run_time_view.hpp>

namespace lamina::inline LAMINA_ABI::dynamic {

using Layout = lamina::Layout<AnyShape>;
template <class E>
using View = lamina::View<E, AnyShape>;

using kernels::fill_halo_with_zeros;
using kernels::fill_zero;

} // namespace lamina::inline LAMINA_ABI::dynamic
