#include <lamina/data/idx.hpp>

#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

using lamina::dims;
using lamina::format_error;
using lamina::data::Images;
using lamina::data::load_idx;
using lamina::data::load_idx_pair;
using lamina::data::Split;

namespace {

constexpr std::uint32_t labels_magic = 0x801, images_magic = 0x803, channels_magic = 0x804;

Bytes header(std::uint32_t magic, std::initializer_list<std::uint32_t> extents) {
    Bytes bytes;
    const auto put = [&](std::uint32_t word) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<std::uint8_t>(word >> shift));
    };
    put(magic);
    for (const std::uint32_t extent : extents)
        put(extent);
    return bytes;
}

// `n` images of 2 rows and 3 columns.
Bytes images(std::uint32_t n) {
    return header(images_magic, {n, 2, 3}) + counting(std::size_t{n} * 6);
}
Bytes labels(std::uint32_t n) {
    return header(labels_magic, {n}) + counting(n);
}

Bytes bytes_of(const Images& set, std::size_t i) {
    return Bytes(set.image(i).pixels(), set.image(i).pixels() + set.shape().size());
}

// A folder with four sound files: 4 images to train with, 2 to test with.
struct Sound : Scratch {
    Sound() {
        put("train-images-idx3-ubyte", images(4));
        put("train-labels-idx1-ubyte", labels(4));
        put("t10k-images-idx3-ubyte", images(2));
        put("t10k-labels-idx1-ubyte", labels(2));
    }
    void remove(const std::string& name) const { std::filesystem::remove(path(name)); }
};

void check_pair(const std::string& image_path, const std::string& label_path, const std::string& bad,
                const std::string& fault) {
    CHECK_THROWS_WITH_AS((void)load_idx_pair(image_path, label_path), (bad + ": " + fault).c_str(),
                         format_error);
}

// What is wrong with an image file, plain or gzipped, beside sound labels.
void check_images(const Bytes& file, const std::string& fault) {
    const Scratch scratch;
    const std::string good = scratch.put("labels", labels(4));
    for (const Bytes& bytes : {file, gzip(file)}) {
        const std::string bad = scratch.put("images", bytes);
        check_pair(bad, good, bad, fault);
    }
}

void check_labels(const Bytes& file, const std::string& fault) {
    const Scratch scratch;
    const std::string good = scratch.put("images", images(4)), bad = scratch.put("labels", file);
    check_pair(good, bad, bad, fault);
}

void check_folder(const std::string& folder, const std::string& sentence) {
    CHECK_THROWS_WITH_AS((void)load_idx(folder), sentence.c_str(), format_error);
}

void check_missing(const std::string& stem, const std::string& type) {
    const Sound folder;
    const std::string dash = stem + "-" + type, dot = stem + "." + type;
    folder.remove(dash);
    check_folder(folder.folder(), folder.folder() + ": expected a file " + dash + ", " + dot + ", " + dash +
                                      ".gz or " + dot + ".gz, found none of them");
}

} // namespace

TEST_CASE("load_idx: a path with a NUL in it is an error, though what is before it is a folder") {
    const Sound folder;
    CHECK_THROWS_WITH_AS((void)load_idx(folder.folder() + '\0' + "x"),
                         (folder.folder() + "?x: expected a path, found text with NUL characters").c_str(),
                         format_error);
    CHECK_THROWS_AS((void)load_idx(""), format_error);
}

TEST_CASE("load_idx: a folder of plain files loads") {
    const Sound folder;
    const Split data = load_idx(folder.folder());
    CHECK(data.train.size() == 4);
    CHECK(data.test.size() == 2);
    CHECK(data.train.shape() == dims{1, 2, 3});
    CHECK(bytes_of(data.train, 0) == Bytes{0, 1, 2, 3, 4, 5});
    CHECK(bytes_of(data.train, 3) == Bytes{18, 19, 20, 21, 22, 23});
    CHECK(data.train.label(3) == 3);
    CHECK(data.train.source() == folder.path("train-images-idx3-ubyte"));
    CHECK(data.test.source() == folder.path("t10k-images-idx3-ubyte"));
    CHECK(load_idx(folder.folder() + "/").test.source() == folder.path("t10k-images-idx3-ubyte"));
}

