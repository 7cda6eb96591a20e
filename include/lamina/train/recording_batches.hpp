// The batches of a run on recordings, and what goes on from one window to the next.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>
#include <lamina/train/batches.hpp>
#include <lamina/train/recorded_windows.hpp>
#include <lamina/train/training_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The windows of a batch. Each pack of them has two states, of which a window reads one and writes the
/// other; so the same windows can be computed again.
template <class Model>
class CarriedWindows {
    using E = pack<typename Model::scalar>;
    static constexpr int extent = topology::carried_plan<typename Model::plan, false>.extent;

  public:
    CarriedWindows(const data::Recordings<Model>& data, E* states, int burn_in, std::size_t row) noexcept
        : data_{&data}, states_{states}, burn_in_{burn_in}, row_{row} {}

    [[nodiscard]] std::size_t size() const noexcept { return data_->size(); }
    void inputs(const auto& windows, auto x) const noexcept { data_->inputs(windows, x); }
    void targets(const auto& windows, auto t) const noexcept { data_->targets(windows, t); }

    /// How many windows pass without gradient before those of the batch.
    [[nodiscard]] int burn_in() const noexcept { return burn_in_; }
    /// Makes the windows of a pack those so many before, or the first of their recordings, and gives the pass
    /// the state that they begin with.
    template <class Pass>
    void enter(Pass& pass, int p, auto& windows, int before) const noexcept {
        if constexpr (extent > 0) {
            E* const states = states_ + std::size_t{2 * extent} * static_cast<std::size_t>(p);
            const bool odd = (row_ + static_cast<std::size_t>(before)) % 2 != 0;
            E *const from = states + (odd ? extent : 0), *const to = states + (odd ? 0 : extent);
            const bool all_begin = row_ == 0 && before == burn_in_;
            for (int r = 0; r < lanes_of<E>; ++r) {
                const std::size_t first = data_->first_of_recording(windows[r]);
                const std::size_t since = windows[r] - first, back = static_cast<std::size_t>(before);
                windows[r] -= static_cast<std::uint32_t>(since < back ? since : back);
                if (since <= back && !all_begin) // a recording begins with this window
                    for (int k = 0; k < extent; ++k)
                        from[k].set(r, 0);
            }
            pass.carry(all_begin ? nullptr : from, to);
        }
    }

  private:
    const data::Recordings<Model>* data_;
    E* states_;
    int burn_in_;
    std::size_t row_; ///< how many windows of a stretch came before
};

/// The batches of recordings: of windows in random order, or each the next windows of stretches that run side
/// by side.
template <class Model>
class Batches<Model, data::Recordings<Model>> {
    using E = pack<typename Model::scalar>;
    static constexpr std::size_t extent{topology::carried_plan<typename Model::plan, false>.extent};

  public:
    Batches(const data::Recordings<Model>& data, std::size_t samples, int batch, seed start)
        : data_{data}, batch_{static_cast<std::size_t>(batch)}, seed_{start}, order_(samples),
          states_(2 * extent * ((batch_ + lanes - 1) / lanes)) {}
    /// To be called before the first epoch. `burn_in` is a number of steps.
    void carry(int burn_in, bool carries_state) {
        burn_in_ = burn_in / data_.steps + (burn_in % data_.steps != 0 ? 1 : 0);
        carries_ = carries_state;
    }

    [[nodiscard]] int epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::size_t samples() const noexcept { return order_.size(); }
    [[nodiscard]] std::size_t batch_size() const noexcept { return batch_; }
    [[nodiscard]] std::size_t count() const noexcept { return (samples() + batch_ - 1) / batch_; }
    [[nodiscard]] std::size_t last_of_epoch() const noexcept { return (samples() - 1) / batch_ * batch_; }
    [[nodiscard]] std::size_t samples_from(std::size_t first) const noexcept {
        return samples() - first < batch_ ? samples() - first : batch_;
    }
    void begin_epoch(int epoch) {
        if (epoch_ != epoch && !carries_)
            shuffle(order_, seed_, epoch - 1);
        else if (epoch_ == 0)
            order_stretches();
        epoch_ = epoch;
    }
    auto with_batch(std::size_t first, auto f) {
        return f(CarriedWindows<Model>{data_, states_.data(), burn_in_of(first), row_of(first)},
                 std::span<const std::uint32_t>{order_.data() + first, samples_from(first)});
    }

    /// Keeps the states that a batch begins with, and brings them back.
    void keep_states() { kept_ = states_; }
    void bring_back_states() {
        if (!kept_.empty())
            states_ = kept_;
    }

  private:
    static constexpr std::size_t lanes = native_lanes<typename Model::scalar>;

    [[nodiscard]] std::size_t row_of(std::size_t first) const noexcept {
        return carries_ ? first / batch_ : 0;
    }
    [[nodiscard]] int burn_in_of(std::size_t first) const noexcept {
        return row_of(first) > 0 ? 0 : burn_in_;
    }
    /// A batch has the next window of each stretch. All stretches are as long, or one window longer: these
    /// come first, so that only the last batch is smaller.
    void order_stretches() {
        const std::size_t shortest = samples() / batch_, longer = samples() % batch_;
        for (std::size_t i = 0; i < samples(); ++i) {
            const std::size_t stretch = i % batch_;
            order_[i] = static_cast<std::uint32_t>(stretch * shortest +
                                                   (stretch < longer ? stretch : longer) + i / batch_);
        }
    }

    const data::Recordings<Model>& data_;
    std::size_t batch_;
    seed seed_;
    std::vector<std::uint32_t> order_;
    std::vector<E> states_, kept_;
    int burn_in_ = 0, epoch_ = 0;
    bool carries_ = false;
};

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
