// Dataset: training and test images, and the names of their classes.
#pragma once

#include <lamina/data/idx.hpp>

#include <string>
#include <vector>

namespace fashion {

namespace ln = lamina;

struct Dataset {
    std::string name;                 ///< of a data set that is not known, its folder's
    std::vector<std::string> classes; ///< by label
    ln::data::Images train;
    ln::data::Images test;
};

/// From a folder of IDX files. Throws with what was expected and what was found.
[[nodiscard]] Dataset load_dataset(const std::string& folder);

} // namespace fashion
