// The layers of a run-time network are compiled in reference.cpp alone: the function that makes them from a text,
// and those that twins of models take without it.
#pragma once

#include <lamina/dynamic/make_layer.hpp>

/// COMPILED is `extern template`, or `template` in the one source that compiles them.
#define LAMINA_LAYERS_BY_NUMBERS(COMPILED)                                                                   \
    COMPILED class LayerOf<layer_bases::BatchNormOf<detail::BatchNormNumbers>>;                              \
    COMPILED class LayerOf<Conv<>::by_numbers>;                                                              \
    COMPILED class LayerOf<Dense<>::by_numbers>;                                                             \
    COMPILED class LayerOf<layer_bases::DropoutOf<detail::DropoutNumbers>>;                                  \
    COMPILED class LayerOf<GELU>;                                                                            \
    COMPILED class LayerOf<layer_bases::MaxPoolOf<detail::MaxPoolNumbers>>;                                  \
    COMPILED class LayerOf<layer_bases::PReLUOf<detail::PReLUNumbers>>;                                      \
    COMPILED class LayerOf<ReLU>;                                                                            \
    COMPILED class LayerOf<Softmax>;                                                                         \
    COMPILED class LayerOf<Tanh>;                                                                            \
    COMPILED std::shared_ptr<const Layer> known_layer(                                                       \
        const LayerText&, const Where&, const std::vector<dims>&, detail::AllFamilies,                       \
        detail::AllWithoutBias, detail::AllJoins)

namespace lamina::inline LAMINA_ABI::dynamic {

LAMINA_LAYERS_BY_NUMBERS(extern template);

} // namespace lamina::inline LAMINA_ABI::dynamic
