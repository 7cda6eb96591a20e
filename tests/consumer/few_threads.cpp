// Threads and memory that the system does not give are an error that says so, and what needs fewer goes on.
#include <lamina/data/samples.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/fit.hpp>

#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <sys/resource.h>
#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<2>>;

/// Bytes of address space that the process has.
long long bytes_in_use() {
    long long pages = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr || std::fscanf(file, "%lld", &pages) != 1)
        return -1;
    std::fclose(file);
    return pages * 4096;
}

template <class F>
bool refuses(std::string_view start, F f) {
    try {
        f();
    } catch (const std::invalid_argument& e) {
        std::puts(e.what());
        return std::string_view{e.what()}.substr(0, start.size()) == start;
    }
    return false;
}

int main() {
    const long long in_use = bytes_in_use();
    const rlimit limit{static_cast<rlim_t>(in_use + 300'000'000), RLIM_INFINITY};
    if (in_use < 0 || setrlimit(RLIMIT_AS, &limit) != 0)
        return 2;
    std::vector<Model::Input> x(100);
    std::vector<Model::Output> y(100);
    const ln::data::Samples data{std::span{x}, std::span{y}};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    struct Large {
        char bytes[1'000'000'000];
    };
    const bool refused =
        refuses("threads: expected 500, found that the system can start ",
                [&] { ln::fit(trainer, data, {.threads = 500, .progress = false}); }) &&
        refuses("threads: expected 500, found that the system can start ",
                [&] { (void)ln::evaluate(model, data, ln::MeanSquaredError{}, 500); }) &&
        refuses("threads: expected 500, found that the system can start ",
                [&] { ln::forward<Model>(model, x, y, 500); }) &&
        refuses("threads: expected memory for 2 threads, 1000000000 bytes each, found too little", [&] {
            ln::PerThread<Large> each{2};
            each[1].bytes[0] = 1;
            asm volatile("" : : "r"(&each[1]) : "memory"); // or clang++ allocates nothing
        });
    ln::fit(trainer, data, {.epochs = 2, .batch = 50, .threads = 3, .progress = false});
    return refused && ln::evaluate(model, data, ln::MeanSquaredError{}, 2).samples == 100 ? 0 : 1;
}
