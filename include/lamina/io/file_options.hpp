// The options of load and save: other names, tensors to ignore, the check of test vectors.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/files/list.hpp>
#include <lamina/problem/option_names.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace lamina::inline LAMINA_ABI {

/// A layer or tensor that the file calls `file` and the model `model`: {"features.0", "0"} makes
/// `features.0.weight` the tensor `0.weight`. A name stands for itself and everything below it, up to a dot:
/// "features.0" does not match `features.01.weight`. An empty name matches everything, so {"module", ""}
/// removes a prefix.
struct Rename {
    std::string file;
    std::string model;

    Rename() = default;
    Rename(std::string file_, std::string model_) : file{std::move(file_)}, model{std::move(model_)} {}
    // The compilers show this line with its comment.
    Rename(std::string, int) = delete; // the name of a layer is text: {"features.0", "0"}
};

/// Any number of renames: `.rename = {"module", ""}` or `.rename = {{"features.0", "0"}, {"classifier",
/// "4"}}`. If several match a name, the longest one counts; their order does not matter.
struct Renames {
    files::List<Rename> pairs;

    Renames() = default;
    Renames(std::initializer_list<Rename> all) {
        for (const Rename& pair : all)
            pairs.push_back(pair);
    }
    Renames(std::string file, std::string model) { pairs.push_back({std::move(file), std::move(model)}); }
    Renames(std::string, int) = delete; // the name of a layer is text: {"features.0", "0"}
};

/// Any number of names and patterns of names. A name stands for itself and everything below it, up to a dot,
/// as in a `Rename`; in a pattern, `*` stands for any characters, dots too:
/// `.ignore = {"head", "*.steps"}`.
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

/// The options of `load`, in this order. The `misnamed` fields are not options: using one is an error that
/// names the right one.
struct LoadOptions {
    /// {name in the file, name in the model}; each must match a tensor of the file.
    Renames rename = {};
    /// Tensors of the file to leave out, by their names in the file. A pattern need not match any.
    Patterns ignore = {};
    /// Layers or tensors of the model that stay as they are, whatever the file has, by their names in the
    /// model: `.keep = {"9"}` for a head with another number of classes. Each must match a tensor of the
    /// model. Test vectors are then not checked, since the network is another one.
    Patterns keep = {};
    problem::misnamed<problem::strict> strict = {};
    /// The outputs of test vectors may differ by this, times the largest output of the sample (or times 1, if
    /// that is more).
    double tolerance = 1e-4;
    /// Whether the file's test vectors, if it has any, are checked.
    bool verify = true;
    problem::misnamed<problem::map_location> map_location = {};
};

/// The options of `save`.
struct SaveOptions {
    /// {name in the file, name in the model}, as for `load`; each must match a tensor of the model.
    Renames rename = {};
};

} // namespace lamina::inline LAMINA_ABI