TEST_CASE("load_idx: files may be gzipped and spelled with a dot") {
    const Sound folder;
    folder.remove("train-images-idx3-ubyte");
    folder.put("train-images.idx3-ubyte", images(4));
    folder.remove("train-labels-idx1-ubyte");
    folder.put("train-labels-idx1-ubyte.gz", gzip(labels(4)));
    folder.remove("t10k-images-idx3-ubyte");
    folder.put("t10k-images.idx3-ubyte.gz", gzip(images(2)));
    const Split data = load_idx(folder.folder().c_str());
    CHECK(bytes_of(data.train, 3) == Bytes{18, 19, 20, 21, 22, 23});
    CHECK(data.train.label(3) == 3);
    CHECK(bytes_of(data.test, 1) == Bytes{6, 7, 8, 9, 10, 11});
}

TEST_CASE(
    "load_idx: a plain file is taken before a gzipped one, a dash before a dot, a file before a folder") {
    const Sound folder;
    folder.put("train-images-idx3-ubyte.gz", {});
    folder.put("train-images.idx3-ubyte", {});
    folder.remove("t10k-images-idx3-ubyte");
    std::filesystem::create_directory(folder.path("t10k-images-idx3-ubyte"));
    folder.put("t10k-images.idx3-ubyte", images(2));
    folder.put("t10k-images-idx3-ubyte.gz", {});
    CHECK(load_idx(folder.folder()).train.source() == folder.path("train-images-idx3-ubyte"));
    CHECK(load_idx(folder.folder()).test.source() == folder.path("t10k-images.idx3-ubyte"));
}

TEST_CASE("load_idx: an image file of four extents holds channels") {
    const Scratch scratch;
    const Bytes file = header(channels_magic, {4, 3, 2, 5}) + counting(120);
    const Images set = load_idx_pair(scratch.put("images", file), scratch.put("labels", labels(4)));
    CHECK(set.shape() == dims{3, 2, 5});
    CHECK(bytes_of(set, 1).front() == 30);
    CHECK(bytes_of(set, 3).back() == 119);
}

TEST_CASE("load_idx: a file of several megabytes loads whole") {
    const Scratch scratch;
    const Bytes file = header(images_magic, {5, 1000, 1001}) + counting(5'005'000);
    const std::string good = scratch.put("labels", labels(5));
    for (const Bytes& bytes : {file, gzip(file)}) {
        const Images set = load_idx_pair(scratch.put("images", bytes), good);
        CHECK(bytes_of(set, 4).back() == 5'004'999 % 251);
    }
}

TEST_CASE("load_idx: images stored column by column are turned, and labels may start from 1, as in EMNIST") {
    const Scratch scratch;
    const std::string two = scratch.put("images", images(2)), // of 2 rows and 3 columns
        numbers = scratch.put("labels", header(labels_magic, {2}) + Bytes{1, 255});
    const Images set = load_idx_pair(two, numbers, {.transposed = true, .first_label = 1});
    CHECK(set.shape() == dims{1, 3, 2});
    CHECK(bytes_of(set, 0) == Bytes{0, 3, 1, 4, 2, 5});
    CHECK(bytes_of(set, 1) == Bytes{6, 9, 7, 10, 8, 11});
    CHECK(set.label(0) == 0);
    CHECK(set.label(1) == 254);

    const std::string colour = scratch.put("colour", header(channels_magic, {1, 2, 3, 1}) + counting(6));
    const Images one = load_idx_pair(colour, scratch.put("label", header(labels_magic, {1}) + Bytes{0}),
                                     {.transposed = true});
    CHECK(one.shape() == dims{2, 1, 3});
    CHECK(bytes_of(one, 0) == counting(6)); // a column becomes a row, channels stay
    const Images plain = load_idx_pair(two, numbers, {.first_label = 1});
    CHECK(plain.shape() == dims{1, 2, 3});
    CHECK(bytes_of(plain, 0) == counting(6));
}

