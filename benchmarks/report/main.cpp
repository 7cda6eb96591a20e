// Writes docs/benchmarks.md and its pictures from a folder of results.
//
//     report <results> <notes> <page> <compiler flags>
//
// The folder holds Google Benchmark's JSON by program, and for each program that is weighed a file
// `size_<program>.txt` of what `size --format=sysv` says of it.
#include "machine.hpp"
#include "page.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>

namespace {

namespace fs = std::filesystem;

void write_page(const fs::path& results, const fs::path& notes, const fs::path& file,
                const std::string& flags) {
    report::Page page{report::read_results(results), {}, report::read_notes(notes)};
    for (const auto& entry : fs::directory_iterator{results})
        if (const fs::path& path = entry.path();
            path.extension() == ".txt" && path.stem().string().starts_with("size_"))
            page.sizes[path.stem().string()] = report::read_size(path);

    const std::time_t now = std::time(nullptr);
    char date[16];
    std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
    report::write_heading(page, flags, date);
    report::write_peers(page);
    report::write_networks(page);
    report::write_widths(page);
    report::write_shapes(page);
    report::write_profile(page);
    report::write_stream(page);
    report::write_streams(page);
    report::write_threads(page);
    report::write_sizes(page);
    report::write_trust(page);

    page.write(file);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        std::fprintf(stderr, "usage: report <results> <notes> <page> <compiler flags>\n");
        return 2;
    }
    try {
        write_page(arguments[1], arguments[2], arguments[3], arguments[4]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "report: %s\n", error.what());
        return 1;
    }
}
