// A file that is read as bytes, gzipped or not. Needs zlib.
#pragma once

#include <lamina/files/input_file.hpp>

#include <array>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <zlib.h>

namespace lamina::inline LAMINA_ABI::files {

/// The bytes of a file, unpacked while reading if they begin as gzip does, whatever the file's name.
/// Every error is a `format_error` that names the file.
///
/// It inflates by itself because zlib's gzread silently ignores bytes that follow the gzip data.
class UnpackedFile {
  public:
    explicit UnpackedFile(std::string path) : file_{std::move(path)} {
        refill();
        gzip_ = stream_.avail_in >= 2 && buffer_[0] == 0x1f && buffer_[1] == 0x8b;
        constexpr int gzip_only = 16;
        if (gzip_ && inflateInit2(&stream_, gzip_only + MAX_WBITS) != Z_OK)
            fail("cannot be unpacked: zlib has no memory");
    }
    UnpackedFile(const UnpackedFile&) = delete;
    UnpackedFile& operator=(const UnpackedFile&) = delete;
    ~UnpackedFile() {
        if (gzip_)
            inflateEnd(&stream_);
    }

    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

    /// The size of the file as it is stored, packed or not; 0 if it has none, such as a pipe.
    [[nodiscard]] std::size_t size() const noexcept { return file_.size(); }

    /// Reads `n` bytes, or fewer if the file ends before. At the end of the file its checksum has been
    /// verified.
    std::size_t read(std::uint8_t* to, std::size_t n) {
        std::size_t done = 0;
        while (done < n && has_input()) {
            stream_.next_out = to + done;
            stream_.avail_out = static_cast<uInt>(n - done < UINT_MAX ? n - done : UINT_MAX);
            gzip_ ? unpack() : copy();
            done = static_cast<std::size_t>(stream_.next_out - to);
        }
        return done;
    }

    /// Throws a `format_error` about this file.
    [[noreturn]] void fail(const std::string& fault) const { file_.fail(fault); }

  private:
    void refill() {
        stream_.next_in = buffer_.data();
        stream_.avail_in = static_cast<uInt>(file_.read(buffer_.data(), buffer_.size()));
    }

    bool has_input() {
        if (stream_.avail_in == 0)
            refill();
        if (stream_.avail_in == 0 && inside_gzip_)
            fail("expected gzip data up to its checksum, found that the file ends before it");
        return stream_.avail_in != 0;
    }

    void copy() {
        const uInt n = stream_.avail_in < stream_.avail_out ? stream_.avail_in : stream_.avail_out;
        std::memcpy(stream_.next_out, stream_.next_in, n);
        stream_.next_in += n;
        stream_.avail_in -= n;
        stream_.next_out += n;
    }

    // A gzip file may have several members one after another; parallel compressors write such files.
    void unpack() {
        const int status = inflate(&stream_, Z_NO_FLUSH);
        inside_gzip_ = status == Z_OK;
        if (status == Z_STREAM_END) {
            inflateReset(&stream_);
            if (has_input() && *stream_.next_in != 0x1f)
                pass_padding();
        } else if (status != Z_OK) {
            fail(std::string{"expected sound gzip data, found it damaged: "} +
                 (stream_.msg ? stream_.msg : zError(status)));
        }
    }

    // Zeros up to the end of the file are accepted, as by gunzip: tapes and archives of whole blocks have
    // them.
    void pass_padding() {
        for (; has_input(); ++stream_.next_in, --stream_.avail_in)
            if (*stream_.next_in != 0)
                fail(
                    "expected the end of the file after its gzip data, or zeros up to it, found other bytes");
    }

    InputFile file_;
    std::array<std::uint8_t, 16'384> buffer_;
    z_stream stream_ = {};
    bool gzip_ = false;
    bool inside_gzip_ = false; // between a member's first byte and its checksum
};

} // namespace lamina::inline LAMINA_ABI::files
