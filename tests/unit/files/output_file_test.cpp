#include <lamina/io/safetensors.hpp>
#include <lamina/layers/dense.hpp>

#include "as_nobody.hpp"
#include "scratch.hpp"
#include "small_disk.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ln = lamina;
namespace fs = std::filesystem;

namespace {

/// What `flock` fails with, unless it is 0: as on a file system that has no locks.
int lock_error = 0;

} // namespace

/// Takes the place of the one of the C library, in all of this program.
extern "C" int flock(int descriptor, int operation) noexcept {
    if (lock_error == 0)
        return static_cast<int>(syscall(SYS_flock, descriptor, operation));
    errno = lock_error;
    return -1;
}

namespace {

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<100>>; // more than 4000 bytes

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, {}));
}

bool holds(const std::string& path, const Model& model) {
    Model found;
    ln::load(found, path);
    return ln::save(found) == ln::save(model);
}

/// The permissions of a file, and who has them.
struct Access {
    unsigned mode;
    uid_t owner;
    gid_t group;

    bool operator==(const Access&) const = default;
};
Access access_to(const std::string& path) {
    struct stat status;
    REQUIRE(stat(path.c_str(), &status) == 0);
    return {static_cast<unsigned>(status.st_mode & 07777), status.st_uid, status.st_gid};
}

void check_not_saved(const Model& model, const std::string& path, const std::string& fault) {
    CHECK_THROWS_WITH_AS(ln::save(model, path), (path + ": " + fault).c_str(), ln::format_error);
}

} // namespace

TEST_CASE("a model is saved to a path and loaded from it, and no other file stays") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    const Model first{ln::seed{1}}, second{ln::seed{2}};
    ln::save(first, path);
    CHECK(holds(path, first));
    ln::save(second, path.c_str());
    CHECK(holds(path, second));
    CHECK(files_in(scratch.folder()) == 1);
}

TEST_CASE("a saved file is readable as the user's other files are") {
    const Scratch scratch;
    ln::save(Model{ln::seed{1}}, scratch.path("a.safetensors"));
    struct stat saved, other;
    REQUIRE(stat(scratch.path("a.safetensors").c_str(), &saved) == 0);
    REQUIRE(stat(scratch.put("other", {1}).c_str(), &other) == 0);
    CHECK(saved.st_mode == other.st_mode);
}

TEST_CASE("a file that cannot be opened is named with the system's reason, reading and writing") {
    const Scratch scratch;
    Model model{ln::seed{1}};
    const std::string absent = scratch.path("absent/a.safetensors");
    check_not_saved(model, absent, "cannot be written: No such file or directory");
    check_not_saved(model, scratch.put("file", {1}) + "/a", "cannot be written: Not a directory");
    CHECK_THROWS_WITH_AS(ln::load(model, absent),
                         (absent + ": cannot be opened: No such file or directory").c_str(),
                         ln::format_error);
    CHECK_THROWS_WITH_AS(ln::load(model, scratch.folder()),
                         (scratch.folder() + ": cannot be read: Is a directory").c_str(), ln::format_error);
}

TEST_CASE("a folder without leave to write, or a file, is an error, and stays as it is") {
    const Scratch scratch;
    const std::string path = scratch.path("a"), denied = path + ": cannot be written: Permission denied";
    REQUIRE(chmod(scratch.folder().c_str(), 0555) == 0);
    CHECK(as_nobody([&] { ln::save(Model{ln::seed{1}}, path); }) == denied);

    REQUIRE(chmod(scratch.folder().c_str(), 0777) == 0);
    ln::save(Model{ln::seed{1}}, path);
    REQUIRE(chmod(path.c_str(), 0444) == 0);
    CHECK(as_nobody([&] { ln::save(Model{ln::seed{2}}, path); }) == denied);
    CHECK(holds(path, Model{ln::seed{1}}));
    CHECK(files_in(scratch.folder()) == 1);
}

TEST_CASE("a file that cannot take its name leaves the older one and no other") {
    if (geteuid() != 0)
        return; // only root can make another's file in a folder where all may write to their own
    const Scratch scratch;
    const std::string path = scratch.path("a");
    ln::save(Model{ln::seed{1}}, path);
    REQUIRE(chmod(path.c_str(), 0666) == 0);
    REQUIRE(chmod(scratch.folder().c_str(), 01777) == 0);
    CHECK(as_nobody([&] { ln::save(Model{ln::seed{2}}, path); }) ==
          path + ": cannot be written: Operation not permitted");
    CHECK(holds(path, Model{ln::seed{1}}));
    CHECK(files_in(scratch.folder()) == 1);
}

TEST_CASE("a file keeps its permissions and its owner when it is replaced") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    for (const mode_t mode : {0600u, 0640u, 0606u, 0755u}) {
        CAPTURE(mode);
        ln::save(Model{ln::seed{1}}, path);
        REQUIRE(chmod(path.c_str(), mode) == 0);
        if (geteuid() == 0)
            REQUIRE(chown(path.c_str(), 12'345, 23'456) == 0);
        const Access before = access_to(path);
        ln::save(Model{ln::seed{2}}, path);
        CHECK(access_to(path) == before);
        CHECK(holds(path, Model{ln::seed{2}}));
        ln::save(Model{ln::seed{3}}, path);
        CHECK(access_to(path) == before);
    }
}

