#include "network.hpp"

#include <algorithm>
#include <iterator>

namespace fashion {

const Network* find_network(std::string_view name) {
    const Network* const network = std::ranges::find(networks, name, &Network::name);
    return network == std::end(networks) ? nullptr : network;
}

std::string network_names() {
    std::string names;
    for (const Network& network : networks) {
        if (!names.empty())
            names += &network == std::end(networks) - 1 ? " or " : ", ";
        names += network.name;
    }
    return names;
}

} // namespace fashion
