// Team: several threads that compute the same bits as one. It uses OpenMP.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/flush_subnormals.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/train/trainer.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <sched.h>
#include <span>
#include <stdexcept>
#include <type_traits>

#if defined(_OPENMP)
    #include <omp.h>
    #include <pthread.h>
#endif

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The largest number of threads.
inline constexpr int most_threads = 1024;

#if defined(_OPENMP)
/// The number of additional threads that the system can start at the same time, at most `wanted`. OpenMP's
/// runtime ends the process if it cannot start a thread, so lamina tries first.
[[nodiscard]] inline int threads_given(int wanted) noexcept {
    pthread_t tried[most_threads];
    pthread_mutex_t until_all_are_tried;
    pthread_mutex_init(&until_all_are_tried, nullptr);
    const auto wait = [](void* mutex) -> void* {
        pthread_mutex_lock(static_cast<pthread_mutex_t*>(mutex));
        pthread_mutex_unlock(static_cast<pthread_mutex_t*>(mutex));
        return nullptr;
    };
    pthread_mutex_lock(&until_all_are_tried);
    int given = 0;
    while (given < wanted && pthread_create(&tried[given], nullptr, wait, &until_all_are_tried) == 0)
        ++given;
    pthread_mutex_unlock(&until_all_are_tried);
    for (int t = 0; t < given; ++t)
        pthread_join(tried[t], nullptr);
    return given;
}

/// Makes OpenMP's runtime start the threads and keep them. Throws `std::invalid_argument` if the system
/// cannot start that many.
inline void make_threads(int threads) {
    static thread_local int kept = 1; // with this one; each thread has a team of its own
    if (threads > kept) {
        const int given = kept + threads_given(threads - kept);
        if (given < threads)
            raise<std::invalid_argument>("threads: expected ", threads, ", found that the system can start ",
                                         given);
    #pragma omp parallel num_threads(threads)
        {}
    }
    kept = threads;
}
#endif

/// Returns the number of threads. Throws `std::invalid_argument` unless that many can be started.
inline std::size_t check_threads(int threads) {
    if (threads < 1)
        raise<std::invalid_argument>("threads must be at least 1, found ", threads);
    if (threads > most_threads)
        raise<std::invalid_argument>("threads must be at most ", most_threads, ", found ", threads);
#if defined(_OPENMP)
    make_threads(threads);
#else
    if (threads > 1)
        raise<std::invalid_argument>(
            "this program was compiled without OpenMP (-fopenmp): threads must be 1, found ", threads);
#endif
    return static_cast<std::size_t>(threads);
}

/// One X per thread, not initialised, because a workspace is overwritten before it is read.
template <class X>
class PerThread {
  public:
    /// Throws `std::invalid_argument` unless that many threads can be started and their memory allocated.
    explicit PerThread(int threads, const auto&... model)
        : size_{check_threads(threads)}, each_{new (std::nothrow) WithoutValue[size_]} {
        if (each_ == nullptr)
            raise<std::invalid_argument>("threads: expected memory for ", threads, " threads, ", sizeof(X),
                                         " bytes each, found too little");
        if constexpr ((RunTimeModel<std::remove_cvref_t<decltype(model)>> && ...))
            for (int i = 0; i < size(); ++i)
                (each_[i].make_room(model), ...);
    }
    ~PerThread() { delete[] each_; }
    PerThread(const PerThread&) = delete;
    PerThread& operator=(const PerThread&) = delete;

    [[nodiscard]] int size() const noexcept { return static_cast<int>(size_); }
    [[nodiscard]] X& operator[](int thread) noexcept { return each_[thread]; }

  private:
    struct WithoutValue : X {
        WithoutValue() noexcept {}
    };
    std::size_t size_;
    WithoutValue* each_;
};

/// Calls work(thread, threads) on each of `threads` threads, one of which is the caller. All of them use the
/// caller's mode of `FlushSubnormals`, so that results do not depend on their number.
template <class Work>
void in_parallel([[maybe_unused]] int threads, Work work) {
#if defined(_OPENMP)
    if (threads > 1) {
        const std::uint32_t flush = FlushSubnormals::current();
    #pragma omp parallel num_threads(threads)
        {
            const FlushSubnormals as_this_thread{flush};
            work(omp_get_thread_num(), omp_get_num_threads());
        }
        return;
    }
#endif
    work(0, 1);
}