TEST_CASE("a file that cannot keep its group gives the other one no more than all have") {
    if (geteuid() != 0)
        return;
    const Scratch scratch;
    const std::string path = scratch.path("a");
    REQUIRE(chmod(scratch.folder().c_str(), 0777) == 0);
    ln::save(Model{ln::seed{1}}, path);
    REQUIRE(chmod(path.c_str(), 0676) == 0);
    CHECK(as_nobody([&] { ln::save(Model{ln::seed{2}}, path); }) == "");
    CHECK(access_to(path) == Access{0666, nobody, nobody});
    CHECK(holds(path, Model{ln::seed{2}}));
}

TEST_CASE("a symbolic link stays, and what it leads to is replaced") {
    const Scratch scratch;
    const std::string file = scratch.path("runs/first/a.safetensors");
    fs::create_directories(scratch.path("runs/first"));
    fs::create_symlink("runs/first/a.safetensors", scratch.path("relative"));
    fs::create_symlink(scratch.path("relative"), scratch.path("absolute"));
    const Model first{ln::seed{1}}, second{ln::seed{2}};
    ln::save(first, scratch.path("absolute")); // to a file that is not there yet
    CHECK(holds(file, first));
    REQUIRE(chmod(file.c_str(), 0600) == 0);
    ln::save(second, scratch.path("absolute"));
    CHECK(holds(file, second));
    CHECK(access_to(file).mode == 0600);
    for (const char* link : {"relative", "absolute"})
        CHECK(fs::is_symlink(scratch.path(link)));
    CHECK(files_in(scratch.path("runs/first")) == 1);
    CHECK(files_in(scratch.folder()) == 3);
}

TEST_CASE("a symbolic link that leads nowhere is an error") {
    const Scratch scratch;
    fs::create_symlink("loop", scratch.path("loop"));
    check_not_saved(Model{ln::seed{1}}, scratch.path("loop"),
                    "cannot be written: Too many levels of symbolic links");
    fs::create_symlink("absent/a", scratch.path("absent"));
    CHECK_THROWS_AS(ln::save(Model{ln::seed{1}}, scratch.path("absent")), ln::format_error);
    CHECK(files_in(scratch.folder()) == 2);
}

TEST_CASE("another hard link keeps the older bytes") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors"), kept = scratch.path("kept");
    const Model first{ln::seed{1}}, second{ln::seed{2}};
    ln::save(first, path);
    fs::create_hard_link(path, kept);
    ln::save(second, path);
    CHECK(holds(path, second));
    CHECK(holds(kept, first));
}

TEST_CASE("a name may be as long as the file system allows, in any characters") {
    const Scratch scratch;
    const Model model{ln::seed{1}};
    std::string wide = "a";
    for (int i = 0; i < 127; ++i)
        wide += "\u00e4";
    for (const std::string& name : {std::string(250, 'a'), std::string(255, 'a'), wide}) {
        ln::save(model, scratch.path(name));
        ln::save(model, scratch.path(name));
        CHECK(holds(scratch.path(name), model));
    }
    CHECK(files_in(scratch.folder()) == 3);
    check_not_saved(model, scratch.path(std::string(256, 'a')), "cannot be written: File name too long");
    CHECK(files_in(scratch.folder()) == 3);
    // 99 bytes and one half of a character: the half is left out.
    const std::string before = scratch.path(std::string(99, 'a'));
    CHECK(ln::files::temporary_stem(before + "\u00e4") == before + ".lamina-tmp");
}

TEST_CASE("where files cannot be locked, they are saved all the same") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    const std::string others = scratch.put("a.safetensors.lamina-tmp0", {1, 2, 3});
    std::uint64_t seed = 0;
    for (const int error : {ENOSYS, ENOTSUP, EINVAL, ENOLCK}) {
        CAPTURE(error);
        lock_error = error;
        const Model model{ln::seed{++seed}};
        ln::save(model, path);
        CHECK(holds(path, model));
        {
            const SmallDisk disk{100};
            check_not_saved(model, path, "cannot be written: File too large");
        }
        lock_error = 0;
        CHECK(holds(path, model));
        // It may be one that another program writes now.
        CHECK(fs::file_size(others) == 3);
        CHECK(files_in(scratch.folder()) == 2);
    }
}

TEST_CASE("temporary files that may all be others' are an error that names them") {
    const Scratch scratch;
    const std::string path = scratch.path("a");
    for (int i = 0; i < 100; ++i)
        scratch.put("a.lamina-tmp" + std::to_string(i), {1});
    lock_error = ENOSYS;
    check_not_saved(Model{ln::seed{1}}, path,
                    "cannot be written: expected one of " + path +
                        ".lamina-tmp0 to 99 to be free, found them all taken");
    lock_error = 0;
    CHECK(files_in(scratch.folder()) == 100);
    ln::save(Model{ln::seed{1}}, path); // with locks they turn out to be abandoned
    CHECK(holds(path, Model{ln::seed{1}}));
}

