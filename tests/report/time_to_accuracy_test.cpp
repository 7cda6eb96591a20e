#include "write_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using report::Page;

namespace {

report::Result epoch(const char* network, const char* library, const char* number, double seconds,
                     double accuracy) {
    return {{network, library, number}, {{"seconds", seconds}, {"accuracy", accuracy}}};
}
/// `card` reaches its target with both libraries, `resnet8` with lamina alone.
Page page() {
    report::Program program{{epoch("card", "lamina", "1", 1, 0.8), epoch("card", "libtorch", "1", 10, 0.8),
                             epoch("card", "lamina", "2", 2, 0.9), epoch("card", "libtorch", "2", 20, 0.89),
                             epoch("card", "lamina", "3", 3, 0.899), epoch("card", "libtorch", "3", 30, 0.91),
                             epoch("resnet8", "lamina", "1", 40, 0.93),
                             epoch("resnet8", "libtorch", "1", 80, 0.92)}};
    program.blas = "Made";
    return {{{"time_to_accuracy", program}}, {}, {}, "time_to_accuracy"};
}
bool says(const Page& page, const std::string& text) {
    std::string all = page.text;
    std::replace(all.begin(), all.end(), '\n', ' ');
    return all.find(text) != all.npos;
}

} // namespace

TEST_CASE("the seconds to a target are those of the first epoch that reached it") {
    Page times = page();
    accuracy::write_times(times);
    CHECK(
        says(times, "| `card` | 0.900 | 2.00 (epoch 2) | 30.0 (epoch 3) | 15.0 | 10.0 | 0.8990 | 0.9100 |"));
}

TEST_CASE("a target that no epoch reached has neither seconds nor a ratio") {
    Page times = page();
    accuracy::write_times(times);
    CHECK(says(times, "| `resnet8` | 0.925 | 40.0 (epoch 1) | not reached | | 2.00 | 0.9300 | 0.9200 |"));
}

TEST_CASE("accuracy over seconds is a picture a network that was trained") {
    Page both = page();
    accuracy::write_curves(both);
    CHECK(both.pictures.size() == 2);
    CHECK(says(both, "(time_to_accuracy/card.svg)"));
    CHECK(both.pictures["resnet8.svg"].find("target 0.925") != std::string::npos);

    Page none;
    accuracy::write_curves(none);
    CHECK(none.pictures.empty());
}

TEST_CASE("the heading of time to accuracy says the compiler's flags and libtorch's BLAS") {
    Page heading = page();
    accuracy::write_heading(heading, "-O3");
    CHECK(heading.text.starts_with("<!-- Written whole by"));
    CHECK(says(heading, "`-O3` |"));
    CHECK(says(heading, "kernels for `Made` |"));
}