TEST_CASE("load_idx: a folder takes the same options, for both of its pairs") {
    const Sound folder;
    folder.put("train-labels-idx1-ubyte", header(labels_magic, {4}) + Bytes{1, 2, 3, 26});
    folder.put("t10k-labels-idx1-ubyte", header(labels_magic, {2}) + Bytes{26, 1});
    const Split data = load_idx(folder.folder(), {.transposed = true, .first_label = 1});
    CHECK(data.train.label(3) == 25);
    CHECK(data.test.label(0) == 25);
    CHECK(data.test.shape() == dims{1, 3, 2});
    CHECK(bytes_of(data.test, 1) == Bytes{6, 9, 7, 10, 8, 11});
}

TEST_CASE("load_idx: a label below the first one is named with its place") {
    const Scratch scratch;
    const std::string three = scratch.put("images", images(3)),
                      numbers = scratch.put("labels", header(labels_magic, {3}) + Bytes{2, 1, 0});
    CHECK_THROWS_WITH_AS(
        (void)load_idx_pair(three, numbers, {.first_label = 1}),
        (numbers + ": expected labels from 1 on (the option first_label), found 0 for image 2").c_str(),
        format_error);
    for (const int first : {-1, 256})
        CHECK_THROWS_WITH_AS(
            (void)load_idx_pair(three, numbers, {.first_label = first}),
            ("load_idx: expected a first_label from 0 to 255, found " + std::to_string(first)).c_str(),
            lamina::data_error);
}

TEST_CASE("load_idx: a missing folder, or a file in its place, is named") {
    const Sound folder;
    check_folder(folder.path("absent"), folder.path("absent") +
                                            ": expected a folder of IDX files, found none: "
                                            "No such file or directory");
    const std::string file = folder.path("train-images-idx3-ubyte");
    check_folder(file, file + ": expected a folder of IDX files, found a file");
}

TEST_CASE("load_idx: a missing file is named in all its spellings") {
    check_missing("train-images", "idx3-ubyte");
    check_missing("train-labels", "idx1-ubyte");
    check_missing("t10k-images", "idx3-ubyte");
    check_missing("t10k-labels", "idx1-ubyte");
}

TEST_CASE("load_idx: a file that is there but cannot be opened is not called missing") {
    const Sound folder;
    const std::string loop = "t10k-labels-idx1-ubyte";
    folder.remove(loop);
    std::filesystem::create_symlink(loop, folder.path(loop));
    check_folder(folder.folder(),
                 folder.path(loop) + ": cannot be opened: Too many levels of symbolic links");
}

TEST_CASE("load_idx: a file shorter than its header is an error") {
    check_images({}, "expected a magic number of 4 bytes, found 0 bytes in all");
    check_images({0, 0, 8}, "expected a magic number of 4 bytes, found 3 bytes in all");
    check_images(without_last(1, header(images_magic, {4, 2, 3})),
                 "expected a header of 16 bytes, found 15 bytes in all");
    check_labels(header(labels_magic, {}), "expected a header of 8 bytes, found 4 bytes in all");
}

TEST_CASE("load_idx: a file of another kind is an error that says what it is") {
    const std::string expected = "expected magic number 0x00000803 or 0x00000804 (images), found ";
    check_images(labels(4), expected + "0x00000801 (labels)");
    check_images(header(0xd03, {4, 2, 3}), expected + "0x00000d03 (elements of type float, extents: 3)");
    check_images(header(0x802, {4, 2}), expected + "0x00000802 (elements of type unsigned byte, extents: 2)");
    check_images(header(0x805, {4, 2}), expected + "0x00000805 (elements of type unsigned byte, extents: 5)");
    check_images({'<', 'h', 't', 'm', 'l', '>'}, expected + "0x3c68746d (not an IDX file)");
    check_images(header(0x0308'0000, {0x0400'0000, 0x0200'0000, 0x0300'0000}),
                 expected + "0x03080000 (bytes in little-endian order, where IDX has big-endian order)");
    check_labels(images(4), "expected magic number 0x00000801 (labels), found 0x00000803 (images)");
    check_labels(header(0xc01, {4}), "expected magic number 0x00000801 (labels), found 0x00000c01 "
                                     "(elements of type int, extents: 1)");
}

