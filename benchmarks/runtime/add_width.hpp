// One width of a sweep.
#pragma once

#include "versus.hpp"

namespace bench {

template <class Model>
void add_width(const std::string& sweep, int width) {
    const std::string name = sweep + "/" + std::to_string(width);
    add(name + "/one", one<Model>);
    add(name + "/infer", infer<Model>);
    add(name + "/backward", backward<Model>);
}

} // namespace bench
