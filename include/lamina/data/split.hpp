// split: a share of the data that is held out for validation.
#pragma once

#include <lamina/data/over.hpp>
#include <lamina/error.hpp>
#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>
#include <lamina/random.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// The samples of other data that a `Subset` has.
struct Chosen {
    std::vector<std::uint32_t> indices;

    [[nodiscard]] std::size_t size(const auto&) const noexcept { return indices.size(); }
    [[nodiscard]] std::size_t original(std::size_t i) const noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(indices.size()));
        return indices[i];
    }
    template <std::size_t Lanes>
    void with_originals(const std::uint32_t (&of_subset)[Lanes], auto f) const {
        std::uint32_t originals[Lanes];
        for (std::size_t r = 0; r < Lanes; ++r)
            originals[r] = indices[of_subset[r]];
        f(originals);
    }
};

/// A part of other data, which must outlive it: sample i is sample `indices()[i]` of `original()`.
///
/// Errors: throws `data_error` for an index that is not below the size of the data.
///
/// PyTorch: `torch.utils.data.Subset`.
template <class Data>
class Subset : public Over<Data, Chosen> {
  public:
    Subset(const Data& data, std::vector<std::uint32_t> indices)
        : Over<Data, Chosen>{data, Chosen{std::move(indices)}} {
        for (const std::uint32_t i : this->indices())
            if (i >= as_size(data.size()))
                raise<data_error>("subset: expected samples below ", as_size(data.size()), ", found sample ",
                                  i);
    }
    // The compilers show this line with its comment.
    // clang-format off
    Subset(const Data&&, std::vector<std::uint32_t>) = delete; // a subset points to the data: make a variable of them, not a temporary
    // clang-format on

    [[nodiscard]] std::span<const std::uint32_t> indices() const noexcept { return this->choice().indices; }
};

/// Data in two parts that share no sample.
template <class Data>
struct Parts {
    Subset<Data> train;
    Subset<Data> validation;
};

/// Holds out a share of the data for validation:
///
///     const auto parts = ln::data::split(data, 0.1, ln::seed{1});
///     ln::fit(trainer, parts.train, {.validation = &parts.validation});
///
/// The validation part has `share` of the samples, rounded to the nearest number. The seed decides which
/// ones, with the same result on every machine. Both parts point to the data, which must outlive them; a
/// temporary does not compile.
///
/// Errors: throws `data_error` for a share that is not above 0 and below 1, or that leaves a part without
/// samples.
///
/// PyTorch: `torch.utils.data.random_split`.
template <class Data>
[[nodiscard]] Parts<Data> split(const Data& data, double share, seed start = {0}) {
    if (!is_finite(share) || share <= 0 || share >= 1)
        raise<data_error>("split: expected a share for validation between 0 and 1, found ", share);
    const std::size_t size = as_size(data.size());
    const auto held_out = static_cast<std::size_t>(share * static_cast<double>(size) + 0.5);
    if (held_out == 0 || held_out == size)
        raise<data_error>("split: expected samples for training and for validation, found ", size - held_out,
                          " and ", held_out, " for a share of ", share, " of ", size);
    std::vector<std::uint32_t> order(size);
    fill_shuffled(order, Random{start});
    const auto middle = order.end() - static_cast<std::ptrdiff_t>(held_out);
    return {Subset<Data>{data, {order.begin(), middle}}, Subset<Data>{data, {middle, order.end()}}};
}
// The compilers show this line with its comment.
// clang-format off
template <class Data>
Parts<Data> split(const Data&&, double, seed = {0}) = delete; // the parts point to the data: make a variable of them, not a temporary
// clang-format on

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
