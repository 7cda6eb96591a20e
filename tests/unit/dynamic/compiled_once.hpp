// The layers of a run-time network are compiled in reference.cpp alone.
#pragma once

#include <lamina/dynamic/parse.hpp>

namespace lamina::inline LAMINA_ABI::dynamic {

extern template std::shared_ptr<const Layer>
known_layer(const LayerText&, const Where&, const std::vector<dims>&, detail::AllFamilies, detail::AllWithoutBias, detail::AllJoins);

} // namespace lamina::inline LAMINA_ABI::dynamic
