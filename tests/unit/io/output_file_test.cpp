#include <lamina/io/safetensors.hpp>
#include <lamina/layers/dense.hpp>

#include "small_disk.hpp"
#include "unit/data/scratch.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>
#include <limits>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace ln = lamina;
namespace fs = std::filesystem;

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

TEST_CASE("a folder without leave to write is an error, for all but root") {
    if (geteuid() == 0)
        return;
    const Scratch scratch;
    fs::permissions(scratch.folder(), fs::perms::owner_read | fs::perms::owner_exec);
    check_not_saved(Model{ln::seed{1}}, scratch.path("a"), "cannot be written: Permission denied");
    fs::permissions(scratch.folder(), fs::perms::owner_all);
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
    const ln::io::Temporary other = ln::io::open_temporary(path);
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
