#include "allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0}, largest{0};

void* allocate(std::size_t size, std::align_val_t alignment) noexcept {
    ++count;
    for (std::size_t seen = largest; seen < size && !largest.compare_exchange_weak(seen, size);)
        continue;
    const auto unit = static_cast<std::size_t>(alignment);
    const std::size_t whole = (size + unit - 1) / unit * unit; // aligned_alloc wants a multiple
    return std::aligned_alloc(unit, whole > 0 ? whole : unit);
}

void* allocate_or_throw(std::size_t size, std::align_val_t alignment) {
    if (void* memory = allocate(size, alignment))
        return memory;
    throw std::bad_alloc{};
}

constexpr std::align_val_t usual{alignof(std::max_align_t)};

} // namespace

std::size_t laws::allocations() noexcept {
    return count;
}

std::size_t laws::take_largest() noexcept {
    return largest.exchange(0);
}

// Every form is replaced: those left out would be the sanitizers' own, which do not come here.
using size = std::size_t;
using alignment = std::align_val_t;
using nothrow = const std::nothrow_t&;

void* operator new(size n) {
    return allocate_or_throw(n, usual);
}
void* operator new[](size n) {
    return allocate_or_throw(n, usual);
}
void* operator new(size n, alignment a) {
    return allocate_or_throw(n, a);
}
void* operator new[](size n, alignment a) {
    return allocate_or_throw(n, a);
}
void* operator new(size n, nothrow) noexcept {
    return allocate(n, usual);
}
void* operator new[](size n, nothrow) noexcept {
    return allocate(n, usual);
}
void* operator new(size n, alignment a, nothrow) noexcept {
    return allocate(n, a);
}
void* operator new[](size n, alignment a, nothrow) noexcept {
    return allocate(n, a);
}

void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete[](void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, size) noexcept {
    std::free(p);
}
void operator delete[](void* p, size) noexcept {
    std::free(p);
}
void operator delete(void* p, alignment) noexcept {
    std::free(p);
}
void operator delete[](void* p, alignment) noexcept {
    std::free(p);
}
void operator delete(void* p, size, alignment) noexcept {
    std::free(p);
}
void operator delete[](void* p, size, alignment) noexcept {
    std::free(p);
}
void operator delete(void* p, nothrow) noexcept {
    std::free(p);
}
void operator delete[](void* p, nothrow) noexcept {
    std::free(p);
}
void operator delete(void* p, alignment, nothrow) noexcept {
    std::free(p);
}
void operator delete[](void* p, alignment, nothrow) noexcept {
    std::free(p);
}
