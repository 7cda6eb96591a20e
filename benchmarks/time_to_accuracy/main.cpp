// Writes docs/time_to_accuracy.md and its pictures.
//
//     time_to_accuracy_page <time_to_accuracy.json> <page> <compiler flags>
#include "write_page.hpp"

#include <cstdio>
#include <exception>

int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(stderr,
                     "usage: time_to_accuracy_page <time_to_accuracy.json> <page> <compiler flags>\n");
        return 2;
    }
    try {
        report::Page page{
            {{"time_to_accuracy", report::read_program(arguments[1])}}, {}, {}, "time_to_accuracy"};
        accuracy::write_heading(page, arguments[3]);
        for (const auto write : {accuracy::write_times, accuracy::write_curves, accuracy::write_recipes})
            write(page);
        page.write(arguments[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "time_to_accuracy_page: %s\n", error.what());
        return 1;
    }
}
