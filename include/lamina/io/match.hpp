// Matches the tensors of a file with those of a model. Needs jansson.
#pragma once

#include <lamina/files/list.hpp>
#include <lamina/files/printable.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/names.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI::io {

/// Whether a pair matches any tensor of the file.
[[nodiscard]] inline bool is_of_use(const Rename& pair, const files::Safetensors& file) noexcept {
    for (const files::StoredTensor& tensor : file.tensors)
        if (is_below(tensor.name, pair.file))
            return true;
    return false;
}

/// The reason, from a file's metadata, why its tensors do not have PyTorch's layout; empty if the metadata
/// give none. Other frameworks order the axes of kernels and matrices differently, even if the shapes are the
/// same.
[[nodiscard]] inline std::string format_fault(const files::Safetensors& file) {
    const std::string* found = file.find(files::format_key);
    if (found == nullptr || *found == files::torch_format)
        return {};
    return std::string{"\n  format in the metadata: expected "} + files::torch_format + " or none, found " +
           files::printable(*found) +
           ": bring weights into PyTorch's order, [out,in,kh,kw] and [out,in], "
           "and save them with the format pt";
}

/// Whether a tensor of the file, of this name in the model, is the count of batches that PyTorch has beside
/// the running statistics of a layer. Nothing is computed from it.
[[nodiscard]] inline bool counts_batches(const files::StoredTensor& tensor, std::string name,
                                         std::span<const ModelTensor> expected) {
    constexpr std::string_view own = "num_batches_tracked";
    if (tensor.other_dtype != "I64" || !tensor.shape.empty() || name.size() < own.size() ||
        name.substr(name.size() - own.size()) != own)
        return false;
    name.replace(name.size() - own.size(), own.size(), "running_mean");
    for (const ModelTensor& other : expected)
        if (std::string_view{other.name} == name)
            return true;
    return false;
}

/// The stored tensor for each expected one, null for those that are kept; and the faults of the file: another
/// format, and all tensors that are missing, unexpected, or of another shape or number type.
struct Matches {
    files::List<const files::StoredTensor*> tensors;
    std::string faults;
    int wanted = 0; ///< number of expected tensors that the file lacks or has otherwise
};

/// " in features.0.weight" if the tensor has this name in the file and another one in the model; otherwise
/// empty.
[[nodiscard]] inline std::string origin(const files::StoredTensor& tensor, std::string_view name_in_model) {
    return tensor.name == name_in_model ? "" : " in " + files::printable(tensor.name);
}

/// One line for each name of `keep` that the model does not have.
[[nodiscard]] inline std::string unknown_names(std::span<const ModelTensor> expected, const Patterns& keep) {
    std::string faults;
    for (std::string_view lines = keep.lines; !lines.empty();) {
        Patterns one;
        one.add(take_pattern(lines));
        bool known = false;
        std::string all;
        for (const ModelTensor& tensor : expected) {
            known = known || is_of_any(tensor.name, one);
            all.append(all.empty() ? "" : ", ").append(std::string_view{tensor.name});
        }
        one.lines.pop_back();
        if (!known)
            faults += "\n  .keep: expected a layer or one of " + all + ", found \"" +
                      files::printable(one.lines) + '"';
    }
    return faults;
}

/// A shape without the extents of 1 behind those of a matrix.
[[nodiscard]] inline std::vector<std::uint64_t> without_ones_behind(std::vector<std::uint64_t> shape) {
    while (shape.size() > 2 && shape.back() == 1)
        shape.pop_back();
    return shape;
}

/// Whether a stored shape is the expected one. A matrix also takes [out,in,1] and [out,in,1,1], the weight of
/// a convolution that sees one step or pixel, which is a Dense on each.
[[nodiscard]] inline bool shapes_match(const std::vector<std::uint64_t>& expected,
                                       const std::vector<std::uint64_t>& stored) {
    if (expected.size() != 2 || stored.size() > 4)
        return expected == stored;
    return expected == without_ones_behind(stored);
}

