// Batches: the samples of an epoch in their order, batch after batch.
#pragma once

#include <lamina/data/over.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/random.hpp>
#include <lamina/train/training_data.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Samples 0 to n - 1 in the order of an epoch, from 0, which depends only on seed and epoch.
inline void shuffle(std::vector<std::uint32_t>& order, seed start, int epoch) {
    Random of_epochs{start};
    std::uint64_t own = of_epochs.next();
    for (int e = 0; e < epoch; ++e)
        own = of_epochs.next();
    fill_shuffled(order, Random{seed{own}});
}

/// The batches of a run's epochs. A batch is called by its first sample, counted in the order of its epoch.
template <class Model, class Data>
class Batches {
  public:
    /// `samples` is the number of the data's samples, `batch` that of a batch.
    Batches(const Data& data, std::size_t samples, int batch, seed start)
        : data_{data}, batch_{static_cast<std::size_t>(batch)}, seed_{start}, order_(samples) {}

    /// The epoch whose order the samples have, from 1.
    [[nodiscard]] int epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::size_t samples() const noexcept { return order_.size(); }
    [[nodiscard]] std::size_t batch_size() const noexcept { return batch_; }
    /// Number of batches of an epoch.
    [[nodiscard]] std::size_t count() const noexcept { return (samples() + batch_ - 1) / batch_; }
    [[nodiscard]] std::size_t last_of_epoch() const noexcept { return (samples() - 1) / batch_ * batch_; }
    /// Number of samples of a batch: the last one of an epoch has what is left.
    [[nodiscard]] std::size_t samples_from(std::size_t first) const noexcept {
        return samples() - first < batch_ ? samples() - first : batch_;
    }

    /// Puts the samples into the order of an epoch, from 1.
    void begin_epoch(int epoch) {
        if (epoch_ != epoch)
            shuffle(order_, seed_, epoch - 1);
        epoch_ = epoch;
    }
    /// Calls f(data, indices) with the samples of a batch, and the data as they are in its epoch.
    auto with_batch(std::size_t first, auto f) const {
        const std::span<const std::uint32_t> indices{order_.data() + first, samples_from(first)};
        if constexpr (ChangesByEpoch<Data, Model>)
            return f(data::InEpoch<Data>{data_, epoch_}, indices);
        else
            return f(data_, indices);
    }

  private:
    const Data& data_;
    std::size_t batch_;
    seed seed_;
    std::vector<std::uint32_t> order_;
    int epoch_ = 0; // whose order it has; 0 for none
};

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
