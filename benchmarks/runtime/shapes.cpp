// Single layers of odd shapes, each between regular neighbours: a series varies one extent, so that a shape
// that falls behind its neighbours can be seen. Names `<series>/<point>/<batch|gradient|one>`.
#include "shapes.hpp"

int main(int count, char** arguments) {
    bench::add_channels();
    bench::add_images();
    bench::add_kernels();
    bench::add_conv_arguments();
    bench::add_pools();
    bench::add_dense();
    return bench::run_all(count, arguments);
}