/// Lets packs add to a layer's gradient in their order, whichever threads compute them. Floating-point sums
/// depend on the order of their terms, so this makes the result independent of the number of threads. It uses
/// the compilers' built-in atomics, because <atomic> and <thread> slow down every program that includes them.
template <class Counters>
class Turns {
  public:
    void start() noexcept {
        for (int& place : next_)
            __atomic_store_n(&place, 0, __ATOMIC_RELAXED);
    }

    /// The turns of one pack, the `place`-th in the order.
    struct OfPack {
        Turns* turns;
        int place;
        int threads; ///< that share the packs

        void wait(int layer) const noexcept {
            while (__atomic_load_n(&turns->next_[static_cast<std::size_t>(layer)], __ATOMIC_ACQUIRE) != place)
                sched_yield();
        }
        void pass_on(int layer) const noexcept {
            __atomic_store_n(&turns->next_[static_cast<std::size_t>(layer)], place + 1, __ATOMIC_RELEASE);
        }
        /// The turn after those of all layers.
        [[nodiscard]] int after_all_layers() const noexcept {
            return static_cast<int>(std::size(turns->next_)) - 1;
        }
    };

  protected:
    Counters next_; ///< for each layer, the place of the pack whose turn it is: an array, or a vector
};

/// The turns of a model's layers, and one more after all of them.
template <class Model>
struct TurnsOf : Turns<int[Model::layers.size() + 1]> {};

/// Threads that share the packs of a batch. Each computes activations and their gradients independently and
/// adds to the gradients of the parameters when it is its turn.
///
///     ln::Team<Model> team{2};
///     trainer.loss_and_gradient(data, indices, 0, team);  trainer.update(rate);
///
/// The constructor allocates the memory of one pack per thread, or of two (see `TrainsInPairs`). Only one
/// trainer may use a team at a time.
template <class Model>
class Team {
  public:
    /// Throws `std::invalid_argument` if the number of threads is below one, above `most_threads`, more than
    /// the system can start, or more than one without OpenMP.
    explicit Team(int threads) : memory_{threads} {}

    /// Of a `dynamic::Network`, whose memory is known only now.
    void make_room(const Model& model) {
        for (int i = 0; i < memory_.size(); ++i)
            memory_[i].make_room(model);
        turns_.make_room(model);
    }

    /// A thread has the same packs in either order.
    template <class Work>
    void for_each(int packs, PackOrder order, Work work) {
        turns_.start();
        in_parallel(memory_.size(), [&](int thread, int threads) {
            const int own = (packs - thread + threads - 1) / threads;
            for (int n = 0; n < own; ++n) {
                const int p = thread + (order == PackOrder::up ? n : own - 1 - n) * threads;
                typename TurnsOf<Model>::OfPack turns{&turns_, order == PackOrder::up ? p : packs - 1 - p,
                                                      threads};
                work(memory_[thread], p, turns, thread);
            }
        });
    }

  private:
    PerThread<ThreadMemory<Model>> memory_;
    TurnsOf<Model> turns_;
};

/// The outputs for many samples, as `model.forward(x, y)`, computed by `threads` threads. It allocates one
/// workspace per thread. Throws `std::invalid_argument` if that many threads cannot be started, and
/// `data_error` if `y` has fewer elements than `x` or overlaps it (see there).
template <class Model>
void forward(const Model& model, std::span<const typename Model::Input> x,
             std::span<typename Model::Output> y, int threads) {
    PerThread<typename Model::BatchWorkspace> workspaces{threads};
    require_outputs(x, y);
    constexpr std::size_t lanes = native_lanes<typename Model::scalar>;
    in_parallel(threads, [&](int thread, int count) {
        // Distributes whole packs among the threads as evenly as possible.
        const std::size_t packs = (x.size() + lanes - 1) / lanes, n = static_cast<std::size_t>(count);
        const auto start = [&](int t) {
            const std::uint64_t sample = std::uint64_t{packs} * static_cast<unsigned>(t) / n * lanes;
            return sample < x.size() ? static_cast<std::size_t>(sample) : x.size();
        };
        const std::size_t first = start(thread), size = start(thread + 1) - first;
        model.forward(x.subspan(first, size), y.subspan(first, size), workspaces[thread]);
    });
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
