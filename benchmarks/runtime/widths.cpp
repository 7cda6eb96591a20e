// Static model, run-time twin and plain loops (see versus.hpp) from narrow layers to wide ones: where types
// stop paying. Names `<dense|conv>/<width>/<one|infer|backward>`.
#include "widths.hpp"
#include "run.hpp"

int main(int count, char** arguments) {
    bench::add_dense_widths();
    bench::add_conv_widths();
    return bench::run_all(count, arguments);
}
