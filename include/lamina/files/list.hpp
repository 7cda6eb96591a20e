// List: a list that grows, as std::vector does.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>
#include <initializer_list>
#include <utility>

namespace lamina::inline LAMINA_ABI::files {

/// Any number of elements, which can be default-constructed, side by side in memory. It takes the place of
/// `std::vector` where elements are of a type of lamina's own, because each such vector would cost every
/// program about 200 instantiations of templates.
template <class T>
class List {
  public:
    List() = default;
    List(std::initializer_list<T> elements) : List{} {
        for (const T& element : elements)
            push_back(element);
    }
    List(const List& other) : List{} {
        for (const T& element : other)
            push_back(element);
    }
    List(List&& other) noexcept { swap(other); }
    List& operator=(List other) noexcept {
        swap(other);
        return *this;
    }
    ~List() { delete[] elements_; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T* data() noexcept { return elements_; }
    [[nodiscard]] T* begin() noexcept { return elements_; }
    [[nodiscard]] T* end() noexcept { return elements_ + size_; }
    [[nodiscard]] const T* begin() const noexcept { return elements_; }
    [[nodiscard]] const T* end() const noexcept { return elements_ + size_; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return elements_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return elements_[i]; }
    [[nodiscard]] T& back() noexcept { return elements_[size_ - 1]; }

    void push_back(T element) {
        if (size_ == room_)
            grow();
        elements_[size_++] = std::move(element);
    }
    /// Removes the element there. Those after it move up.
    void erase(T* at) {
        for (; at + 1 != end(); ++at)
            *at = std::move(at[1]);
        --size_;
    }

  private:
    void grow() {
        List larger;
        larger.room_ = 2 * room_ + 4;
        larger.elements_ = new T[larger.room_];
        for (T& element : *this)
            larger.elements_[larger.size_++] = std::move(element);
        swap(larger);
    }
    void swap(List& other) noexcept {
        std::swap(elements_, other.elements_);
        std::swap(size_, other.size_);
        std::swap(room_, other.room_);
    }

    T* elements_ = nullptr;
    std::size_t size_ = 0;
    std::size_t room_ = 0; // of the array
};

} // namespace lamina::inline LAMINA_ABI::files
