#include <lamina/files/unpacked_file.hpp>

#include "scratch.hpp"

#include <doctest/doctest.h>

using lamina::format_error;
using lamina::files::UnpackedFile;

namespace {

// Whole content, asked for in pieces so that pieces and internal buffers do not end together.
Bytes content(const std::string& path, std::size_t piece = 1000) {
    UnpackedFile file{path};
    Bytes all, part(piece);
    while (const std::size_t n = file.read(part.data(), part.size()))
        all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
    return all;
}

void check_fault(const std::string& path, const std::string& fault) {
    CHECK_THROWS_WITH_AS(content(path), (path + ": " + fault).c_str(), format_error);
}

} // namespace

TEST_CASE("UnpackedFile: a plain file is read as it is") {
    const Scratch scratch;
    for (const std::size_t size : {0u, 1u, 2u, 1000u, 16384u, 100'000u}) {
        CAPTURE(size);
        CHECK(content(scratch.put("plain", counting(size))) == counting(size));
    }
}

TEST_CASE("UnpackedFile: a gzipped file is unpacked, whatever its name") {
    const Scratch scratch;
    for (const std::size_t size : {0u, 1u, 1000u, 16384u, 1'000'000u}) {
        CAPTURE(size);
        for (const std::size_t piece : {1000u, 3'000'000u})
            CHECK(content(scratch.put("unpacked", gzip(counting(size))), piece) == counting(size));
    }
    CHECK(content(scratch.put("plain.gz", counting(10))) == counting(10));
}

TEST_CASE("UnpackedFile: gzip members in a row are one file") {
    const Scratch scratch;
    CHECK(content(scratch.put("a.gz", gzip({1, 2}) + gzip({}) + gzip({3}))) == Bytes{1, 2, 3});
}

TEST_CASE("UnpackedFile: reading past the end yields no bytes, again and again") {
    const Scratch scratch;
    UnpackedFile file{scratch.put("a.gz", gzip({1, 2}))};
    std::uint8_t bytes[4];
    CHECK(file.read(bytes, 4) == 2);
    CHECK(file.read(bytes, 4) == 0);
    CHECK(file.read(bytes, 4) == 0);
}

TEST_CASE("UnpackedFile: a file that cannot be opened is named with the system's reason") {
    const Scratch scratch;
    check_fault(scratch.path("absent"), "cannot be opened: No such file or directory");
}

TEST_CASE("UnpackedFile: a file that cannot be read is named with the system's reason") {
    const Scratch scratch;
    check_fault(scratch.folder(), "cannot be read: Is a directory");
}

TEST_CASE("UnpackedFile: a gzip file cut short anywhere is an error") {
    const Scratch scratch;
    const Bytes whole = gzip(counting(300));
    for (std::size_t cut = 1; cut <= whole.size() - 2; ++cut) {
        CAPTURE(cut);
        check_fault(scratch.put("cut.gz", without_last(cut, whole)),
                    "expected gzip data up to its checksum, found that the file ends before it");
    }
}

TEST_CASE("UnpackedFile: damaged gzip data is an error that repeats zlib's finding") {
    const Scratch scratch;
    const auto damaged = [&](std::size_t from_end) {
        Bytes bytes = gzip(counting(300));
        bytes[bytes.size() - from_end] ^= 1;
        return scratch.put("damaged.gz", bytes);
    };
    check_fault(damaged(8), "expected sound gzip data, found it damaged: incorrect data check");
    check_fault(damaged(4), "expected sound gzip data, found it damaged: incorrect length check");
    check_fault(scratch.put("method.gz", {0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0}),
                "expected sound gzip data, found it damaged: unknown compression method");
}

TEST_CASE("UnpackedFile: zeros after the gzip data are passed over, as gunzip does") {
    const Scratch scratch;
    const Bytes whole = gzip(counting(300));
    for (const std::size_t zeros : {1u, 4u, 16'384u, 100'000u}) {
        CAPTURE(zeros);
        CHECK(content(scratch.put("padded.gz", whole + Bytes(zeros))) == counting(300));
        CHECK(content(scratch.put("padded.gz", whole + whole + Bytes(zeros))) ==
              counting(300) + counting(300));
    }
}

TEST_CASE("UnpackedFile: other bytes after the gzip data, or after its zeros, are an error") {
    const Scratch scratch;
    for (const Bytes& tail :
         {Bytes{'x'}, Bytes{'t', 'a', 'i', 'l'}, Bytes{0, 0, 1}, Bytes(40'000) + Bytes{0x1f}})
        check_fault(scratch.put("tail.gz", gzip(counting(300)) + tail),
                    "expected the end of the file after its gzip data, or zeros up to it, found other bytes");
    check_fault(scratch.put("tail.gz", gzip(counting(300)) + Bytes{0x1f, 'x'}),
                "expected sound gzip data, found it damaged: incorrect header check");
    check_fault(scratch.put("tail.gz", gzip(counting(300)) + Bytes{0x1f}),
                "expected gzip data up to its checksum, found that the file ends before it");
}