/// Matches tensors after renaming those of the file, without those that match a pattern of `ignore`, and
/// those that are called as a tensor of the model to be kept.
class Matcher {
  public:
    Matcher(const files::Safetensors& file, const Renames& rename, const Patterns& ignore,
            const Patterns& keep)
        : file_{file}, pairs_{rename.pairs}, keep_{keep}, others_{files::sorted(
                                                              file.tensors, [](const files::StoredTensor& a,
                                                                               const files::StoredTensor& b) {
                                                                  return a.name < b.name;
                                                              })} {
        for (const files::StoredTensor*& tensor : others_)
            if (is_of_any(tensor->name, ignore))
                ignored_.push_back(std::exchange(tensor, nullptr));
            else if (is_of_any(name_in_model(pairs_, tensor->name), keep))
                tensor = nullptr;
    }

    [[nodiscard]] Matches match(std::span<const ModelTensor> expected) {
        Matches matches{{}, format_fault(file_) + fault_of_pairs() + unknown_names(expected, keep_)};
        for (const ModelTensor& tensor : expected) {
            const files::StoredTensor* own = nullptr;
            const std::string fault = is_of_any(tensor.name, keep_) ? "" : match_one(tensor, own);
            matches.tensors.push_back(own);
            if (fault.empty())
                continue;
            matches.faults += "\n  " + std::string{std::string_view{tensor.name}} + ": expected " + fault;
            ++matches.wanted;
        }
        for (const files::StoredTensor* other : others_) {
            if (other == nullptr)
                continue;
            const std::string name = name_in_model(pairs_, other->name);
            if (counts_batches(*other, name, expected))
                continue;
            matches.faults += "\n  " + files::printable(other->name) +
                              (name == other->name ? "" : " as " + files::printable(name)) +
                              ": expected none, found " + to_string(*other);
            if (other->dtype == files::Dtype::other)
                matches.faults += ": .ignore = {\"" + files::printable(other->name) + "\"}";
        }
        return matches;
    }

  private:
    [[nodiscard]] std::string fault_of_pairs() const {
        std::string faults = repeated_names(pairs_, &Rename::file);
        for (const Rename& pair : pairs_)
            if (!is_of_use(pair, file_))
                faults += "\n  .rename " + to_string(pair) + ": expected " + matched_by(pair.file) +
                          " in the file, found none";
        return faults;
    }

    /// Takes the file's tensor of this name out of the list and sets `own` to it. Returns the fault, such as
    /// "[10], found none", or an empty text.
    [[nodiscard]] std::string match_one(const ModelTensor& expected, const files::StoredTensor*& own) {
        const std::string_view name = expected.name;
        std::string found;
        int count = 0;
        for (const files::StoredTensor*& other : others_) {
            if (other == nullptr || name_in_model(pairs_, other->name) != name)
                continue;
            own = std::exchange(other, nullptr);
            found += (count++ > 0 ? " and " : "") + to_string(*own) + origin(*own, name);
        }
        const std::vector<std::uint64_t> shape = files::extents_of(expected.shape);
        const bool readable = own == nullptr || own->dtype != files::Dtype::other;
        if (count == 1 && readable && shapes_match(shape, own->shape))
            return {};
        if (count == 0)
            found = is_ignored(name) ? "one that .ignore leaves out" : "none";
        return files::to_string(shape) + (readable ? "" : std::string{" of "} + files::readable_dtypes) +
               ", found " + found;
    }

    [[nodiscard]] bool is_ignored(std::string_view name) const {
        for (const files::StoredTensor* tensor : ignored_)
            if (name_in_model(pairs_, tensor->name) == name)
                return true;
        return false;
    }

    const files::Safetensors& file_;
    const files::List<Rename>& pairs_;
    const Patterns& keep_;
    files::List<const files::StoredTensor*> others_; // null where they have been matched or are ignored
    files::List<const files::StoredTensor*> ignored_;
};

[[nodiscard]] inline Matches match(std::span<const ModelTensor> expected, const files::Safetensors& file,
                                   const Renames& rename = {}, const Patterns& ignore = {},
                                   const Patterns& keep = {}) {
    return Matcher{file, rename, ignore, keep}.match(expected);
}

} // namespace lamina::inline LAMINA_ABI::io
