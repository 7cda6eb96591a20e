// Static model, run-time twin and plain loops (see versus.hpp) from narrow layers to wide ones: where types
// stop paying. Names `<dense|conv>/<width>/<one|infer|backward>`.
#include "widths.hpp"

#include <benchmark/benchmark.h>

int main(int count, char** arguments) {
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments))
        return 1;
    bench::add_dense_widths();
    bench::add_conv_widths();
    benchmark::RunSpecifiedBenchmarks();
}
