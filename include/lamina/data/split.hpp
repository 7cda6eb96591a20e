// split: a share of the data that is held out for validation.
#pragma once

#include <lamina/data/over.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/math/random.hpp>
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
    Subset(const Data&& data, std::vector<std::uint32_t>) : Over<Data, Chosen>{std::move(data)} {}

    [[nodiscard]] std::span<const std::uint32_t> indices() const noexcept { return this->choice().indices; }
};

/// Data in two parts that share no sample.
template <class Data>
struct Parts {
    Subset<Data> train;
    Subset<Data> validation;
};

/// Holds out a share of the data for validation.
///
/// The validation part has `share` of the samples, rounded to the nearest number. The seed decides which
/// ones, with the same result on every machine. Both parts point to the data, which must outlive them; a
/// temporary does not compile.
///
/// Errors: throws `data_error` for a share that is not above 0 and below 1, or that leaves a part without
/// samples.
///
/// PyTorch: `torch.utils.data.random_split`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;
///     const std::vector<Model::Input> inputs(100);
///     const std::vector<int> labels(100);
///     const ln::data::Samples data{inputs, labels};
///     const auto parts = ln::data::split(data, 0.1, ln::seed{1});
///
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
///     ln::fit(trainer, parts.train, {.validation = &parts.validation});
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
template <class Data>
[[nodiscard]] Parts<Data> split(const Data&& data, double, seed = {0}) {
    return {Subset<Data>{std::move(data), {}}, Subset<Data>{std::move(data), {}}};
}

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
