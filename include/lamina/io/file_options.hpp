// What load and save can be told: other names, tensors to ignore, how test vectors are checked.
#pragma once

#include <lamina/abi.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI {

/// A layer or tensor that the file calls `file` and the model `model`: {"features.0", "0"} makes
/// `features.0.weight` the tensor `0.weight`. A name stands for itself and all below it, between dots:
/// "features.0" does not mean `features.01.weight`. An empty one stands for all, so {"module", ""} takes a
/// prefix away.
struct Rename {
    std::string file;
    std::string model;
};

/// Any number of renames: `.rename = {"module", ""}` or `.rename = {{"features.0", "0"}, {"classifier",
/// "4"}}`. Of those that match a name, the one with the longest counts; their order does not matter.
struct Renames {
    std::vector<Rename> pairs;

    Renames() = default;
    Renames(std::initializer_list<Rename> all) {
        for (const Rename& pair : all)
            pairs.push_back(pair);
    }
    Renames(std::string file, std::string model) { pairs.push_back({std::move(file), std::move(model)}); }
};

/// Any number of patterns of names, in which `*` stands for any characters, dots too:
/// `.ignore = {"*.num_batches_tracked", "head.*"}`.
struct Patterns {
    std::string lines; ///< a pattern a line: a vector would cost every program its instantiation

    Patterns() = default;
    Patterns(const char* one) { add(one); }
    Patterns(std::initializer_list<const char*> all) {
        for (const char* pattern : all)
            add(pattern);
    }
    void add(std::string_view pattern) { lines.append(pattern).append("\n"); }
};

/// What `load` may be told.
struct LoadOptions {
    /// A test vector's answer may differ by this times the largest answer of its sample (times 1, if that is
    /// more).
    double tolerance = 1e-4;
    /// Whether the file's test vectors, if it has any, are checked.
    bool verify = true;
    /// {name in the file, name in the model}; each must match a tensor of the file.
    Renames rename = {};
    /// Tensors of the file to leave out, by their names in the file. A pattern need not match any.
    Patterns ignore = {};
};

/// What `save` may be told.
struct SaveOptions {
    /// {name in the file, name in the model}, as for `load`; each must match a tensor of the model.
    Renames rename = {};
};

} // namespace lamina::inline LAMINA_ABI
