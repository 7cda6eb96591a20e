// Images and labels in the IDX format of MNIST and Fashion-MNIST, plain or gzipped. Needs zlib.
#pragma once

#include <lamina/data/images.hpp>
#include <lamina/error.hpp>
#include <lamina/files/input_file.hpp>
#include <lamina/files/printable.hpp>
#include <lamina/files/unpacked_file.hpp>
#include <lamina/ieee.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// A data set as published: images to train with and images to test with.
struct Split {
    Images train;
    Images test;
};

/// How the files of a data set differ from MNIST's.
///
///     auto letters = ln::data::load_idx_pair(images, labels, {.transposed = true, .first_label = 1});
struct IdxOptions {
    /// Whether images are stored column by column, as EMNIST's are. They are transposed while loading: images
    /// that are H x W in the file become W x H.
    bool transposed = false;
    /// The label of the first class in the file, from 0 to 255: 1 in EMNIST's letters. It is subtracted, so
    /// that the first class becomes the model's output 0.
    int first_label = 0;
};

namespace idx {

enum class Content { labels, images };

/// An IDX file: its extents, the number of items first, and as many bytes as they multiply to.
struct Array {
    dims extents;
    std::vector<std::uint8_t> bytes;
};

inline std::uint32_t big_endian(const std::uint8_t* b) noexcept {
    return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

/// The meaning of a magic number: two zero bytes, the element's type, the number of extents.
inline std::string meaning(std::uint32_t magic) {
    struct Type {
        std::uint32_t code;
        const char* name;
    };
    constexpr Type types[] = {{0x08, "unsigned byte"}, {0x09, "signed byte"}, {0x0b, "short"},
                              {0x0c, "int"},           {0x0d, "float"},       {0x0e, "double"}};
    if (magic == 0x801)
        return "labels";
    if (magic == 0x803 || magic == 0x804)
        return "images";
    if (magic == 0x0108'0000 || magic == 0x0308'0000 || magic == 0x0408'0000)
        return "bytes in little-endian order, where IDX has big-endian order";
    for (const Type& type : types)
        if (magic >> 8 == type.code)
            return std::string{"elements of type "} + type.name +
                   ", extents: " + std::to_string(magic & 0xff);
    return "not an IDX file";
}

inline void check_magic(const files::UnpackedFile& file, std::uint32_t magic, Content content) {
    const bool fits = content == Content::labels ? magic == 0x801 : magic == 0x803 || magic == 0x804;
    if (fits)
        return;
    char found[16];
    std::snprintf(found, sizeof found, "0x%08lx", static_cast<unsigned long>(magic));
    file.fail(std::string{"expected magic number "} +
              (content == Content::labels ? "0x00000801 (labels)" : "0x00000803 or 0x00000804 (images)") +
              ", found " + found + " (" + meaning(magic) + ")");
}

inline dims read_header(files::UnpackedFile& file, Content content) {
    std::uint8_t word[4 * dims::max_rank];
    if (const std::size_t n = file.read(word, 4); n < 4)
        file.fail("expected a magic number of 4 bytes, found " + std::to_string(n) + " bytes in all");
    const std::uint32_t magic = big_endian(word);
    check_magic(file, magic, content);

    dims extents;
    extents.rank = static_cast<int>(magic & 0xff);
    const std::size_t size = 4 * static_cast<std::size_t>(extents.rank);
    if (const std::size_t n = file.read(word, size); n < size)
        file.fail("expected a header of " + std::to_string(4 + size) + " bytes, found " +
                  std::to_string(4 + n) + " bytes in all");
    const std::uint8_t* next = word;
    for (int axis = 0; axis < extents.rank; ++axis, next += 4) {
        const std::uint32_t extent = big_endian(next);
        if (extent == 0 || extent > INT_MAX)
            file.fail("expected extents from 1 to " + std::to_string(INT_MAX) + ", found " +
                      std::to_string(extent) + " for axis " + std::to_string(axis));
        extents.extent[axis] = static_cast<int>(extent);
    }
    return extents;
}

/// The number of bytes that follow a header.
inline std::size_t promised_bytes(const files::UnpackedFile& file, const dims& extents) {
    std::size_t n = 1;
    for (int axis = 0; axis < extents.rank; ++axis) {
        const auto extent = static_cast<std::size_t>(extents[axis]);
        if (n > PTRDIFF_MAX / extent)
            file.fail("expected a size that fits into memory, found extents " + to_string(extents));
        n *= extent;
    }
    return n;
}

inline Array read(std::string path, Content content) {
    files::UnpackedFile file{std::move(path)};
    Array array{read_header(file, content), {}};
    const std::size_t promised = promised_bytes(file, array.extents);
    array.bytes = files::read_bytes(file, promised);
    const std::string expected = "expected " + std::to_string(promised) +
                                 " bytes after the header, as its extents " + to_string(array.extents) +
                                 " say, found ";
    if (array.bytes.size() < promised)
        file.fail(expected + std::to_string(array.bytes.size()));
    if (std::uint8_t beyond; file.read(&beyond, 1) != 0)
        file.fail(expected + "more");
    return array;
}

/// Whether the path exists and should be a readable file. A folder is not: some mirrors hold a folder
/// `train-images-idx3-ubyte` beside the file `train-images.idx3-ubyte`.
inline bool is_there(const std::string& path) {
    struct stat status;
    return stat(path.c_str(), &status) == 0 ? (status.st_mode & S_IFMT) != S_IFDIR : errno != ENOENT;
}

inline void check_folder(const std::string& path) {
    files::check_path(path);
    struct stat status;
    const std::string expected = files::printable_path(path) + ": expected a folder of IDX files, found ";
    if (stat(path.c_str(), &status) != 0)
        raise(format_error{expected + "none: " + std::strerror(errno)});
    if ((status.st_mode & S_IFMT) != S_IFDIR)
        raise(format_error{expected + "a file"});
}

/// The path of a file such as `train-images-idx3-ubyte`: the first of its four spellings that exists.
inline std::string find(const std::string& folder, const std::string& stem, const std::string& type) {
    const std::string names[] = {stem + "-" + type, stem + "." + type, stem + "-" + type + ".gz",
                                 stem + "." + type + ".gz"};
    const std::string prefix = folder.back() == '/' ? folder : folder + "/";
    for (const std::string& name : names)
        if (std::string path = prefix + name; is_there(path))
            return path;
    raise(format_error{files::printable_path(folder) + ": expected a file " + names[0] + ", " + names[1] +
                       ", " + names[2] + " or " + names[3] + ", found none of them"});
}

/// Labels counted from 0.
inline void count_from_zero(std::vector<std::uint8_t>& labels, int first_label, std::string_view path) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < first_label)
            raise(format_error{files::printable_path(path) + ": expected labels from " +
                               std::to_string(first_label) + " on (the option first_label), found " +
                               std::to_string(labels[i]) + " for image " + std::to_string(i)});
        labels[i] = static_cast<std::uint8_t>(labels[i] - first_label);
    }
}

