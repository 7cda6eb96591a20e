// twin: makes a run-time network from a compile-time model.
#pragma once

#include <lamina/dynamic/network.hpp>
#include <lamina/dynamic/typed_layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// Whether a layer's functions take run-time views: those of activations do, and those of a layer that says
/// its shapes by numbers.
template <class L>
concept RunsByNumbers = requires(const L& layer, const dims& in) {
    layer.outputs(in);
}
|| requires(const L& layer, float x) {
    requires L::is_activation;
    layer.value(x);
};
template <class L, class List>
inline constexpr bool is_among = false;
template <class L, class... All>
inline constexpr bool is_among<L, detail::Families<All...>> = (std::is_same_v<L, All> || ...);

/// Element `I` of a model as a layer of a run-time network.
template <class Inferred, int I>
[[nodiscard]] std::shared_ptr<const Layer> layer_of_element(const std::string& name,
                                                            const std::vector<dims>& in) {
    using L = typename Inferred::template layer_at<I>;
    const Where where{I, name};
    if constexpr (Inferred::table.elements[I].facts.is_join)
        return std::make_shared<const JoinOf<typename topology::operation_of<L>::type>>(where, in);
    else if constexpr (requires { typename L::by_numbers; })
        return make_layer<typename L::by_numbers>(layer_text(where, name), where, in[0]);
    else if constexpr (RunsByNumbers<L> || is_among<L, detail::AllFamilies>)
        return layer_on(L{}, where, in[0]);
    else
        return std::make_shared<const TypedLayer<typename Inferred::template at<I>::layer,
                                                 typename Inferred::template at<I>::input>>();
}

/// A run-time network with the topology and the numbers of `model`, a user's own layers included.
template <class Topology, class In>
[[nodiscard]] Network twin(const Model<Topology, In, float>& model) {
    using M = Model<Topology, In, float>;
    using Inferred = typename M::inferred;
    constexpr auto& table = Inferred::table;
    TopologyText text{In::extents, {}, table.is_exact};
    std::vector<std::string> paths;
    for (int e = 0; e < table.count; ++e) {
        LayerText layer{std::string{M::layers[static_cast<std::size_t>(e)].name}, {}, {}};
        for (int k = 0; k < table.elements[e].inputs; ++k)
            layer.sources.push_back(table.input(e, k) - 1);
        text.layers.push_back(std::move(layer));
        paths.emplace_back(std::string_view{M::layers[static_cast<std::size_t>(e)].path});
    }
    Network network{text, paths, [](const LayerText& layer, int index, const std::vector<dims>& in) {
                        std::shared_ptr<const Layer> made;
                        for_each_index<Inferred::count>([&](auto i) {
                            if (i == index)
                                made = layer_of_element<Inferred, i>(layer.name, in);
                        });
                        return made;
                    }};
    const auto numbers = model.numbers();
    std::copy(numbers.begin(), numbers.end(), network.numbers().begin());
    return network;
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
