// Writes docs/compile_time.md and its pictures.
//
//     compile_time_page <compile_time.json> <page>
#include "machine.hpp"
#include "sections.hpp"

#include <cstdio>
#include <exception>

int main(int count, char** arguments) {
    if (count != 3) {
        std::fprintf(stderr, "usage: compile_time_page <compile_time.json> <page>\n");
        return 2;
    }
    try {
        report::Page page{{{"compile_time", report::read_program(arguments[1])}}, {}, {}, "compile_time"};
        compile_time::write_heading(page, report::processor("/proc/cpuinfo"), report::today());
        for (const auto write :
             {compile_time::write_goals, compile_time::write_headers, compile_time::write_depth,
              compile_time::write_networks, compile_time::write_dlib, compile_time::write_speed,
              compile_time::write_advice})
            write(page);
        page.write(arguments[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "compile_time_page: %s\n", error.what());
        return 1;
    }
}