TEST_CASE("load_idx: an extent of zero, or past int, is an error") {
    const std::string expected = "expected extents from 1 to 2147483647, found ";
    check_images(header(images_magic, {0, 2, 3}), expected + "0 for axis 0");
    check_images(header(images_magic, {4, 2, 0}), expected + "0 for axis 2");
    check_images(header(channels_magic, {4, 0x80000000, 2, 3}), expected + "2147483648 for axis 1");
    check_labels(header(labels_magic, {0}), expected + "0 for axis 0");
}

TEST_CASE("load_idx: extents whose product overflows are an error") {
    check_images(header(channels_magic, {0x40000000, 0x40000000, 16, 1}) + counting(8),
                 "expected a size that fits into memory, found extents 1073741824x1073741824x16x1");
}

TEST_CASE("load_idx: fewer or more bytes than the header promises are an error") {
    const std::string expected = "expected 24 bytes after the header, as its extents 4x2x3 say, found ";
    check_images(without_last(1, images(4)), expected + "23");
    check_images(header(images_magic, {4, 2, 3}), expected + "0");
    check_images(images(4) + Bytes{0}, expected + "more");
    const std::string expected_labels = "expected 4 bytes after the header, as its extents 4 say, found ";
    check_labels(without_last(1, labels(4)), expected_labels + "3");
    check_labels(labels(4) + Bytes{0}, expected_labels + "more");
}

TEST_CASE("load_idx: a file cut short at any byte is an error") {
    const Bytes whole = images(4);
    for (std::size_t n = 1; n <= whole.size(); ++n) {
        const Scratch scratch;
        const std::string cut = scratch.put("images", without_last(n, whole)),
                          good = scratch.put("labels", labels(4));
        CHECK_THROWS_AS((void)load_idx_pair(cut, good), format_error);
    }
}

TEST_CASE("load_idx: a header that promises more than any memory costs no memory") {
    check_images(
        header(images_magic, {0x7fffffff, 0x7fffffff, 1}) + counting(100),
        "expected 4611686014132420609 bytes after the header, as its extents 2147483647x2147483647x1 "
        "say, found 100");
}

TEST_CASE("load_idx: a gzipped file with a wrong checksum is an error even where all its pixels are there") {
    const Scratch scratch;
    Bytes packed = gzip(images(4));
    packed[packed.size() - 8] ^= 1;
    const std::string bad = scratch.put("images.gz", packed), good = scratch.put("labels", labels(4));
    check_pair(bad, good, bad, "expected sound gzip data, found it damaged: incorrect data check");
}

TEST_CASE("load_idx: images and labels of different number are an error") {
    const Scratch scratch;
    const std::string four = scratch.put("images", images(4)), three = scratch.put("labels", labels(3));
    check_pair(four, three, three, "expected 4 labels, one for each image of " + four + ", found 3");
}

TEST_CASE("load_idx: images to train and to test with of different size are an error") {
    const Sound folder;
    folder.put("t10k-images-idx3-ubyte", header(images_magic, {2, 3, 2}) + counting(12));
    check_folder(folder.folder(), folder.path("t10k-images-idx3-ubyte") +
                                      ": expected images of 1x2x3 as in " +
                                      folder.path("train-images-idx3-ubyte") + ", found 1x3x2");
}

TEST_CASE("load_idx: Fashion-MNIST loads, where Debian's dataset-fashion-mnist is installed") {
    const char* folder = "/usr/share/datasets/fashion-mnist";
    if (!std::filesystem::exists(folder))
        return;
    const Split data = load_idx(folder);
    CHECK(data.train.size() == 60'000);
    CHECK(data.test.size() == 10'000);
    CHECK(data.train.shape() == dims{1, 28, 28});
    const int train[] = {9, 0, 0, 3}, test[] = {9, 2, 1, 1};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(data.train.label(i) == train[i]);
        CHECK(data.test.label(i) == test[i]);
    }
}
