#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// OpenMP's runtime keeps its threads, and what they need, until the program ends: not a leak of ours.
// (LeakSanitizer asks for this function by its name.)
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libomp\nleak:libgomp\n";
}