inline void validate(const IdxOptions& options) {
    if (options.first_label < 0 || options.first_label > 255)
        raise<data_error>("load_idx: expected a first_label from 0 to 255, found ", options.first_label);
}

} // namespace idx

/// Loads images and their labels from two IDX files, plain or gzipped.
///
/// The image file has extents (N, H, W), which is one channel, or (N, C, H, W); the label file has N.
/// Elements are unsigned bytes. Throws `format_error`, which names the file, what was expected and what was
/// found.
[[nodiscard]] inline Images load_idx_pair(std::string_view image_path, std::string_view label_path,
                                          IdxOptions options = {}) {
    idx::validate(options);
    idx::Array images = idx::read(std::string{image_path}, idx::Content::images);
    idx::Array labels = idx::read(std::string{label_path}, idx::Content::labels);
    const dims& n = images.extents;
    if (n[0] != labels.extents[0])
        raise(format_error{files::printable_path(label_path) + ": expected " + std::to_string(n[0]) +
                           " labels, one for each image of " + files::printable_path(image_path) +
                           ", found " + std::to_string(labels.extents[0])});
    dims shape = n.rank == 3 ? dims{1, n[1], n[2]} : dims{n[1], n[2], n[3]};
    if (options.transposed) {
        transpose_each(images.bytes, as_size(shape[1]), as_size(shape[2]));
        shape = {shape[0], shape[2], shape[1]};
    }
    idx::count_from_zero(labels.bytes, options.first_label, label_path);
    return Images{files::printable_path(image_path), shape, std::move(images.bytes), std::move(labels.bytes)};
}

/// Loads MNIST, Fashion-MNIST or another data set in their files, plain or gzipped, from a folder:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`.
///
/// A file may also be spelled `train-images.idx3-ubyte`, and end in `.gz`; of several, a plain one is taken
/// before a gzipped one, then one with a dash before one with a dot. Throws `format_error`, which names the
/// file or folder, what was expected and what was found.
///
/// Source of the format: LeCun, Cortes, Burges, The MNIST database of handwritten digits, "File formats".
[[nodiscard]] inline Split load_idx(std::string_view folder, IdxOptions options = {}) {
    const std::string path{folder};
    idx::check_folder(path);
    const std::string train_images = idx::find(path, "train-images", "idx3-ubyte");
    const std::string train_labels = idx::find(path, "train-labels", "idx1-ubyte");
    const std::string test_images = idx::find(path, "t10k-images", "idx3-ubyte");
    const std::string test_labels = idx::find(path, "t10k-labels", "idx1-ubyte");

    Split split{load_idx_pair(train_images, train_labels, options),
                load_idx_pair(test_images, test_labels, options)};
    if (split.train.shape() != split.test.shape())
        raise(format_error{files::printable_path(test_images) + ": expected images of " +
                           to_string(split.train.shape()) + " as in " + files::printable_path(train_images) +
                           ", found " + to_string(split.test.shape())});
    return split;
}

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
