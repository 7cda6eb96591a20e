// Team: several threads that give the same bits as one. Their runtime is OpenMP's.
#pragma once

#include <lamina/error.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <sched.h>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#if defined(_OPENMP)
    #include <omp.h>
#endif

namespace lamina {

/// The number of threads. Throws `std::invalid_argument` unless that many can be had.
inline std::size_t check_threads(int threads) {
    if (threads < 1)
        raise(std::invalid_argument{"threads must be at least 1, found " + std::to_string(threads)});
#if !defined(_OPENMP)
    if (threads > 1)
        raise(std::invalid_argument{
            "this program was compiled without OpenMP (-fopenmp): threads must be 1, found " +
            std::to_string(threads)});
#endif
    return static_cast<std::size_t>(threads);
}

/// An X that begins without a value, also in a std::vector, which would fill it with zeros: a workspace is
/// overwritten before it is read.
template <class X>
struct Raw : X {
    Raw() noexcept {}
};

/// work(thread, threads) on each of `threads` threads, of which this is one.
template <class Work>
void in_parallel([[maybe_unused]] int threads, Work work) {
#if defined(_OPENMP)
    if (threads > 1) {
    #pragma omp parallel num_threads(threads)
        work(omp_get_thread_num(), omp_get_num_threads());
        return;
    }
#endif
    work(0, 1);
}

/// Who may add to a layer's gradient: packs in their order, whichever thread has them. Floating-point sums
/// depend on their order, so this, and nothing else, makes the result independent of the number of threads.
/// With the compilers' atomics, because <atomic> and <thread> cost every program that includes them.
template <int Layers>
class Turns {
  public:
    void start() noexcept {
        for (int& pack : next_)
            __atomic_store_n(&pack, 0, __ATOMIC_RELAXED);
    }

    /// The turns as one pack sees them.
    struct OfPack {
        Turns* turns;
        int pack;

        void wait(int layer) const noexcept {
            while (__atomic_load_n(&turns->next_[layer], __ATOMIC_ACQUIRE) != pack)
                sched_yield();
        }
        void pass_on(int layer) const noexcept {
            __atomic_store_n(&turns->next_[layer], pack + 1, __ATOMIC_RELEASE);
        }
    };

  private:
    int next_[Layers];
};

/// Threads that share the packs of a batch: each computes activations and their gradients on its own, and
/// adds to the gradients of the parameters in turn.
///
///     ln::Team<Model> team{2};
///     trainer.gradient(data, indices, 0, team);  trainer.update(rate);
///
/// Its memory, that of one pack a thread, is allocated when it is made. It belongs to one trainer at a time.
template <class Model>
class Team {
  public:
    /// Throws `std::invalid_argument` for less than one thread, or more than one without OpenMP.
    explicit Team(int threads) : memory_(check_threads(threads)) {}

    template <class Work>
    void for_each(int packs, Work work) {
        turns_.start();
        in_parallel(static_cast<int>(memory_.size()), [&](int thread, int threads) {
            for (int p = thread; p < packs; p += threads) {
                typename decltype(turns_)::OfPack turns{&turns_, p};
                work(memory_[static_cast<std::size_t>(thread)], p, turns);
            }
        });
    }

  private:
    std::vector<Raw<PackMemory<Model>>> memory_;
    Turns<static_cast<int>(Model::layers.size()) + 1> turns_;
};

/// The outputs of many samples, as `model.forward(x, y)`, on `threads` threads. A workspace a thread is
/// allocated. Throws `std::invalid_argument` for threads that cannot be had, `data_error` if `y` has
/// fewer elements than `x`.
template <class Model>
void forward(const Model& model, std::span<const typename Model::Input> x,
             std::span<typename Model::Output> y, int threads) {
    std::vector<Raw<typename Model::BatchWorkspace>> workspaces(check_threads(threads));
    require_room(x.size(), y.size());
    constexpr std::size_t lanes = native_lanes<typename Model::scalar>;
    in_parallel(threads, [&](int thread, int count) {
        // Whole packs for each thread, as evenly as they go.
        const std::size_t packs = (x.size() + lanes - 1) / lanes, n = static_cast<std::size_t>(count);
        const auto start = [&](int t) {
            const std::uint64_t sample = std::uint64_t{packs} * static_cast<unsigned>(t) / n * lanes;
            return sample < x.size() ? static_cast<std::size_t>(sample) : x.size();
        };
        const std::size_t first = start(thread), size = start(thread + 1) - first;
        model.forward(x.subspan(first, size), y.subspan(first, size),
                      workspaces[static_cast<std::size_t>(thread)]);
    });
}

} // namespace lamina
