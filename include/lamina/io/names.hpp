// The names of tensors in files: renames and patterns.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/printable.hpp>
#include <lamina/files/safetensors_header.hpp>
#include <lamina/io/file_options.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI::io {

/// Whether a name is `prefix` or below it: "features.0.weight" is below "features.0", all are below "".
[[nodiscard]] inline bool is_below(std::string_view name, std::string_view prefix) noexcept {
    return prefix.empty() || (name.substr(0, prefix.size()) == prefix &&
                              (name.size() == prefix.size() || name[prefix.size()] == '.'));
}

/// Moves a name from below `from` to below `to`.
[[nodiscard]] inline std::string moved(std::string_view name, std::string_view from, std::string_view to) {
    std::string_view rest = name.substr(from.size());
    if (!from.empty() && !rest.empty())
        rest.remove_prefix(1); // the dot
    std::string moved{to};
    return moved.append(to.empty() || rest.empty() ? "" : ".").append(rest);
}

/// Of the pairs whose `side` the name is below, the one with the longest `side`; null if there is none.
[[nodiscard]] inline const Rename* longest_match(const files::List<Rename>& pairs, std::string Rename::*side,
                                                 std::string_view name) noexcept {
    const Rename* longest = nullptr;
    for (const Rename& pair : pairs)
        if (is_below(name, pair.*side) &&
            (longest == nullptr || (pair.*side).size() > (longest->*side).size()))
            longest = &pair;
    return longest;
}

/// The name in the model of a tensor of the file.
[[nodiscard]] inline std::string name_in_model(const files::List<Rename>& pairs, std::string_view name) {
    const Rename* pair = longest_match(pairs, &Rename::file, name);
    return pair ? moved(name, pair->file, pair->model) : std::string{name};
}
/// The name in the file of a tensor of the model.
[[nodiscard]] inline std::string name_in_file(const files::List<Rename>& pairs, std::string_view name) {
    const Rename* pair = longest_match(pairs, &Rename::model, name);
    return pair ? moved(name, pair->model, pair->file) : std::string{name};
}

/// Whether a name matches this pattern, in which `*` stands for any characters.
[[nodiscard]] inline bool is_of_pattern(std::string_view name, std::string_view pattern) noexcept {
    std::size_t n = 0, p = 0;
    std::size_t star = pattern.npos,
                resume = 0; // the last star, and the first character that it does not cover
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != pattern.npos) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}
/// Takes the first pattern out of `lines`, which must not be empty.
[[nodiscard]] inline std::string_view take_pattern(std::string_view& lines) noexcept {
    const std::string_view pattern = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(pattern.size() + 1);
    return pattern;
}
/// Whether a tensor is one of these: its own name, the beginning of it up to a dot, or a pattern of it.
[[nodiscard]] inline bool is_of_any(std::string_view name, const Patterns& patterns) noexcept {
    for (std::string_view lines = patterns.lines; !lines.empty();)
        if (const std::string_view one = take_pattern(lines); is_below(name, one) || is_of_pattern(name, one))
            return true;
    return false;
}

/// {"features.0", "0"}, as written in a program.
[[nodiscard]] inline std::string to_string(const Rename& pair) {
    return "{\"" + files::printable(pair.file) + "\", \"" + files::printable(pair.model) + "\"}";
}

/// "features.0 or features.0.*", what a name of a pair matches.
[[nodiscard]] inline std::string matched_by(const std::string& name) {
    return name.empty() ? "any tensor" : files::printable(name) + " or " + files::printable(name) + ".*";
}

/// One line for each name that two pairs have on this side.
[[nodiscard]] inline std::string repeated_names(const files::List<Rename>& pairs, std::string Rename::*side) {
    std::string faults;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (pairs[i].*side == pairs[j].*side)
                faults += "\n  .rename: expected one pair for \"" + files::printable(pairs[i].*side) +
                          "\", found " + to_string(pairs[j]) + " and " + to_string(pairs[i]);
    return faults;
}

/// Whether a file keeps something other than a model's tensor under this name.
[[nodiscard]] inline bool is_reserved(std::string_view name) noexcept {
    return name == files::metadata_key || name.substr(0, 7) == "lamina.";
}

/// Throws `format_error` unless each pair renames something, no name is reserved, and loading with the same
/// pairs would give these names back.
template <class Names>
void check_names(const files::List<Rename>& pairs, const Names& names, const std::string& target) {
    std::string faults = repeated_names(pairs, &Rename::model);
    for (const Rename& pair : pairs) {
        bool matches = false;
        for (const auto& tensor : names)
            matches = matches || is_below(tensor.name, pair.model);
        if (!matches)
            faults += "\n  " + to_string(pair) + ": expected a tensor of the model, " +
                      matched_by(pair.model) + ", found none";
    }
    for (const auto& tensor : names) {
        const std::string name{std::string_view{tensor.name}}, stored = name_in_file(pairs, name);
        if (const std::string back = name_in_model(pairs, stored); back != name)
            faults += "\n  " + name + " would be " + files::printable(stored) + " in the file, and " +
                      files::printable(back) + " when it is loaded";
        if (is_reserved(stored))
            faults += "\n  " + name + " would be " + files::printable(stored) +
                      " in the file: expected a name other than __metadata__ and lamina.*";
    }
    if (!faults.empty())
        raise(format_error{target + ": .rename does not fit the model:" + faults});
}

} // namespace lamina::inline LAMINA_ABI::io
