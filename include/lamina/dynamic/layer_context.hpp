// What the functions of a layer take in a run-time network: its listed tensors as views, and the context.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/run_time_view.hpp>
#include <lamina/tensor_lists.hpp>
#include <lamina/topology/placed.hpp>

#include <cstddef>
#include <type_traits>
#include <vector>

namespace lamina::inline LAMINA_ABI::dynamic {

/// The epilogue of a layer that takes an activation, which is applied to whole rows: a call for each result
/// would cost too much. Where a kernel does not tell of its rows, it is applied to all of y at the end.
struct AfterRows : kernels::AsItIs {
    const Layer* activation = nullptr;
    bool* done = nullptr;

    AfterRows() = default;
    AfterRows(const Layer* activation_, bool* done_) noexcept : activation{activation_}, done{done_} {}

    template <class E>
    void finish_row(const View<E>& y, int c, int i) const noexcept {
        if (lanes_of<E> == 1 && y.flat)
            return; // rows of one sample can be shorter than a vector
        *done = true;
        if (activation != nullptr)
            activation->apply(y.at(c, i, 0), y.geometry().width);
    }
};

template <class E, bool Training, class L>
struct ContextByNumbers
    : PassContext<E, Training, AfterRows, typename kept_of<L, AnyShape, const float>::type,
                  typename saved_of<L, AnyShape, E>::type, typename gathered_of<L, AnyShape>::type,
                  typename gathered_gradient_of<L, AnyShape>::type> {
    const float* prepared;
    E* scratch;
};

/// The views of a list, one tensor after another from `base` on.
template <class List, bool Aligned, class T>
[[nodiscard]] List list_at(const std::vector<ListedTensor>& tensors, T* base) {
    List list{};
    std::size_t t = 0;
    List::fields(list, [&](const char* /*name*/, auto& view, auto...) {
        using V = std::remove_cvref_t<decltype(view)>;
        if constexpr (kernels::ConstantExtents<V>)
            view = V{base};
        else
            view = V{base, Layout<AnyShape>{tensors[t].shape}};
        ++t;
        base += Aligned ? topology::aligned<T>(view.size) : view.size;
    });
    return list;
}

} // namespace lamina::inline LAMINA_ABI::dynamic