TEST_CASE("content or an empty string in place of a path is an error that says so, whole") {
    const Scratch scratch;
    Model model{ln::seed{1}};
    const Model before = model;
    const std::vector<std::byte> bytes = ln::save(Model{ln::seed{2}});
    const std::string content{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    try {
        ln::load(model, content);
        FAIL("loaded");
    } catch (const ln::format_error& error) {
        const std::string fault = error.what();
        CHECK(fault.find(R"(??????{"__metadata__":{"format":"pt","lamina.crc32")") != fault.npos);
        const std::string end =
            "...: expected a path, found text with NUL characters, such as the content of "
            "a file: pass content as bytes, std::as_bytes(std::span{text})";
        CHECK(fault.ends_with(end));
        CHECK(fault.size() < 100 + end.size());
    }
    CHECK_THROWS_WITH_AS(ln::save(model, scratch.path("a") + '\0' + "b"),
                         (scratch.path("a") + "?b: expected a path, found text with NUL characters").c_str(),
                         ln::format_error);
    CHECK_THROWS_WITH_AS(ln::save(model, ""), "expected a path, found an empty string", ln::format_error);
    CHECK_THROWS_WITH_AS(ln::load(model, ""), "expected a path, found an empty string", ln::format_error);
    CHECK(ln::save(model) == ln::save(before));
    CHECK(files_in(scratch.folder()) == 0);
}

TEST_CASE("messages show a path without its control characters") {
    const Scratch scratch;
    Model model{ln::seed{1}};
    const std::string shown = scratch.path("?[2J?a");
    CHECK_THROWS_WITH_AS(ln::load(model, scratch.path("\x1b[2J\na")),
                         (shown + ": cannot be opened: No such file or directory").c_str(), ln::format_error);
    CHECK_THROWS_WITH_AS(ln::save(model, scratch.path("\x1b[2J\na/b")),
                         (shown + "/b: cannot be written: No such file or directory").c_str(),
                         ln::format_error);
    const std::vector<std::byte> none;
    CHECK_THROWS_WITH_AS(ln::load(model, none, std::string_view{"a\0b", 3}),
                         "a?b: expected the 8 bytes of a header's length, found 0 bytes in all",
                         ln::format_error);
}

TEST_CASE("a save that fails half-way leaves the older file and no other") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    const Model older{ln::seed{1}};
    ln::save(older, path);
    for (const rlim_t bytes : {0u, 100u, 4096u}) {
        CAPTURE(bytes);
        const SmallDisk disk{bytes};
        check_not_saved(Model{ln::seed{2}}, path, "cannot be written: File too large");
    }
    CHECK(holds(path, older));
    CHECK(files_in(scratch.folder()) == 1);
}

TEST_CASE("a model that cannot be saved leaves the older file") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    Model model{ln::seed{1}};
    const Model older = model;
    ln::save(model, path);
    model.bias<0>()[3] = std::numeric_limits<float>::infinity();
    check_not_saved(model, path, "tensor 0.bias: expected finite numbers of type float, found inf at [3]");
    CHECK(holds(path, older));
}

TEST_CASE("what a program left that was killed while it wrote is taken over") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    const Model model{ln::seed{1}};
    for (int i = 0; i < 200; ++i) { // more than there are names to try
        scratch.put("a.safetensors.lamina-tmp0", Bytes(20'000, 7));
        ln::save(model, path);
    }
    CHECK(holds(path, model));
    CHECK(files_in(scratch.folder()) == 1);
}

TEST_CASE("a temporary file that another program writes now is left alone") {
    const Scratch scratch;
    const std::string path = scratch.path("a.safetensors");
    const ln::files::Temporary other = ln::files::open_temporary(path, 0666);
    const Model model{ln::seed{1}};
    ln::save(model, path);
    CHECK(holds(path, model));
    CHECK(other.is_at_its_path());
    CHECK(fs::file_size(other.path) == 0);
    close(other.descriptor);
}

TEST_CASE("a folder or a device is not replaced by a file") {
    const Scratch scratch;
    const std::string pipe = scratch.path("pipe"); // as good as a device, and harmless to lose
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    for (const std::string& path : {scratch.folder(), pipe})
        check_not_saved(Model{ln::seed{1}}, path,
                        "expected a file to replace or none, found a folder or device");
    CHECK(fs::is_fifo(pipe));
}

TEST_CASE("a fault in a file is named with its path") {
    const Scratch scratch;
    Model model{ln::seed{1}};
    const std::string path = scratch.put("a.safetensors", {1, 2, 3});
    CHECK_THROWS_WITH_AS(ln::load(model, path),
                         (path + ": expected the 8 bytes of a header's length, found 3 bytes in all").c_str(),
                         ln::format_error);
}
